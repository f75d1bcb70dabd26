package qrate.reported;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// That somebody complained about a message in a domain's name (ARF, RFC 5965). Whose message it was, and who
/// complained, is not kept.
///
/// @param at when the report came
/// @param domain it is about
/// @param from who reported, and by which name
/// @param type of RFC 5965 §7.3: `abuse`, `fraud`, `not-spam`
/// @param source address that the message came from; may be empty
/// @param proof what is known of who sent the report
public record Complaint(Instant at, String domain, Reporter from, String type, String source, SenderProof proof) {
    /// Who reported.
    ///
    /// @param name a domain, or what else it calls itself
    /// @param id the name of the report
    public record Reporter(String name, String id) {
        public Reporter {
            name = Cleaned.name(name);
            id = Cleaned.name(id);
        }
    }

    public Complaint {
        domain = Cleaned.name(domain);
        type = Cleaned.name(type);
        source = Cleaned.name(source);
    }

    /// The day of UTC that it counts for.
    public LocalDate day() {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
