package qrate.zone.clients;

import java.util.Locale;

/// A service that mail programs use, best first: TLS from the start before TLS by command (RFC 8314 §3).
public enum MailService {
    SUBMISSIONS(465, true),
    SUBMISSION(587, false),
    POP3S(995, true),
    POP3(110, false);

    private final int port;
    private final boolean tlsAtOnce;

    MailService(int port, boolean tlsAtOnce) {
        this.port = port;
        this.tlsAtOnce = tlsAtOnce;
    }

    /// Where the world reaches it.
    public int port() {
        return port;
    }

    /// Whether TLS begins with the connection; else by STARTTLS or STLS, before any password.
    public boolean tlsAtOnce() {
        return tlsAtOnce;
    }

    /// Whether mail is read there; else it is sent.
    public boolean reads() {
        return this == POP3S || this == POP3;
    }

    /// Its name (RFC 6335), as in `_pop3s._tcp`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
