package qrate.core;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The content of a message, header and all, with lines ended by LF alone (qmail-queue(8)); can be read again and
/// again.
public interface Body {
    /// Size in bytes.
    long size();

    /// Reads it from the start; the caller closes.
    InputStream open() throws IOException;

    /// A body in memory; the array is not copied.
    static Body of(byte[] content) {
        return new Body() {
            @Override
            public long size() {
                return content.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }

    /// A body in a file that stays as it is while the body is used.
    static Body of(Path file) throws IOException {
        long size = Files.size(file);
        return new Body() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
    }

    /// A body with a few lines put in front of it (Received, Return-Path, Delivered-To), each ended by LF.
    default Body prefixed(byte[] lines) {
        Body rest = this;
        return new Body() {
            @Override
            public long size() {
                return lines.length + rest.size();
            }

            @Override
            public InputStream open() throws IOException {
                return new java.io.SequenceInputStream(new ByteArrayInputStream(lines), rest.open());
            }
        };
    }
}
