package qrate.core;

/// Hears each step on the way to a decision, for whoever wants it explained; the decision is the same without.
@FunctionalInterface
public interface Steps {
    /// @param text one line; addresses and replies in it come from strangers
    void say(String text);

    /// Nobody listens.
    static Steps none() {
        return _ -> {};
    }
}
