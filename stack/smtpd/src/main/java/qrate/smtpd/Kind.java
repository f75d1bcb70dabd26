package qrate.smtpd;

/// Which door this is.
public enum Kind {
    /// Port 25: anyone may bring mail for us.
    MX,
    /// Port 587: users only, STARTTLS first (RFC 6409).
    SUBMISSION,
    /// Port 465: users only, TLS from the first byte (RFC 8314).
    SUBMISSIONS;

    boolean loginRequired() {
        return this != MX;
    }
}
