package qrate.reported;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Which report it is.
///
/// @param organization who made it
/// @param id the name that he gave it
/// @param email to ask; may be empty
/// @param about the domain that it is about
/// @param begin of the time that it covers
/// @param end of it
/// @param proof what is known of who sent it
public record ReportHead(
        Kind kind,
        String organization,
        String id,
        String email,
        String about,
        Instant begin,
        Instant end,
        SenderProof proof) {
    /// What reports there are.
    public enum Kind {
        DMARC,
        TLS
    }

    /// One whose sender nobody has looked at.
    public ReportHead(
            Kind kind, String organization, String id, String email, String about, Instant begin, Instant end) {
        this(kind, organization, id, email, about, begin, end, SenderProof.UNKNOWN);
    }

    public ReportHead {
        organization = Cleaned.text(organization);
        id = Cleaned.text(id);
        email = Cleaned.name(email);
        about = Cleaned.name(about);
    }

    /// The day of UTC that it counts for.
    public LocalDate day() {
        return LocalDate.ofInstant(begin, ZoneOffset.UTC);
    }

    /// The same for a report that came twice.
    String name() {
        return kind + "\t" + organization + "\t" + id + "\t" + about;
    }
}
