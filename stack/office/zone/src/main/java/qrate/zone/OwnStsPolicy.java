package qrate.zone;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DomainName;

/// What we tell others of TLS on the way to us (MTA-STS, RFC 8461 §3.2). It is the same for all our domains.
///
/// @param mode `testing`: others tell of failures and deliver all the same; `enforce`: they do not deliver
/// @param host the only one that mail may go to, in ASCII
public record OwnStsPolicy(Mode mode, String host) {
    /// Name of the host that serves it, before the domain (RFC 8461 §3.3).
    public static final String HOST_PREFIX = "mta-sts.";

    /// Where it is served there.
    public static final String PATH = "/.well-known/mta-sts.txt";

    /// How long others keep it: weeks when it counts (RFC 8461 §3.2), and a day while it may still be wrong.
    private static final Duration ENFORCED = Duration.ofDays(14);

    private static final Duration TESTED = Duration.ofDays(1);

    private static final int ID_CHARS = 20;

    /// How much it counts.
    public enum Mode {
        TESTING(TESTED),
        ENFORCE(ENFORCED);

        private final Duration kept;

        Mode(Duration kept) {
            this.kept = kept;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// As `mtasts` and `me` say.
    ///
    /// @return nothing when none is to be published
    /// @throws IOException when a control file cannot be read
    public static Optional<OwnStsPolicy> of(Control control) throws IOException {
        String host = DomainName.ascii(control.lineOrMe("me")).toLowerCase(Locale.ROOT);
        return switch (control.value(ControlFile.MTASTS)) {
            case "testing" -> Optional.of(new OwnStsPolicy(Mode.TESTING, host));
            case "enforce" -> Optional.of(new OwnStsPolicy(Mode.ENFORCE, host));
            case "off" -> Optional.empty();
            default -> throw new IOException("control/mtasts: neither testing nor enforce nor off");
        };
    }

    /// The policy as it is served, with CRLF at the ends of its lines.
    public String text() {
        return "version: STSv1\r\nmode: " + mode.word() + "\r\nmx: " + host + "\r\nmax_age: " + mode.kept.toSeconds()
                + "\r\n";
    }

    /// What changes with it: 20 letters and digits (RFC 8461 §3.1).
    public String id() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text().getBytes(US_ASCII));
            return HexFormat.of().formatHex(hash).substring(0, ID_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
