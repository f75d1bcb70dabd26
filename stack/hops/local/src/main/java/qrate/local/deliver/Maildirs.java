package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import qrate.core.Body;

/// How messages get into Maildirs: with notes in the daemon, without for one message by hand.
interface Maildirs {
    /// Whether this delivery into this Maildir needs no room any more, since it was made or noted before.
    boolean noted(Notes.Key key, String maildir);

    /// Delivers, unless it was done before.
    ///
    /// @param maildir relative to the disk
    /// @param make whether a missing Maildir is made
    /// @return whether the message is new here
    /// @throws IOException when it may not be there yet
    boolean deliver(Notes.Key key, String maildir, boolean make, Body body, long nowMillis) throws IOException;

    /// Cleans its `tmp` if it is time.
    void clean(Path maildir, Instant now);

    /// With notes.
    static Maildirs noting(MaildirDelivery delivery, TmpCleaner cleaner) {
        return new Maildirs() {
            @Override
            public boolean noted(Notes.Key key, String maildir) {
                return delivery.noted(key, maildir);
            }

            @Override
            public boolean deliver(Notes.Key key, String maildir, boolean make, Body body, long nowMillis)
                    throws IOException {
                return delivery.deliver(key, maildir, make, body, nowMillis);
            }

            @Override
            public void clean(Path maildir, Instant now) {
                cleaner.clean(maildir, now);
            }
        };
    }
}
