package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// All that the queue and local delivery ask of a disk, so that tests can run both on a simulated one and stop it at
/// each step.
///
/// Names are relative, `/`-separated, without `.` or `..`. Nothing is durable before it is synced: a file's bytes by
/// {@link Appender#sync()}, a name (made, renamed, deleted) by {@link #syncFolder(String)} on the folder that
/// holds it.
/// A crash
/// keeps, loses or tears whatever was not. Every method may throw IOException (full, read-only, broken) and then
/// may or
/// may not
/// have had its effect.
public interface Disk {
    /// Makes a folder and its missing parents; nothing happens if it is there.
    void makeFolder(String folder) throws IOException;

    /// Makes a file that must not exist yet, and opens it for appending.
    Appender create(String file) throws IOException;

    /// Opens an existing file for appending after its first `keep` bytes; what stood behind them is cut off.
    ///
    /// @param keep bytes to keep, from 0 to the file's size
    Appender append(String file, long keep) throws IOException;

    /// Opens a file to read from an offset in bytes; the caller closes.
    ///
    /// @throws java.nio.file.NoSuchFileException when it is not there
    InputStream read(String file, long offset) throws IOException;

    /// Reads so many bytes at an offset, or what is left of the file from there.
    ///
    /// @param length most bytes
    /// @throws java.nio.file.NoSuchFileException when it is not there
    default byte[] read(String file, long offset, int length) throws IOException {
        try (InputStream in = read(file, offset)) {
            return in.readNBytes(length);
        }
    }

    /// Size in bytes.
    ///
    /// @throws java.nio.file.NoSuchFileException when it is not there
    long size(String file) throws IOException;

    /// Whether a file or folder of that name is there.
    boolean exists(String name) throws IOException;

    /// Names in a folder, sorted; empty when the folder is not there.
    List<String> list(String folder) throws IOException;

    /// Renames a file atomically, over an existing one if need be.
    ///
    /// @throws java.nio.file.NoSuchFileException when `from` is not there
    void rename(String from, String to) throws IOException;

    /// Deletes a file; nothing happens if it is not there.
    void delete(String file) throws IOException;

    /// Makes the names in a folder durable.
    void syncFolder(String folder) throws IOException;

    /// Whether {@link #syncAll} works here now. It costs less than many files and folders one by one, and more than
    /// one.
    default boolean canSyncAll() {
        return false;
    }

    /// Makes all that is on this disk durable, bytes and names.
    ///
    /// @throws IOException when some of it may not be; whose, cannot be told
    default void syncAll() throws IOException {
        throw new IOException("not on this disk");
    }

    /// An open file that only grows. Not for use by several threads at once.
    interface Appender extends AutoCloseable {
        /// Writes at the end.
        void write(byte[] bytes, int offset, int length) throws IOException;

        /// Writes at the end.
        default void write(byte[] bytes) throws IOException {
            write(bytes, 0, bytes.length);
        }

        /// Makes everything written so far durable (not the file's name).
        void sync() throws IOException;

        /// Has zeros stand behind the end from now on, up to so many bytes: a sync then need not
        /// write the file's size too, which costs more than the bytes. Closing cuts them off. A
        /// crash leaves some, and of bytes that were not synced it may leave zeros and others
        /// behind them.
        default void keepAhead(int bytes) {
            // an appender may do without
        }

        /// Size in bytes, with what was written so far, without zeros behind it.
        long size();

        @Override
        void close() throws IOException;
    }
}
