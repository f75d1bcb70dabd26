package qrate.dkim;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.dkim.DkimResult.Claimed;
import qrate.message.Field;
import qrate.message.Header;

/// Checks the DKIM signatures of a message (RFC 6376 §6.1).
public final class Verifier {
    private static final String FIELD = "dkim-signature";

    /// Characters of `b=` that are told of at least, where it has them (RFC 6008 §4).
    private static final int B_CHARS_MIN = 8;

    private static final int TEXT_CHARS_MAX = 320;

    private Verifier() {}

    /// A signature that says what it must.
    private record Signed(
            Field field,
            SignatureTags tags,
            Algorithm algorithm,
            Inquiry.KeyName key,
            BodyHash body,
            byte[] bodyHash) {}

    /// Which hashes of the body the signatures of a header need.
    public static List<BodyHash> wanted(Header header, Limits limits) {
        List<BodyHash> wanted = new ArrayList<>();
        header.named(FIELD).stream().limit(limits.signatures()).forEach(field -> {
            try {
                wanted.add(SignatureTags.of(field.raw()).body());
            } catch (MalformedField _) {
                // it is told when it is checked
            }
        });
        return wanted;
    }

    /// Checks the signatures, the one on top first, up to the limit.
    ///
    /// @param content read with {@link #wanted} asked for
    /// @return one for each that was looked at, and one for all others; none for a message without any
    public static List<DkimResult> verify(Content content, Inquiry inquiry) {
        if (content.header().cut()) {
            return List.of(new DkimResult.Policy(Claimed.NOTHING, "the header is too long to be looked at"));
        }
        List<Field> fields = content.named(FIELD);
        int most = inquiry.limits().signatures();
        List<String> signatures = fields.stream().limit(most).map(Verifier::b).toList();
        List<DkimResult> results = new ArrayList<>();
        for (int i = 0; i < signatures.size(); i++) {
            results.add(verify(fields.get(i), shortest(signatures, i), content, inquiry));
        }
        if (fields.size() > most) {
            String why = (fields.size() - most) + " more signatures, of which none is looked at";
            results.add(new DkimResult.Policy(Claimed.NOTHING, why));
        }
        return results;
    }

    private static DkimResult verify(Field field, String b, Content content, Inquiry inquiry) {
        Claimed claimed = claimed(field, b);
        Signed signed;
        try {
            if (TagList.ofField(field.raw()).value("a").orElse("").equalsIgnoreCase("rsa-sha1")) {
                return new DkimResult.Policy(claimed, "rsa-sha1 counts no more (RFC 8301)");
            }
            signed = read(field);
        } catch (MalformedField e) {
            return new DkimResult.Neutral(claimed, e.getMessage());
        }
        try {
            inquiry.checkTimes(signed.tags);
        } catch (MalformedField e) {
            return new DkimResult.PermanentError(claimed, e.getMessage());
        }
        Optional<byte[]> hash = content.hash(signed.body);
        if (hash.isEmpty()) {
            return new DkimResult.Policy(claimed, "too many different hashes of one body");
        }
        long all = content.bodyBytes(signed.body.relaxed());
        long uncovered = signed.body.length() == BodyHash.WHOLE ? 0 : all - signed.body.length();
        if (uncovered < 0) {
            return new DkimResult.Fail(claimed, 0, false, "l= is more than the body has");
        }
        if (!MessageDigest.isEqual(hash.get(), signed.bodyHash)) {
            return new DkimResult.Fail(claimed, 0, false, "body hash did not verify");
        }
        return checked(signed, claimed, uncovered, content, inquiry);
    }

    private static Signed read(Field field) throws MalformedField {
        SignatureTags tags = SignatureTags.of(field.raw());
        if (!tags.list().required("v").equals("1")) {
            throw new MalformedField("its version is not known");
        }
        Algorithm algorithm = tags.algorithm();
        tags.signature();
        tags.names();
        tags.query();
        Inquiry.KeyName key = new Inquiry.KeyName(tags.domain(), tags.selector(), tags.identityDomain());
        return new Signed(field, tags, algorithm, key, tags.body(), tags.bodyHash());
    }

    private static DkimResult checked(
            Signed signed, Claimed claimed, long uncovered, Content content, Inquiry inquiry) {
        Inquiry.Check check;
        try {
            SignatureTags tags = signed.tags;
            List<Field> fields = HeaderHash.selected(content, tags.names(), signed.field.place());
            byte[] hash =
                    HeaderHash.of(fields, tags.relaxedHeader(), tags.list().unsigned());
            check = inquiry.check(signed.algorithm, signed.key, hash, tags.signature());
        } catch (MalformedField e) {
            return new DkimResult.Neutral(claimed, e.getMessage());
        }
        return switch (check) {
            case Inquiry.Check.Good(var bits, var testing) -> new DkimResult.Pass(claimed, bits, testing, uncovered);
            case Inquiry.Check.Bad(var bits, var testing) ->
                new DkimResult.Fail(claimed, bits, testing, "signature did not verify");
            case Inquiry.Check.Unwanted(var why) -> new DkimResult.Policy(claimed, why);
            case Inquiry.Check.NoKey(var why) -> new DkimResult.PermanentError(claimed, why);
            case Inquiry.Check.Unknown(var why) -> new DkimResult.TemporaryError(claimed, why);
        };
    }

    private static Claimed claimed(Field field, String b) {
        try {
            SignatureTags tags = SignatureTags.of(field.raw());
            String d = readable(tags::domain);
            String i = tags.list().value("i").orElse("@" + d);
            return new Claimed(
                    d,
                    printable(i),
                    readable(tags::selector),
                    readable(() -> tags.algorithm().tag()),
                    b);
        } catch (MalformedField _) {
            return new Claimed("", "", "", "", b);
        }
    }

    private interface Tag {
        String read() throws MalformedField;
    }

    private static String readable(Tag tag) {
        try {
            return tag.read();
        } catch (MalformedField _) {
            return "";
        }
    }

    /// What `b=` holds, without blanks.
    private static String b(Field field) {
        try {
            return printable(TagList.ofField(field.raw()).value("b").orElse(""));
        } catch (MalformedField _) {
            return "";
        }
    }

    private static String printable(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length() && plain.length() < TEXT_CHARS_MAX; i++) {
            char c = text.charAt(i);
            if (c > ' ') {
                plain.append(c < 0x7f ? c : '?');
            }
        }
        return plain.toString();
    }

    /// As much of one as none of the others begins with.
    private static String shortest(List<String> all, int which) {
        String one = all.get(which);
        int length = Math.min(B_CHARS_MIN, one.length());
        while (length < one.length() && !isUnique(all, one.substring(0, length))) {
            length++;
        }
        return one.substring(0, length);
    }

    private static boolean isUnique(List<String> all, String start) {
        Set<String> with = new HashSet<>(all);
        with.removeIf(each -> !each.startsWith(start));
        return with.size() <= 1;
    }
}
