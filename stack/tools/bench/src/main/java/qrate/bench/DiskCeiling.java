package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import qrate.posix.SyncFs;

/// What the disk alone gives, with no server: the least that a delivery into a Maildir costs, and an append to a
/// journal.
///
/// A server that keeps its promises cannot be faster than this; one that is close to it has no more to gain on this
/// disk.
final class DiskCeiling {
    private static final byte[] MESSAGE = "x".repeat(1400).getBytes(US_ASCII);

    /// Mailboxes that take turns.
    private static final int MAILDIRS = 10;

    private final Path folder;

    DiskCeiling(Path folder) {
        this.folder = folder;
    }

    /// Measures on a folder's disk and tells.
    ///
    /// @param run whose folder and whose output
    static void tell(BenchRun run) throws IOException {
        Path folder = Files.createDirectories(run.root().resolve("ceiling"));
        DiskCeiling ceiling = new DiskCeiling(folder);
        run.out().printf("the disk alone: %.0f appends/s, each with its sync%n", ceiling.appends(run.messages() / 2));
        for (int shared : new int[] {1, 20, 100, 1000}) {
            run.out()
                    .printf(
                            "the disk alone: %.0f files/s made, written and renamed, %d to a sync%n",
                            ceiling.files(shared == 1 ? run.messages() / 2 : run.messages(), shared), shared);
        }
        run.out().println();
        run.out().flush();
    }

    /// Records of a message's size at the end of a file that has room, one fdatasync each.
    ///
    /// @return a second
    double appends(int records) throws IOException {
        Path journal = folder.resolve("journal");
        try (FileChannel file = FileChannel.open(journal, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(records * MESSAGE.length));
            file.force(true);
            file.position(0);
            long start = System.nanoTime();
            for (int i = 0; i < records; i++) {
                file.write(ByteBuffer.wrap(MESSAGE));
                file.force(false);
            }
            return records * 1e9 / (System.nanoTime() - start);
        } finally {
            Files.delete(journal);
        }
    }

    /// Deliveries as a Maildir wants them: a file in `tmp`, written, made durable, renamed into `new`.
    ///
    /// @param files how many
    /// @param shared how many become durable by one sync
    /// @return a second
    double files(int files, int shared) throws IOException {
        for (int box = 0; box < MAILDIRS; box++) {
            Files.createDirectories(maildir(box).resolve("tmp"));
            Files.createDirectories(maildir(box).resolve("new"));
        }
        Optional<SyncFs> all = SyncFs.of(folder);
        try {
            long start = System.nanoTime();
            for (int from = 0; from < files; from += shared) {
                int to = Math.min(files, from + shared);
                for (int i = from; i < to; i++) {
                    Files.write(maildir(i % MAILDIRS).resolve("tmp/" + i), MESSAGE);
                }
                sync(all, from, to);
                for (int i = from; i < to; i++) {
                    Path box = maildir(i % MAILDIRS);
                    Files.move(box.resolve("tmp/" + i), box.resolve("new/" + i), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            long nanos = System.nanoTime() - start;
            for (int i = 0; i < files; i++) {
                Files.delete(maildir(i % MAILDIRS).resolve("new/" + i));
            }
            return files * 1e9 / nanos;
        } finally {
            if (all.isPresent()) {
                all.get().close();
            }
        }
    }

    private void sync(Optional<SyncFs> all, int from, int to) throws IOException {
        if (all.isPresent()) {
            all.get().sync();
            return;
        }
        for (int i = from; i < to; i++) {
            try (FileChannel file =
                    FileChannel.open(maildir(i % MAILDIRS).resolve("tmp/" + i), StandardOpenOption.WRITE)) {
                file.force(true);
            }
        }
    }

    private Path maildir(int number) {
        return folder.resolve("box" + number);
    }
}
