package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import qrate.core.Log;
import qrate.local.plan.Homes;
import qrate.maildir.Maildir;

/// Cleans `tmp` of the Maildirs that get mail, each when its first message comes and then once in 36 hours.
final class TmpCleaner {
    /// Maildirs remembered; past this number all are forgotten and cleaned once more.
    static final int MAILDIRS_MAX = 100_000;

    private final Homes homes;
    private final Notes notes;
    private final Log log;
    private final Map<Path, Instant> cleaned = new ConcurrentHashMap<>();

    TmpCleaner(Homes homes, Notes notes, Log log) {
        this.homes = homes;
        this.notes = notes;
        this.log = log;
    }

    /// Cleans if it is time; what a note speaks of stays, however old.
    void clean(Path maildir, Instant now) {
        Instant last = cleaned.get(maildir);
        if (last != null && last.plus(Maildir.TMP_AGE_MAX).isAfter(now)) {
            return;
        }
        if (cleaned.size() >= MAILDIRS_MAX) {
            cleaned.clear();
        }
        cleaned.put(maildir, now);
        try {
            // a note that failed to be written may still be on disk, and then its file must be there
            notes.heal();
            String name = homes.onDisk(maildir);
            int deleted = Maildir.cleanTmp(maildir, now, file -> notes.speakOf(name, file));
            if (deleted > 0) {
                log.line("lspawn: cleaned: " + deleted + " old files in tmp of " + name);
            }
        } catch (IOException e) {
            log.line("lspawn: warning: cleaning tmp of " + maildir + ": " + e);
        }
    }
}
