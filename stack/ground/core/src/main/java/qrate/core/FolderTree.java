package qrate.core;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Objects;

/// Removes a folder with all that is in it, where others may rename what is below while that goes on: it goes by open
/// folders, and follows no link.
public final class FolderTree {
    /// Further looks at a folder that was not empty after all.
    private static final int LOOKS_MAX = 100;

    private FolderTree() {}

    /// Removes whatever is there, durably; nothing happens when it is gone already.
    ///
    /// @param path not the root
    public static void remove(Path path) throws IOException {
        Path parent = Objects.requireNonNull(path.toAbsolutePath().getParent());
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
            if (!(stream instanceof SecureDirectoryStream<Path> folder)) {
                throw new IOException("this system cannot remove folders safely");
            }
            remove(folder, Objects.requireNonNull(path.getFileName()));
        } catch (NoSuchFileException _) {
            return;
        }
        DurableFile.syncFolder(parent);
    }

    /// A session of its owner may take files away meanwhile, or put one where this has been already.
    private static void remove(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        for (int more = LOOKS_MAX; ; more--) {
            try {
                removeOnce(parent, name);
                return;
            } catch (NoSuchFileException _) {
                return; // this one, since each below has its own look
            } catch (DirectoryNotEmptyException e) {
                if (more == 0) {
                    throw e;
                }
            }
        }
    }

    private static void removeOnce(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        boolean isFolder = parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
        if (!isFolder) {
            parent.deleteFile(name);
            return;
        }
        try (SecureDirectoryStream<Path> folder = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : folder) {
                remove(folder, Objects.requireNonNull(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        parent.deleteDirectory(name);
    }
}
