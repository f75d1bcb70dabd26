package qrate.dkim;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import qrate.message.Header;

/// Makes DKIM-Signature fields (RFC 6376 §5): relaxed/relaxed, `t=` set, never `l=`.
public final class Signing {
    /// Fields that are signed once more often than they are there, so that nobody adds one.
    public static final List<String> ALWAYS = List.of(
            "From",
            "To",
            "Cc",
            "Subject",
            "Date",
            "Message-ID",
            "Reply-To",
            "In-Reply-To",
            "References",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding");

    /// Fields that are signed in that way where there is one at all: a list that adds its own to a message
    /// without any, and changes nothing else, leaves the signature good. Both of RFC 8058 are among them.
    public static final List<String> WHERE_PRESENT = List.of(
            "Sender",
            "List-Id",
            "List-Help",
            "List-Subscribe",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "List-Post",
            "List-Owner",
            "List-Archive");

    /// Most names in one signature; a message with more fields of these names is not signed.
    static final int NAMES_MAX = 500;

    private Signing() {}

    /// How a message is signed.
    ///
    /// @param keys one signature each, the one that comes first on top: RSA, which everybody checks, before
    ///     Ed25519
    /// @param always names of fields that are signed once more often than they are there; From must be one
    /// @param wherePresent names of fields for which that holds only when one is there
    /// @param lifetime how long the signature is good (`x=`); zero for ever
    public record Terms(List<SigningKey> keys, List<String> always, List<String> wherePresent, Duration lifetime) {
        public Terms {
            keys = List.copyOf(keys);
            always = List.copyOf(always);
            wherePresent = List.copyOf(wherePresent);
            if (always.stream().noneMatch("From"::equalsIgnoreCase)) {
                throw new IllegalArgumentException("From must be signed (RFC 6376 §5.4)");
            }
        }

        /// The usual fields, and no end.
        public static Terms usual(List<SigningKey> keys) {
            return new Terms(keys, ALWAYS, WHERE_PRESENT, Duration.ZERO);
        }
    }

    /// How it went.
    public sealed interface Signed {
        /// The fields, to be put in front of the message as they are.
        ///
        /// @param fields each with LF at the end of each line, of at most 78 characters unless a name is
        ///     longer
        record Done(String fields) implements Signed {}

        /// The message is not one that can be signed.
        record Refused(String reason) implements Signed {}
    }

    /// Which hash of the body is needed.
    public static List<BodyHash> wanted(Header header) {
        return header.cut() ? List.of() : List.of(BodyHash.OURS);
    }

    /// Signs a message.
    ///
    /// @param content read as {@link Content.Form#SENT}, with {@link #wanted} asked for
    /// @throws IOException when the signer cannot
    public static Signed sign(Content content, Terms terms, Signer signer, Instant now) throws IOException {
        if (content.header().cut()) {
            return new Signed.Refused("the header is too long to be signed");
        }
        if (content.header().headless()) {
            return new Signed.Refused("the message begins with what is no field");
        }
        List<String> names = names(content, terms.always, terms.wherePresent);
        if (names.size() > NAMES_MAX) {
            return new Signed.Refused("more than " + NAMES_MAX + " fields that would have to be signed");
        }
        StringBuilder all = new StringBuilder();
        for (SigningKey key : terms.keys) {
            List<String> tags = new ArrayList<>(List.of(
                    "v=1",
                    "a=" + key.algorithm().tag(),
                    "c=relaxed/relaxed",
                    "d=" + key.domain(),
                    "s=" + key.selector()));
            tags.add("t=" + now.getEpochSecond());
            if (terms.lifetime.isPositive()) {
                tags.add("x=" + now.plus(terms.lifetime).getEpochSecond());
            }
            FieldText field = new FieldText("DKIM-Signature");
            tags.forEach(field::tag);
            field.names(names);
            field.tag("bh=" + bodyHash(content));
            String unsigned = field.unsigned();
            byte[] hash = HeaderHash.of(HeaderHash.selected(content, names, -1), true, unsigned);
            all.append(FieldText.signed(unsigned, signer.sign(key, hash)));
        }
        return new Signed.Done(all.toString());
    }

    /// The hash of the body that {@link #wanted} asks for, in Base64.
    public static String bodyHash(Content content) {
        byte[] hash = content.hash(BodyHash.OURS).orElseThrow(() -> new IllegalStateException("no hash was asked for"));
        return Base64.getEncoder().encodeToString(hash);
    }

    /// Each name as often as there are fields of it, and once more.
    public static List<String> names(Content content, List<String> always, List<String> wherePresent) {
        List<String> names = new ArrayList<>();
        for (String name : always) {
            names.addAll(Collections.nCopies(count(content, name) + 1, name));
        }
        for (String name : wherePresent) {
            int count = count(content, name);
            names.addAll(Collections.nCopies(count == 0 ? 0 : count + 1, name));
        }
        return names;
    }

    private static int count(Content content, String name) {
        return content.named(name.toLowerCase(Locale.ROOT)).size();
    }
}
