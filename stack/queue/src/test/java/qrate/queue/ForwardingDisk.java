package qrate.queue;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import qrate.core.Disk;

/// A disk in front of another, for one kind of fault each.
abstract class ForwardingDisk implements Disk {
    private final Disk disk;

    ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        disk.makeFolder(folder);
    }

    @Override
    public Appender create(String file) throws IOException {
        return disk.create(file);
    }

    @Override
    public Appender append(String file, long keep) throws IOException {
        return disk.append(file, keep);
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
        disk.rename(from, to);
    }

    @Override
    public void delete(String file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        disk.syncFolder(folder);
    }
}
