package qrate.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Symbolic links in a Maildir, followed within the mailbox: the Maildir, and the folder that holds it.
///
/// Its owner's programs may change links and folders meanwhile: the way to the file is gone again from folder to
/// folder by open handles, and past no further link.
final class Links {
    private Links() {}

    /// The file that a link leads to; empty when that is not in the mailbox, or not there, or not to be seen.
    static Optional<Path> target(Path maildir, Path link) {
        try {
            Path target = link.toRealPath();
            ground(maildir, target);
            return Optional.of(target);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Opens what a link leads to.
    ///
    /// @throws IOException when that is not in the mailbox
    static InputStream open(Path maildir, Path link) throws IOException {
        Path target = link.toRealPath();
        Path ground = ground(maildir, target);
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(ground)) {
            if (!(folder instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("this system opens no folders by their handles");
            }
            return open(secure, ground.relativize(target));
        }
    }

    private static InputStream open(SecureDirectoryStream<Path> folder, Path way) throws IOException {
        Path first = way.getName(0);
        if (way.getNameCount() > 1) {
            try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
                return open(next, way.subpath(1, way.getNameCount()));
            }
        }
        boolean file = folder.getFileAttributeView(first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isRegularFile();
        if (!file) {
            throw new FileSystemException(first.toString(), null, "not a file");
        }
        return Channels.newInputStream(
                folder.newByteChannel(first, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    private static Path ground(Path maildir, Path target) throws IOException {
        Path home = Objects.requireNonNull(maildir.toAbsolutePath().getParent()).toRealPath();
        if (target.startsWith(home) && !target.equals(home)) {
            return home;
        }
        Path real = maildir.toRealPath();
        if (target.startsWith(real) && !target.equals(real)) {
            return real;
        }
        throw new AccessDeniedException(target.toString(), null, "a link out of the mailbox is not followed");
    }
}
