package qrate.directory;

import java.io.IOException;

/// Something could not be done now. What it says is for whoever asked: what happened, and what is saved.
public final class Trouble extends IOException {
    private static final long serialVersionUID = 1L;

    /// What is saved of a change.
    public enum Saved {
        /// nothing: it can be tried again as it is
        NOTHING,
        /// all of it, though not everybody reads it yet
        ALL,
        /// the database broke off while it saved
        UNKNOWN;

        /// Behind what happened.
        String words() {
            return switch (this) {
                case NOTHING -> "nothing was changed, try again";
                case ALL -> "the change is saved and is not to be made again";
                case UNKNOWN -> "whether it was saved is not known: look before you try again";
            };
        }
    }

    private final Saved saved;

    /// @param what happened, without a full stop
    public Trouble(String what, Saved saved, Throwable cause) {
        super(what + "; " + saved.words(), cause);
        this.saved = saved;
    }

    private Trouble(String sentence, Saved saved) {
        super(sentence);
        this.saved = saved;
    }

    /// One that another process had, in its words.
    static Trouble of(String sentence, Saved saved) {
        return new Trouble(sentence, saved);
    }

    /// What is saved of the change.
    public Saved saved() {
        return saved;
    }
}
