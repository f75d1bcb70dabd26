package qrate.dns;

import java.util.List;
import java.util.Optional;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What one message off the wire says to one question. Records of other names, types and classes are passed over,
/// whichever section they stand in.
///
/// How long it may be kept is in seconds, as the records say, not yet bounded; 0 where nothing may be kept.
sealed interface Reading {
    /// Links of a chain of aliases followed at most, over all messages.
    int LINKS_MAX = 8;

    /// Records read at most; a message of 64 KiB holds some 4,000.
    int RECORDS_MAX = 512;

    /// A TTL with the top bit set is 0 (RFC 2181 §8).
    long TTL_TOP = Integer.MAX_VALUE;

    /// The records, of the name at the chain's end.
    record Records(List<Record> all, Name at, long seconds) implements Reading {}

    /// The name, or the one at the chain's end, does not exist, or has no such record.
    record Nothing(boolean exists, Name at, long seconds) implements Reading {}

    /// The chain leads out of this message: ask there.
    record Onward(Name at, int links, long seconds) implements Reading {}

    /// It answers nothing.
    record Broken(String why) implements Reading {}

    /// Reads the message.
    ///
    /// @param asked the name that was asked for
    /// @param links of the chain that led to that name
    static Reading of(Message message, Name asked, int type, int links) {
        int rcode = message.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new Broken("the resolver says " + Rcode.string(rcode));
        }
        List<Record> answers = ours(message, Section.ANSWER);
        Name at = asked;
        long seconds = TTL_TOP;
        int behind = links;
        while (true) {
            Name owner = at;
            List<Record> found = answers.stream()
                    .filter(r -> r.getType() == type && r.getName().equals(owner))
                    .limit(RECORDS_MAX + 1)
                    .toList();
            if (found.size() > RECORDS_MAX) {
                return new Broken("more than " + RECORDS_MAX + " records");
            }
            if (!found.isEmpty()) {
                return new Records(found, at, Math.min(seconds, least(found)));
            }
            Optional<CNAMERecord> alias = answers.stream()
                    .filter(r -> r instanceof CNAMERecord && r.getName().equals(owner))
                    .map(r -> (CNAMERecord) r)
                    .findFirst();
            if (alias.isEmpty()) {
                break;
            }
            at = alias.get().getTarget();
            seconds = Math.min(seconds, least(List.of(alias.get())));
            if (++behind > LINKS_MAX) {
                return new Broken("more than " + LINKS_MAX + " aliases in a row");
            }
        }
        if (rcode == Rcode.NXDOMAIN) {
            return new Nothing(false, at, Math.min(seconds, negative(message)));
        }
        if (!at.equals(asked) && soa(message).isEmpty()) {
            return new Onward(at, behind, seconds);
        }
        if (isReferral(message)) {
            return new Broken("the resolver names other servers and no answer");
        }
        return new Nothing(true, at, Math.min(seconds, negative(message)));
    }

    /// A negative answer lives as long as the lesser of the SOA's TTL and minimum says, and without one not at all (RFC
    /// 2308 §5).
    private static long negative(Message message) {
        return soa(message)
                .map(soa -> Math.min(least(List.of(soa)), Math.min(soa.getMinimum(), TTL_TOP)))
                .orElse(0L);
    }

    private static Optional<SOARecord> soa(Message message) {
        return ours(message, Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .findFirst();
    }

    /// RFC 2308 §2.2: NS and no SOA is a referral, from one that does not ask further for us.
    private static boolean isReferral(Message message) {
        return !message.getHeader().getFlag(Flags.RA)
                && soa(message).isEmpty()
                && ours(message, Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS);
    }

    private static List<Record> ours(Message message, int section) {
        return message.getSection(section).stream()
                .filter(r -> r.getDClass() == DClass.IN)
                .toList();
    }

    private static long least(List<? extends Record> records) {
        long least = TTL_TOP;
        for (Record one : records) {
            long ttl = one.getTTL();
            least = Math.min(least, ttl < 0 || ttl > TTL_TOP ? 0 : ttl);
        }
        return least;
    }
}
