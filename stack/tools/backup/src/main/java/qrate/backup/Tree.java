package qrate.backup;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Walks a folder that others change meanwhile, from folder to folder by open handles and past no link.
///
/// A message of a Maildir may get another name at any time, from `new` to `cur` or by a flag. So `new` comes before
/// `cur`, `cur` is listed again as long as something in it went, and each message is taken once.
final class Tree {
    /// Most lists of one `cur`; who changes flags faster than it is copied has to wait for the next backup.
    private static final int LISTS_MAX = 10;

    private static final String NEW = "new";
    private static final String CUR = "cur";
    private static final String TMP = "tmp";

    /// What is done with what is found; names are relative to the state.
    interface Visitor {
        /// Whether it is left out, with all below it.
        boolean skips(Path name);

        void folder(Path name, PosixFileAttributes attributes) throws IOException;

        /// @param in the open folder that holds it
        /// @throws NoSuchFileException when it went meanwhile
        void file(SecureDirectoryStream<Path> in, Path name, PosixFileAttributes attributes) throws IOException;

        /// @param file the link itself
        void link(Path file, Path name, PosixFileAttributes attributes) throws IOException;
    }

    private final Path state;
    private final Visitor visitor;

    Tree(Path state, Visitor visitor) {
        this.state = state;
        this.visitor = visitor;
    }

    /// Walks one file or folder right below the state; nothing happens if it is not there.
    void walk(String top) throws IOException {
        try (DirectoryStream<Path> root = Files.newDirectoryStream(state)) {
            if (!(root instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("this system opens no folders by their handles");
            }
            one(secure, Path.of(top));
        }
    }

    /// @return whether it was there
    private boolean one(SecureDirectoryStream<Path> in, Path name) throws IOException {
        if (visitor.skips(name)) {
            return true;
        }
        Path last = name.getFileName();
        try {
            PosixFileAttributes attributes = in.getFileAttributeView(
                            last, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
            if (attributes.isDirectory()) {
                visitor.folder(name, attributes);
                try (SecureDirectoryStream<Path> folder = in.newDirectoryStream(last, LinkOption.NOFOLLOW_LINKS)) {
                    folder(folder, name);
                }
            } else if (attributes.isRegularFile()) {
                visitor.file(in, name, attributes);
            } else if (attributes.isSymbolicLink()) {
                visitor.link(state.resolve(name), name, attributes);
            } // sockets and pipes hold nothing
            return true;
        } catch (NoSuchFileException | NotDirectoryException _) {
            return false; // it went, or became something else
        }
    }

    private void folder(SecureDirectoryStream<Path> stream, Path name) throws IOException {
        List<Path> names = list(stream);
        Set<String> strings = new HashSet<>();
        names.forEach(each -> strings.add(each.toString()));
        if (!strings.containsAll(Set.of(NEW, CUR, TMP))) {
            for (Path each : names) {
                one(stream, name.resolve(each));
            }
            return;
        }
        Set<String> taken = new HashSet<>();
        messages(stream, name.resolve(NEW), taken);
        messages(stream, name.resolve(CUR), taken);
        for (Path each : names) {
            switch (each.toString()) {
                case NEW, CUR -> {
                    // done
                }
                case TMP -> visitor.folder(name.resolve(TMP), attributes(stream, each)); // nothing in it is whole
                default -> one(stream, name.resolve(each));
            }
        }
    }

    private static PosixFileAttributes attributes(SecureDirectoryStream<Path> in, Path name) throws IOException {
        return in.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /// @param taken what stays of the names when flags change
    private void messages(SecureDirectoryStream<Path> maildir, Path name, Set<String> taken) throws IOException {
        Path last = name.getFileName();
        visitor.folder(name, attributes(maildir, last));
        boolean again = true;
        for (int lists = 0; again && lists < LISTS_MAX; lists++) {
            again = false;
            try (SecureDirectoryStream<Path> folder = maildir.newDirectoryStream(last, LinkOption.NOFOLLOW_LINKS)) {
                for (Path each : list(folder)) {
                    String unique = Copies.unique(ManifestEntry.encode(each));
                    if (!taken.contains(unique)) {
                        if (one(folder, name.resolve(each))) {
                            taken.add(unique);
                        } else {
                            again = true;
                        }
                    }
                }
            }
        }
        // what went out of `new` is in `cur` now, or with its reader
    }

    private static List<Path> list(SecureDirectoryStream<Path> stream) throws IOException {
        List<Path> names = new ArrayList<>();
        try {
            stream.forEach(path -> names.add(path.getFileName()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }
}
