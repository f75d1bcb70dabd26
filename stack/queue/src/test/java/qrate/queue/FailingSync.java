package qrate.queue;

import java.io.IOException;
import qrate.core.Disk;

/// Writes reach the disk, and its syncs may say that they failed.
final class FailingSync extends ForwardingDisk {
    private boolean syncs = true;

    FailingSync(Disk disk) {
        super(disk);
    }

    void syncs(boolean work) {
        syncs = work;
    }

    @Override
    public Appender create(String file) throws IOException {
        return new Failing(super.create(file));
    }

    @Override
    public Appender append(String file, long keep) throws IOException {
        return new Failing(super.append(file, keep));
    }

    private final class Failing implements Appender {
        private final Appender appender;

        Failing(Appender appender) {
            this.appender = appender;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            appender.write(bytes, offset, length);
        }

        @Override
        public void sync() throws IOException {
            if (!syncs) {
                throw new IOException("Input/output error");
            }
            appender.sync();
        }

        @Override
        public long size() {
            return appender.size();
        }

        @Override
        public void close() throws IOException {
            appender.close();
        }
    }
}
