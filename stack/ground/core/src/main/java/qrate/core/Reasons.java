package qrate.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Why something failed, for whoever has to mend it. Java's own message is often the name of a file and no more.
public final class Reasons {
    private Reasons() {}

    /// A file's name and what is wrong with it, or the message, on one line that is safe to print ({@link Log#escape}).
    public static String of(IOException e) {
        return Log.escape(raw(e));
    }

    /// The same of the failure in it.
    public static String of(UncheckedIOException e) {
        return of(e.getCause());
    }

    private static String raw(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() == null && file.getFile() != null) {
            return file.getFile() + ": " + wrong(file);
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String wrong(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied: this user may not read or write it";
            case FileAlreadyExistsException _ -> "it is there already";
            case NotDirectoryException _ -> "it is no folder";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            case FileSystemLoopException _ -> "a loop of links";
            default -> e.getClass().getSimpleName();
        };
    }
}
