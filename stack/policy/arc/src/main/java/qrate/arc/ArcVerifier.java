package qrate.arc;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import qrate.dkim.BodyHash;
import qrate.dkim.Content;
import qrate.dkim.HeaderHash;
import qrate.dkim.Inquiry;
import qrate.dkim.MalformedField;
import qrate.dkim.SignatureTags;
import qrate.message.Field;
import qrate.message.Header;

/// Checks the chain of a message (RFC 8617 §5.2). Of the signatures of the message only the newest is
/// checked: the older ones are mostly broken by who came after, and no decision needs them (step 5 is left
/// out).
public final class ArcVerifier {
    private ArcVerifier() {}

    /// A check that says no; never leaves here.
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean temporary;

        Failed(String reason, boolean temporary) {
            super(reason);
            this.temporary = temporary;
        }
    }

    /// Which hash of the body the chain needs.
    public static List<BodyHash> wanted(Header header) {
        Optional<Field> newest = ArcSet.newestMessage(header);
        try {
            return newest.isEmpty()
                    ? List.of()
                    : List.of(SignatureTags.of(newest.get().raw()).body());
        } catch (MalformedField _) {
            return List.of();
        }
    }

    /// Checks the chain.
    ///
    /// @param content read with {@link #wanted} asked for
    public static Chain verify(Content content, Inquiry inquiry) {
        if (content.header().cut()) {
            return new Chain.Fail("the header is too long to be looked at", false);
        }
        try {
            NavigableMap<Integer, ArcSet> sets = ArcSet.all(content);
            return sets.isEmpty() ? new Chain.None() : verify(sets, content, inquiry);
        } catch (MalformedField e) {
            return new Chain.Fail(e.getMessage(), false);
        } catch (Failed e) {
            return new Chain.Fail(e.getMessage(), e.temporary);
        }
    }

    /// The chain of a message as whoever checked it when it came has told us, who can be believed. Nothing is
    /// checked again: it may have been changed since.
    ///
    /// @param word of Authentication-Results (RFC 8601 §2.7.8): `pass`, `fail`, or `none` where nothing was said
    /// @return nothing when the word does not fit what is there
    public static Optional<Chain> told(Content content, String word) {
        try {
            NavigableMap<Integer, ArcSet> sets = ArcSet.all(content);
            return switch (word) {
                case "none" -> sets.isEmpty() ? Optional.of(new Chain.None()) : Optional.empty();
                case "pass" -> sets.isEmpty() ? Optional.empty() : Optional.of(new Chain.Pass(links(sets), false));
                case "fail" ->
                    sets.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Chain.Fail("it had failed when the message came", false));
                default -> Optional.empty();
            };
        } catch (MalformedField | Failed _) {
            return Optional.empty();
        }
    }

    private static List<Chain.Link> links(NavigableMap<Integer, ArcSet> sets) throws MalformedField, Failed {
        List<Chain.Link> links = new ArrayList<>();
        for (ArcSet set : sets.values()) {
            links.add(link(set, links.size() + 1));
        }
        return links;
    }

    private static Chain verify(NavigableMap<Integer, ArcSet> sets, Content content, Inquiry inquiry)
            throws MalformedField, Failed {
        if (isEnded(sets)) {
            throw new Failed("the last seal says that the chain failed before", false);
        }
        List<Chain.Link> links = links(sets);
        boolean testing = message(sets.lastEntry().getValue(), content, inquiry);
        List<Field> above = new ArrayList<>();
        List<List<Field>> sealed = new ArrayList<>();
        for (ArcSet set : sets.values()) {
            above.add(set.results().getFirst());
            above.add(set.message().getFirst());
            sealed.add(List.copyOf(above));
            above.add(set.seal().getFirst());
        }
        for (ArcSet set : sets.descendingMap().values()) {
            testing |= seal(set, sealed.get(set.instance() - 1), inquiry);
        }
        return new Chain.Pass(links, testing);
    }

    /// Whether the newest seal says `cv=fail`.
    static boolean isEnded(NavigableMap<Integer, ArcSet> sets) throws MalformedField {
        for (Field seal : sets.lastEntry().getValue().seal()) {
            if (cv(SignatureTags.of(seal.raw())).equals("fail")) {
                return true;
            }
        }
        return false;
    }

    private static String cv(SignatureTags tags) throws MalformedField {
        return tags.list().required("cv").toLowerCase(Locale.ROOT);
    }

    /// Step 3: the structure, whatever the signatures are.
    private static Chain.Link link(ArcSet set, int expected) throws MalformedField, Failed {
        if (set.instance() != expected) {
            throw new Failed("instances that are not one behind the other", false);
        }
        ArcSet.one(set.results());
        SignatureTags message = SignatureTags.of(ArcSet.one(set.message()).raw());
        SignatureTags seal = SignatureTags.of(ArcSet.one(set.seal()).raw());
        if (!cv(seal).equals(expected == 1 ? "none" : "pass")) {
            throw new Failed("a seal whose cv= does not fit its place", false);
        }
        if (seal.list().value("h").isPresent()) {
            throw new Failed("a seal with h=", false);
        }
        if (message.names().stream().anyMatch(ArcSet.SEAL::equalsIgnoreCase)) {
            throw new Failed("a signature of seals", false);
        }
        return new Chain.Link(expected, seal.domain(), seal.selector(), message.domain(), set.resultsText());
    }

    /// Step 4: the newest signature of the message.
    private static boolean message(ArcSet set, Content content, Inquiry inquiry) throws MalformedField, Failed {
        Field field = set.message().getFirst();
        SignatureTags tags = SignatureTags.of(field.raw());
        inquiry.checkTimes(tags);
        BodyHash body = tags.body();
        byte[] hash = content.hash(body).orElseThrow(() -> new Failed("too many different hashes of one body", false));
        if (!MessageDigest.isEqual(hash, tags.bodyHash())) {
            throw new Failed("the body is not as the last set left it", false);
        }
        if (body.length() != BodyHash.WHOLE && body.length() != content.bodyBytes(body.relaxed())) {
            throw new Failed("the last set does not cover the whole body", false);
        }
        List<Field> fields = HeaderHash.selected(content, tags.names(), field.place());
        byte[] signed = HeaderHash.of(fields, tags.relaxedHeader(), tags.list().unsigned());
        return good(tags, signed, "the message is not as the last set left it", inquiry);
    }

    /// Step 6: a seal, over all before it and its own set.
    private static boolean seal(ArcSet set, List<Field> sealed, Inquiry inquiry) throws MalformedField, Failed {
        SignatureTags tags = SignatureTags.of(set.seal().getFirst().raw());
        byte[] hash = HeaderHash.of(sealed, true, tags.list().unsigned());
        return good(tags, hash, "the seal of set " + set.instance() + " did not verify", inquiry);
    }

    /// @return whether the key is on trial
    private static boolean good(SignatureTags tags, byte[] hash, String otherwise, Inquiry inquiry)
            throws MalformedField, Failed {
        String domain = tags.domain();
        Inquiry.KeyName name = new Inquiry.KeyName(domain, tags.selector(), domain);
        return switch (inquiry.check(tags.algorithm(), name, hash, tags.signature())) {
            case Inquiry.Check.Good good -> good.testing();
            case Inquiry.Check.Bad _ -> throw new Failed(otherwise, false);
            case Inquiry.Check.Unwanted(var why) -> throw new Failed(why, false);
            case Inquiry.Check.NoKey(var why) -> throw new Failed(why, false);
            case Inquiry.Check.Unknown(var why) -> throw new Failed(why, true);
        };
    }
}
