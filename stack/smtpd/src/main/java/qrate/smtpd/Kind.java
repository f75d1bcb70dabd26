package qrate.smtpd;

/// Which door this is.
public enum Kind {
    /// Port 25: anyone may bring mail for us.
    MX("smtp"),
    /// Port 587: users only, STARTTLS first (RFC 6409).
    SUBMISSION("submission"),
    /// Port 465: users only, TLS from the first byte (RFC 8314).
    SUBMISSIONS("smtps");

    private final String door;

    Kind(String door) {
        this.door = door;
    }

    /// As {@link qrate.core.Client#door()} names it.
    String door() {
        return door;
    }

    boolean loginRequired() {
        return this != MX;
    }
}
