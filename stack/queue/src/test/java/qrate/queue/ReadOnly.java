package qrate.queue;

import java.io.IOException;
import qrate.core.Disk;

/// A disk that was mounted read-only.
final class ReadOnly extends ForwardingDisk {
    ReadOnly(Disk disk) {
        super(disk);
    }

    private static IOException refusal() {
        return new IOException("Read-only file system");
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        throw refusal();
    }

    @Override
    public Appender create(String file) throws IOException {
        throw refusal();
    }

    @Override
    public Appender append(String file, long keep) throws IOException {
        throw refusal();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        throw refusal();
    }

    @Override
    public void delete(String file) throws IOException {
        throw refusal();
    }
}
