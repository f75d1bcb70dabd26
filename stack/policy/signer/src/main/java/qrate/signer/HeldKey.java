package qrate.signer;

import qrate.dkim.SigningKey;

/// What others are told of a key.
///
/// @param key its names
/// @param state what it is for now
/// @param record what stands in DNS of it, in TXT at {@link #place}
public record HeldKey(SigningKey key, State state, String record) {
    private static final int TAGS_MAX = 50;

    /// What a key is for.
    public enum State {
        /// nobody has seen its record in DNS: it does not sign yet
        WAITS,
        /// what is sent now is signed with it
        SIGNS,
        /// another one signs; what was sent lately still needs its record
        RESTS
    }

    /// The name that its record has in DNS.
    public String place() {
        return key.selector() + "._domainkey." + key.domain();
    }

    /// Whether a text of DNS publishes this key, with whatever else it says.
    public boolean isPublishedBy(String text) {
        return published(text).equals(published(record));
    }

    /// What stands behind `p=`, without the blanks that people put in it; empty where there is nothing.
    private static String published(String text) {
        for (String tag : text.split(";", TAGS_MAX)) {
            String bare = tag.replaceAll("\\s", "");
            if (bare.startsWith("p=")) {
                return bare.substring(2);
            }
        }
        return "";
    }
}
