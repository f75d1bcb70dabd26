package qrate.dkim;

/// A signature or a key record that does not say what it must; the message says why, for people.
public final class MalformedField extends Exception {
    private static final long serialVersionUID = 1;

    /// @param why in words, with nothing of the field in it
    public MalformedField(String why) {
        super(why);
    }
}
