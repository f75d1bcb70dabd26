package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import qrate.core.Body;

/// How messages get into Maildirs: with notes in the daemon, without for one message by hand.
interface Maildirs {
    /// A delivery into a Maildir.
    ///
    /// @param maildir relative to the disk
    /// @param make whether a missing Maildir is made
    record Posting(Notes.Key key, String maildir, boolean make, Body body, long nowMillis) {}

    /// What came of it.
    sealed interface Outcome {
        /// The message is there.
        ///
        /// @param fresh whether it was not before
        record There(boolean fresh) implements Outcome {}

        /// It may not be there yet; a later attempt completes it.
        record Failed(IOException why) implements Outcome {}

        /// Whether the message is new there.
        ///
        /// @throws IOException when it failed
        static boolean fresh(Outcome outcome) throws IOException {
            return switch (outcome) {
                case There(var fresh) -> fresh;
                case Failed(var why) -> throw why;
            };
        }
    }

    /// Whether this delivery into this Maildir needs no room any more, since it was made or noted before.
    boolean noted(Notes.Key key, String maildir);

    /// Delivers those that were not delivered before; what there is to wait for, together.
    ///
    /// @return one outcome each, in their order
    List<Outcome> deliver(List<Posting> postings);

    /// Delivers one by itself.
    ///
    /// @return whether the message is new there
    /// @throws IOException when it may not be there yet
    default boolean deliver(Posting posting) throws IOException {
        return Outcome.fresh(deliver(List.of(posting)).getFirst());
    }

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
            public List<Outcome> deliver(List<Posting> postings) {
                return delivery.deliver(postings);
            }

            @Override
            public void clean(Path maildir, Instant now) {
                cleaner.clean(maildir, now);
            }
        };
    }
}
