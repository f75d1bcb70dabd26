package qrate.snapshots;

/// A password of one program of a mailbox's owner, as it is published: what tells that it is right, and not itself.
///
/// @param id names it
/// @param pop whether it opens POP3
/// @param smtp whether it opens submission
/// @param salt what it was hashed with
/// @param digest of it and the salt, in hexadecimal
public record AppPassword(String id, boolean pop, boolean smtp, String salt, String digest) {
    private static final int WORDS = 4;

    /// Without what could be tried against.
    @Override
    public String toString() {
        return "AppPassword[" + id + "]";
    }

    /// As a field of a record: `ID DOORS SALT DIGEST`.
    String field() {
        return id + " " + (pop ? "p" : "") + (smtp ? "s" : "") + " " + salt + " " + digest;
    }

    /// The one in a field; of doors that it does not know it opens none, and more words are a later version's.
    ///
    /// @throws IllegalArgumentException when it holds none
    static AppPassword of(String field) {
        String[] words = field.split(" ", -1);
        if (words.length < WORDS) {
            throw new IllegalArgumentException("no app password");
        }
        return new AppPassword(words[0], words[1].contains("p"), words[1].contains("s"), words[2], words[3]);
    }
}
