package qrate.local.deliver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.maildir.Maildir;
import qrate.maildir.MaildirName;

/// Delivers one message into Maildirs as maildir(5) says: written and synced in `tmp`, then renamed to `new`.
///
/// Nobody keeps a note, so a repeated delivery is a second message.
///
/// @param host a name of this system
/// @param process sets the names of two deliveries of one moment apart
record HandMaildirs(Disk disk, String host, long process, Log log) implements Maildirs {
    private static final int BUFFER_BYTES = 64 << 10;

    @Override
    public boolean noted(Notes.Key key, String maildir) {
        return false;
    }

    @Override
    public List<Outcome> deliver(List<Posting> postings) {
        return postings.stream().map(this::outcome).toList();
    }

    private Outcome outcome(Posting posting) {
        try {
            put(posting.maildir(), posting.make(), posting.body(), posting.nowMillis());
            return new Outcome.There(true);
        } catch (IOException e) {
            return new Outcome.Failed(e);
        }
    }

    private void put(String maildir, boolean make, Body body, long nowMillis) throws IOException {
        String name = nowMillis / 1000 + ".P" + process + "M" + System.nanoTime() + "." + MaildirName.escape(host)
                + MaildirName.sizes(body);
        String temporary = maildir + "/tmp/" + name;
        try (Disk.Appender appender = create(maildir, temporary, make);
                InputStream in = body.open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                appender.write(buffer, 0, length);
            }
            appender.sync();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            try {
                disk.delete(temporary);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        disk.rename(temporary, maildir + "/new/" + name);
        disk.syncFolder(maildir + "/new");
    }

    private Disk.Appender create(String maildir, String file, boolean make) throws IOException {
        try {
            return disk.create(file);
        } catch (NoSuchFileException e) {
            if (!Maildir.mayMake(disk, maildir, make)) {
                throw e;
            }
            Maildir.make(disk, maildir);
            return disk.create(file);
        }
    }

    @Override
    public void clean(Path maildir, Instant now) {
        try {
            Maildir.cleanTmp(maildir, now, _ -> false);
        } catch (IOException e) {
            log.line("qmail-local: warning: cleaning tmp of " + maildir + ": " + e);
        }
    }
}
