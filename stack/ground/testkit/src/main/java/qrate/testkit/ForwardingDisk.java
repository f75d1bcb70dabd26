package qrate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import qrate.core.Disk;

/// A disk in front of another, for one kind of fault each: every change is in the test's hands.
public abstract class ForwardingDisk implements Disk {
    private final Disk disk;

    /// @param disk the one behind
    protected ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    /// A change.
    @FunctionalInterface
    public interface Step {
        /// Makes it.
        void run() throws IOException;
    }

    /// Makes a change, or does not.
    protected void around(Step step) throws IOException {
        step.run();
    }

    /// Syncs a file, or does not.
    protected void aroundSync(Step sync) throws IOException {
        around(sync);
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        around(() -> disk.makeFolder(folder));
    }

    @Override
    public Appender create(String file) throws IOException {
        Appender[] made = new Appender[1];
        around(() -> made[0] = disk.create(file));
        return new ForwardingAppender(made[0]);
    }

    @Override
    public Appender append(String file, long keep) throws IOException {
        Appender[] made = new Appender[1];
        around(() -> made[0] = disk.append(file, keep));
        return new ForwardingAppender(made[0]);
    }

    @Override
    public InputStream read(String file, long offset) throws IOException {
        return disk.read(file, offset);
    }

    @Override
    public long size(String file) throws IOException {
        return disk.size(file);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return disk.exists(name);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        around(() -> disk.rename(from, to));
    }

    @Override
    public void delete(String file) throws IOException {
        around(() -> disk.delete(file));
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        around(() -> disk.syncFolder(folder));
    }

    @Override
    public boolean canSyncAll() {
        return disk.canSyncAll();
    }

    @Override
    public void syncAll() throws IOException {
        aroundSync(disk::syncAll);
    }

    private final class ForwardingAppender implements Appender {
        private final Appender appender;

        ForwardingAppender(Appender appender) {
            this.appender = appender;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            around(() -> appender.write(bytes, offset, length));
        }

        @Override
        public void sync() throws IOException {
            aroundSync(appender::sync);
        }

        @Override
        public void keepAhead(int bytes) {
            appender.keepAhead(bytes);
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
