package qrate.arc;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import qrate.dkim.BodyHash;
import qrate.dkim.Content;
import qrate.dkim.FieldText;
import qrate.dkim.HeaderHash;
import qrate.dkim.MalformedField;
import qrate.dkim.Signer;
import qrate.dkim.Signing;
import qrate.dkim.SigningKey;
import qrate.message.Field;
import qrate.message.Header;

/// Puts a set of its own on a message that is sent on (RFC 8617 §5.1).
public final class ArcSealer {
    private static final String DKIM = "DKIM-Signature";

    private ArcSealer() {}

    /// What was found when the message came, to be told.
    ///
    /// @param host our name, as in Authentication-Results (RFC 8601 §2.5)
    /// @param results each a method with its result and properties: `spf=pass smtp.mailfrom=a@example.test`; it
    ///     may be folded by LF and tab
    public record Findings(String host, List<String> results) {
        public Findings {
            results = List.copyOf(results);
            if (host.chars().anyMatch(Character::isISOControl)
                    || results.stream()
                            .map(one -> one.replace("\n\t", " "))
                            .anyMatch(one -> one.chars().anyMatch(Character::isISOControl))) {
                throw new IllegalArgumentException("a line end or control character in results");
            }
        }

        private String text(int instance) {
            String none = results.isEmpty() ? "; none" : "";
            StringBuilder text = new StringBuilder("ARC-Authentication-Results: i=" + instance + "; " + host + none);
            results.forEach(one -> text.append(";\n ").append(one));
            return text.append('\n').toString();
        }
    }

    /// How it went.
    public sealed interface Sealed {
        /// The three fields, to be put in front of the message as they are: seal, signature, results.
        ///
        /// @param fields each with LF at the end of each line
        record Done(String fields) implements Sealed {}

        /// No set can be added.
        record Refused(String reason) implements Sealed {}
    }

    /// Which hash of the body is needed.
    public static List<BodyHash> wanted(Header header) {
        return Signing.wanted(header);
    }

    /// Seals a message; DKIM-Signature fields of our own are on it before.
    ///
    /// @param content as it leaves, read as {@link Content.Form#SENT} with {@link #wanted} asked for
    /// @param chain as it was when it came
    /// @throws IOException when the signer cannot
    public static Sealed seal(
            Content content, Chain chain, Findings findings, SigningKey key, Signer signer, Instant now)
            throws IOException {
        if (content.header().cut() || content.header().headless()) {
            return new Sealed.Refused("the header is too long to be sealed, or none");
        }
        NavigableMap<Integer, ArcSet> sets;
        try {
            sets = ArcSet.all(content);
            int links = chain instanceof Chain.Pass pass ? pass.links().size() : 0;
            if (chain instanceof Chain.Fail ? sets.isEmpty() : links != sets.size()) {
                return new Sealed.Refused("the chain that was checked is not that of this message");
            }
            if (!sets.isEmpty() && ArcVerifier.isEnded(sets)) {
                return new Sealed.Refused("the last seal says that the chain has failed");
            }
        } catch (MalformedField e) {
            return new Sealed.Refused("sets that cannot be read: " + e.getMessage());
        }
        int instance = sets.isEmpty() ? 1 : sets.lastKey() + 1;
        if (instance > ArcSet.INSTANCES_MAX) {
            return new Sealed.Refused("there are " + ArcSet.INSTANCES_MAX + " sets already");
        }
        String results = findings.text(instance);
        String message = signed(content, head("ARC-Message-Signature", instance, "", key, now), key, signer);
        List<Field> sealed = new ArrayList<>();
        if (chain instanceof Chain.Pass) { // of a chain that failed nothing is sealed but our own set (§5.1.2)
            for (ArcSet set : sets.values()) {
                sealed.addAll(set.results());
                sealed.addAll(set.message());
                sealed.addAll(set.seal());
            }
        }
        sealed.add(new Field(results, 0, true));
        sealed.add(new Field(message, 0, true));
        String unsigned =
                head("ARC-Seal", instance, "cv=" + chain.word(), key, now).unsigned();
        String seal = FieldText.signed(unsigned, signer.sign(key, HeaderHash.of(sealed, true, unsigned)));
        return new Sealed.Done(seal + message + results);
    }

    private static FieldText head(String name, int instance, String cv, SigningKey key, Instant now) {
        FieldText field = new FieldText(name);
        field.tag("i=" + instance);
        field.tag("a=" + key.algorithm().tag());
        field.tag(cv.isEmpty() ? "c=relaxed/relaxed" : cv);
        field.tag("d=" + key.domain());
        field.tag("s=" + key.selector());
        field.tag("t=" + now.getEpochSecond());
        return field;
    }

    /// The signature of the message: the usual fields, and what signs it already (RFC 8617 §4.1.2).
    private static String signed(Content content, FieldText field, SigningKey key, Signer signer) throws IOException {
        List<String> names = Signing.names(content, Signing.ALWAYS, Signing.WHERE_PRESENT);
        names.addAll(Collections.nCopies(content.named("dkim-signature").size(), DKIM));
        field.names(names);
        field.tag("bh=" + Signing.bodyHash(content));
        String unsigned = field.unsigned();
        List<Field> fields = HeaderHash.selected(content, names, -1);
        return FieldText.signed(unsigned, signer.sign(key, HeaderHash.of(fields, true, unsigned)));
    }
}
