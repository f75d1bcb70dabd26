package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Disk;

/// The files of one list. Whoever changes some holds the list's lock.
final class ListFolder {
    /// Largest file read into memory, in bytes.
    static final int FILE_BYTES_MAX = 16 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Disk disk;

    /// @param disk whose root is the list's folder
    ListFolder(Disk disk) {
        this.disk = disk;
    }

    boolean has(String name) throws IOException {
        return disk.exists(name);
    }

    /// A whole file; empty when it is not there.
    Optional<byte[]> read(String name) throws IOException {
        try (InputStream in = disk.read(name, 0)) {
            byte[] content = in.readNBytes(FILE_BYTES_MAX + 1);
            if (content.length > FILE_BYTES_MAX) {
                throw new IOException(name + ": larger than " + FILE_BYTES_MAX + " bytes");
            }
            return Optional.of(content);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    Optional<String> text(String name) throws IOException {
        return read(name).map(content -> new String(content, UTF_8));
    }

    /// The first line without blanks around it; empty when there is none.
    Optional<String> line(String name) throws IOException {
        return text(name)
                .flatMap(text -> text.lines().findFirst())
                .map(String::strip)
                .filter(line -> !line.isEmpty());
    }

    /// A number in a file's first line, up to a `:`; 0 when the file is not there.
    ///
    /// @throws IOException when it holds something else
    long number(String name) throws IOException {
        String line = line(name).orElse("0");
        String digits = line.indexOf(':') < 0 ? line : line.substring(0, line.indexOf(':'));
        if (!digits.matches("[0-9]{1,18}")) {
            throw new IOException(name + ": not a number");
        }
        return Long.parseLong(digits);
    }

    /// A file as a body that can be read again and again while nobody changes it.
    Body body(String name) throws IOException {
        long size = disk.size(name);
        return new Body() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return disk.read(name, 0);
            }
        };
    }

    List<String> list(String folder) throws IOException {
        return disk.list(folder).stream().filter(name -> !name.startsWith(".")).toList();
    }

    void write(String name, String content) throws IOException {
        write(name, Body.of(content.getBytes(UTF_8)));
    }

    /// Puts content in a file's place: after a crash the old is there or the new, and the new once this returned.
    void write(String name, Body content) throws IOException {
        int slash = name.lastIndexOf('/');
        String folder = slash < 0 ? "" : name.substring(0, slash);
        String temporary = name.substring(0, slash + 1) + "." + name.substring(slash + 1) + ".new";
        if (!folder.isEmpty() && !disk.exists(folder)) {
            disk.makeFolder(folder);
            int up = folder.lastIndexOf('/');
            disk.syncFolder(up < 0 ? "" : folder.substring(0, up));
        }
        disk.delete(temporary); // left behind by a crash
        try (Disk.Appender out = disk.create(temporary);
                InputStream in = content.open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
            out.sync();
        }
        disk.rename(temporary, name);
        disk.syncFolder(folder);
    }

    void delete(String name) throws IOException {
        disk.delete(name);
        int slash = name.lastIndexOf('/');
        disk.syncFolder(slash < 0 ? "" : name.substring(0, slash));
    }
}
