package qrate.queue;

import java.io.IOException;
import qrate.core.Disk;
import qrate.testkit.ForwardingDisk;

/// A disk that was mounted read-only.
final class ReadOnly extends ForwardingDisk {
    ReadOnly(Disk disk) {
        super(disk);
    }

    @Override
    protected void around(Step step) throws IOException {
        throw new IOException("Read-only file system");
    }

    @Override
    public void syncFolder(String folder) {
        // nothing changes, so that there is nothing to sync
    }
}
