package qrate.dmarc;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What DMARC says of a message.
///
/// @param result as Authentication-Results has it (RFC 9989 §9.2)
/// @param author the Author Domain; empty when there is none
/// @param policy the record that holds for it and where it stands; nothing when there is none
/// @param aligned who vouches for the author
/// @param wish what is to be done with it, and why not what the domain asks
/// @param reason words for people, with the word DMARC (RFC 9989 §7.2), for a reply or a log line
/// @param trace a line for each look-up and comparison, in order, for `explain`
public record DmarcOutcome(
        DmarcOutcome.Result result,
        String author,
        List<Published> policy,
        Aligned aligned,
        Wish wish,
        String reason,
        List<String> trace) {
    public DmarcOutcome {
        policy = List.copyOf(policy);
        trace = List.copyOf(trace);
    }

    /// The five results.
    public enum Result {
        /// a domain vouches for the author's
        PASS,
        /// none does
        FAIL,
        /// there is no policy
        NONE,
        /// nobody could tell now
        TEMPERROR,
        /// nobody can tell
        PERMERROR;

        /// The word in fields.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Who vouches for the author.
    ///
    /// @param spf whether the envelope's domain does
    /// @param dkim domains of signatures that do
    public record Aligned(boolean spf, Set<String> dkim) {
        static final Aligned NOBODY = new Aligned(false, Set.of());

        public Aligned {
            dkim = Collections.unmodifiableSet(new TreeSet<>(dkim));
        }

        /// Whether anybody does.
        public boolean any() {
            return spf || !dkim.isEmpty();
        }
    }

    /// A record.
    ///
    /// @param domain where it stands (the DMARC Policy Domain)
    public record Published(String domain, DmarcRecord record) {}

    /// What becomes of a message.
    ///
    /// @param asked what the domain asks to do with mail of this author that fails, before `t`
    /// @param disposition what is to be done: `none` unless the result is `fail`
    /// @param overrides why the second is milder than the first
    public record Wish(Disposition asked, Disposition disposition, List<PolicyOverride> overrides) {
        public Wish {
            overrides = List.copyOf(overrides);
        }
    }

    DmarcOutcome with(Wish other, List<String> lines) {
        return new DmarcOutcome(result, author, policy, aligned, other, reason, lines);
    }

    /// The record that holds.
    public Optional<Published> published() {
        return policy.stream().findFirst();
    }
}
