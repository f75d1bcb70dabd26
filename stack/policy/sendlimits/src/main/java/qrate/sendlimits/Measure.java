package qrate.sendlimits;

import java.util.Locale;

/// What is counted.
enum Measure {
    MESSAGES(1000, "messages"),
    RECIPIENTS(2000, "recipients"),
    /// recipients that failed for good
    BOUNCES(200, "recipients that failed"),
    /// networks that messages came from: /24, or /48 of IPv6
    NETWORKS(30, "networks that it sent from");

    private final int usual;
    private final String text;

    Measure(int usual, String text) {
        this.usual = usual;
        this.text = text;
    }

    /// Most in an hour where nobody says otherwise: what an office does not reach, and a hijacked account soon does.
    int usual() {
        return usual;
    }

    /// As it stands in the control file.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As it stands in a reason.
    String text() {
        return text;
    }
}
