package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.core.DomainName;

/// The tags that DKIM-Signature, ARC-Message-Signature and ARC-Seal have in common, each read as its syntax
/// wants it (RFC 6376 §3.5, RFC 8617 §4.1). Domains come back in ASCII, lower case.
public final class SignatureTags {
    /// Longest domain name in characters (RFC 1035 §2.3.4).
    private static final int NAME_CHARS_MAX = 253;

    private static final int LABEL_CHARS_MAX = 63;
    private static final int TIME_DIGITS_MAX = 12;
    private static final int LENGTH_DIGITS_MAX = 76;

    private final TagList tags;

    private SignatureTags(TagList tags) {
        this.tags = tags;
    }

    /// Reads a field.
    ///
    /// @param raw with its name; lines end with LF
    public static SignatureTags of(String raw) throws MalformedField {
        return new SignatureTags(TagList.ofField(raw));
    }

    /// The list itself.
    public TagList list() {
        return tags;
    }

    /// `a=`.
    ///
    /// @throws MalformedField for one that is not known, rsa-sha1 among them (RFC 8301 §3.1)
    public Algorithm algorithm() throws MalformedField {
        String tag = tags.required("a").toLowerCase(Locale.ROOT);
        for (Algorithm each : Algorithm.values()) {
            if (each.tag().equals(tag)) {
                return each;
            }
        }
        throw new MalformedField("the algorithm in a= is not known");
    }

    /// `d=`: two labels at least, since no top-level domain signs mail (RFC 6376 §8.14).
    public String domain() throws MalformedField {
        String domain = name(tags.requiredText("d"), "d=");
        if (domain.indexOf('.') < 0) {
            throw new MalformedField("d= is a top-level domain");
        }
        return domain;
    }

    /// `s=`.
    public String selector() throws MalformedField {
        return name(tags.requiredText("s"), "s=");
    }

    static String name(String text, String tag) throws MalformedField {
        String name = DomainName.ascii(text);
        int label = 0;
        boolean good = !name.isEmpty() && name.length() <= NAME_CHARS_MAX;
        for (int i = 0; i < name.length() && good; i++) {
            char c = name.charAt(i);
            label = c == '.' ? 0 : label + 1;
            boolean fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            boolean last = i + 1 == name.length() || name.charAt(i + 1) == '.';
            boolean edge = c == '-' && (label == 1 || last);
            good = fits && !edge && label <= LABEL_CHARS_MAX && !(c == '.' && (i == 0 || last));
        }
        if (!good) {
            throw new MalformedField(tag + " is no domain name");
        }
        return name;
    }

    /// `i=` of DKIM: `@` and a domain, maybe with a local part; where it is missing, that of `d=` (RFC 6376
    /// §6.1.1).
    ///
    /// @return the domain behind the `@`
    /// @throws MalformedField when that is neither `d=` nor below it
    String identityDomain() throws MalformedField {
        String domain = domain();
        String identity = tags.value("i").orElse("@" + domain);
        String text = new String(identity.getBytes(ISO_8859_1), UTF_8);
        int at = text.lastIndexOf('@');
        if (at < 0) {
            throw new MalformedField("i= has no @");
        }
        String found = name(text.substring(at + 1), "the domain in i=");
        if (!found.equals(domain) && !found.endsWith("." + domain)) {
            throw new MalformedField("i= is not of the domain in d=");
        }
        return found;
    }

    /// `h=`, which must name From (RFC 6376 §6.1.1).
    public List<String> names() throws MalformedField {
        tags.required("h");
        List<String> names = tags.parts("h");
        for (String name : names) {
            if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new MalformedField("h= has what is no name of a field");
            }
        }
        if (names.stream().noneMatch("from"::equalsIgnoreCase)) {
            throw new MalformedField("From is not signed");
        }
        return names;
    }

    /// Whether `c=` says relaxed for the header.
    public boolean relaxedHeader() throws MalformedField {
        return canonicalization()[0];
    }

    /// The hash of the body that `c=` and `l=` ask for.
    public BodyHash body() throws MalformedField {
        boolean relaxed = canonicalization()[1];
        Optional<Long> length = tags.number("l", LENGTH_DIGITS_MAX);
        return new BodyHash(
                relaxed, length.map(l -> Math.min(l, BodyHash.WHOLE - 1)).orElse(BodyHash.WHOLE));
    }

    private boolean[] canonicalization() throws MalformedField {
        String both = tags.value("c").orElse("simple/simple").toLowerCase(Locale.ROOT);
        int slash = both.indexOf('/');
        String header = slash < 0 ? both : both.substring(0, slash);
        String body = slash < 0 ? "simple" : both.substring(slash + 1);
        return new boolean[] {relaxed(header), relaxed(body)};
    }

    private static boolean relaxed(String text) throws MalformedField {
        return switch (text) {
            case "relaxed" -> true;
            case "simple" -> false;
            default -> throw new MalformedField("the canonicalization in c= is not known");
        };
    }

    /// `bh=`: 32 bytes.
    public byte[] bodyHash() throws MalformedField {
        byte[] hash = tags.base64("bh");
        if (hash.length != Algorithm.sha256().getDigestLength()) {
            throw new MalformedField("bh= is no SHA-256 hash");
        }
        return hash;
    }

    /// `b=`: not empty.
    public byte[] signature() throws MalformedField {
        tags.required("b");
        return tags.base64("b");
    }

    /// Checks `q=`: nobody asks for keys but by DNS; other ways are passed over (RFC 6376 §3.5).
    void query() throws MalformedField {
        List<String> ways = tags.parts("q");
        if (!ways.isEmpty() && ways.stream().noneMatch("dns/txt"::equalsIgnoreCase)) {
            throw new MalformedField("q= has no way that is known");
        }
    }

    /// `t=` in seconds since 1970; 0 where it is missing.
    long made() throws MalformedField {
        return tags.number("t", TIME_DIGITS_MAX).orElse(0L);
    }

    /// `x=` likewise; as late as can be where it is missing.
    long over() throws MalformedField {
        return tags.number("x", TIME_DIGITS_MAX).orElse(Long.MAX_VALUE);
    }
}
