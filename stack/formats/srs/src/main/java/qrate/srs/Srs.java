package qrate.srs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import qrate.core.DomainName;

/// Makes and takes back rewritten reverse-paths. For many threads.
public final class Srs {
    /// Days for which a bounce usually finds its way back.
    public static final int AGE_DAYS_USUAL = 21;

    /// Longest local part that is made, in bytes (RFC 5321 §4.5.3.1.1).
    public static final int LOCAL_BYTES_MAX = 64;

    /// Longest address that is looked at, in bytes.
    public static final int ADDRESS_BYTES_MAX = 512;

    /// Characters of a hash.
    static final int HASH_CHARS = 4;

    /// Shortest secret, in bytes.
    static final int SECRET_BYTES_MIN = 8;

    private static final int AGE_DAYS_MAX = 365; // their letters come round after some three years
    private static final String DAY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int DAY_SLOTS = 1_024; // two letters of five bits
    private static final int DAY_CHARS = 2;
    private static final String FIRST = "SRS0";
    private static final String AGAIN = "SRS1";
    private static final String SEPARATORS = "=-+";

    private final String domain;
    private final List<byte[]> secrets;
    private final int days;
    private final Predicate<String> ours;
    private final InstantSource clock;

    /// What makes an address ours.
    ///
    /// @param secrets at least one; the first signs, all verify, so that an old one can go after so many days
    /// @param days for which a bounce finds its way back, from 1 to 365
    public record Terms(List<String> secrets, int days) {
        /// @throws IllegalArgumentException when there is no secret or one of less than 8 bytes, or for other days
        public Terms {
            secrets = List.copyOf(secrets);
            if (secrets.isEmpty() || secrets.stream().anyMatch(one -> one.getBytes(UTF_8).length < SECRET_BYTES_MIN)) {
                throw new IllegalArgumentException("SRS needs a secret of at least " + SECRET_BYTES_MIN + " bytes");
            }
            if (days < 1 || days > AGE_DAYS_MAX) {
                throw new IllegalArgumentException("SRS leads back for 1 to " + AGE_DAYS_MAX + " days");
            }
        }
    }

    /// @param domain ours, to which bounces come back
    /// @param ours whether a domain, in lower case and A-labels, is ours: its addresses stay as they are
    public Srs(String domain, Terms terms, Predicate<String> ours, InstantSource clock) {
        this.domain = domain;
        this.secrets = terms.secrets.stream().map(one -> one.getBytes(UTF_8)).toList();
        this.days = terms.days;
        this.ours = ours;
        this.clock = clock;
    }

    /// The reverse-path of what is sent on.
    ///
    /// @param reversePath without brackets and quotes; empty for nobody
    public SrsResult forward(String reversePath) {
        int at = reversePath.lastIndexOf('@');
        if (at < 0) {
            return new SrsResult.Unchanged(reversePath.isEmpty() ? "a bounce has no sender" : "it has no domain");
        }
        String local = reversePath.substring(0, at);
        String host = DomainName.ascii(reversePath.substring(at + 1));
        if (host.equals(DomainName.ascii(domain)) || ours.test(host)) {
            return new SrsResult.Unchanged(host + " is ours");
        }
        if (local.isEmpty() || host.isEmpty() || host.indexOf('=') >= 0 || isTooLong(reversePath)) {
            return new SrsResult.Refused("it is no address that can be rewritten");
        }
        String made = made(local, host);
        int bytes = made.getBytes(UTF_8).length;
        return bytes > LOCAL_BYTES_MAX
                ? new SrsResult.Refused("its local part would have " + bytes + " bytes, and " + LOCAL_BYTES_MAX
                        + " are allowed (RFC 5321 §4.5.3.1.1)")
                : new SrsResult.Changed(made + "@" + domain);
    }

    private String made(String local, String host) {
        String rest = is(FIRST, local) ? local.substring(FIRST.length()) : "";
        if (isOpaque(rest)) { // kept with its separator: the first hop chose it
            return AGAIN + "=" + hash(secrets.getFirst(), host + rest) + "=" + host + "=" + rest;
        }
        if (is(AGAIN, local)) {
            String[] parts = local.substring(AGAIN.length() + 1).split("=", 3);
            if (parts.length == 3 && !parts[1].isEmpty() && isOpaque(parts[2])) {
                return AGAIN + "=" + hash(secrets.getFirst(), parts[1] + parts[2]) + "=" + parts[1] + "=" + parts[2];
            }
        }
        String day = day(today());
        return FIRST + "=" + hash(secrets.getFirst(), day + host + local) + "=" + day + "=" + host + "=" + local;
    }

    /// Whom a bounce is for.
    ///
    /// @param recipient in our domain, without brackets and quotes
    public SrsResult reverse(String recipient) {
        int at = recipient.lastIndexOf('@');
        String local = at < 0 ? recipient : recipient.substring(0, at);
        boolean first = is(FIRST, local);
        if (!isRewritten(local)) {
            return new SrsResult.Unchanged("it is no rewritten address");
        }
        if (isTooLong(recipient)) {
            return new SrsResult.Refused("it is too long");
        }
        String rest = local.substring(FIRST.length() + 1);
        return first ? reversedFirst(rest.split("=", 4)) : reversedAgain(rest.split("=", 3));
    }

    private SrsResult reversedFirst(String[] parts) {
        if (parts.length < 4 || parts[2].isEmpty() || parts[3].isEmpty()) {
            return new SrsResult.Refused("it lacks a hash, a day, a host or a name");
        }
        if (!isSigned(parts[0], parts[1] + parts[2] + parts[3])) {
            return new SrsResult.Refused("its hash is wrong: we did not make it");
        }
        return isFresh(parts[1])
                ? new SrsResult.Changed(parts[3] + "@" + parts[2])
                : new SrsResult.Refused("it is older than " + days + " days");
    }

    /// To the first who forwarded, who knows of whom it had the message, and how long ago.
    private SrsResult reversedAgain(String[] parts) {
        if (parts.length < 3 || parts[1].isEmpty() || !isOpaque(parts[2])) {
            return new SrsResult.Refused("it lacks a hash, a host or a name");
        }
        return isSigned(parts[0], parts[1] + parts[2])
                ? new SrsResult.Changed(FIRST + parts[2] + "@" + parts[1])
                : new SrsResult.Refused("its hash is wrong: we did not make it");
    }

    /// Whether a local part looks like one that somebody rewrote.
    public static boolean isRewritten(String local) {
        return is(FIRST, local) || is(AGAIN, local);
    }

    private static boolean is(String tag, String local) {
        return local.regionMatches(true, 0, tag, 0, tag.length())
                && local.length() > tag.length()
                && SEPARATORS.indexOf(local.charAt(tag.length())) >= 0;
    }

    /// A separator and something behind it.
    private static boolean isOpaque(String rest) {
        return rest.length() > 1 && SEPARATORS.indexOf(rest.charAt(0)) >= 0;
    }

    private static boolean isTooLong(String address) {
        return address.length() > ADDRESS_BYTES_MAX || address.getBytes(UTF_8).length > ADDRESS_BYTES_MAX;
    }

    private boolean isSigned(String hash, String text) {
        byte[] theirs = hash.toLowerCase(Locale.ROOT).getBytes(UTF_8);
        boolean signed = false;
        for (byte[] secret : secrets) {
            byte[] good = hash(secret, text).toLowerCase(Locale.ROOT).getBytes(UTF_8);
            signed |= MessageDigest.isEqual(good, theirs);
        }
        return signed;
    }

    private static String hash(byte[] secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] sum = mac.doFinal(lower(text).getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(sum).substring(0, HASH_CHARS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }

    /// Of ASCII alone, as the others do it.
    private static String lower(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            out.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
        }
        return out.toString();
    }

    private int today() {
        return Math.floorMod(ChronoUnit.DAYS.between(Instant.EPOCH, clock.instant()), DAY_SLOTS);
    }

    private static String day(int slot) {
        int letters = DAY_LETTERS.length();
        return "" + DAY_LETTERS.charAt(slot / letters) + DAY_LETTERS.charAt(slot % letters);
    }

    private boolean isFresh(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.length() != DAY_CHARS) {
            return false;
        }
        int high = DAY_LETTERS.indexOf(upper.charAt(0));
        int low = DAY_LETTERS.indexOf(upper.charAt(1));
        int age = Math.floorMod(today() - (high * DAY_LETTERS.length() + low), DAY_SLOTS);
        return high >= 0 && low >= 0 && age <= days;
    }
}
