package qrate.queue;

import java.io.IOException;
import qrate.core.Disk;
import qrate.testkit.ForwardingDisk;

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
    protected void aroundSync(Step sync) throws IOException {
        if (!syncs) {
            throw new IOException("Input/output error");
        }
        sync.run();
    }
}
