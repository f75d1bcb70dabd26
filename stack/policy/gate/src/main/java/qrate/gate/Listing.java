package qrate.gate;

import java.util.List;
import java.util.Optional;

/// What lists in DNS say of a client.
///
/// @param allowed whether it is known as a good one: nothing else of this counts then, and it is not put off
/// @param refusal of who is to be refused
/// @param mark why its mail is spam; printable ASCII
/// @param troubles of lists that could not tell, for the log
/// @param looks what was asked, a line each
record Listing(
        boolean allowed,
        Optional<Ruling.Refused> refusal,
        Optional<String> mark,
        List<String> troubles,
        List<String> looks) {
    /// Of a client that nobody is asked about.
    static final Listing ALLOWED = new Listing(true, Optional.empty(), Optional.empty(), List.of(), List.of());

    Listing {
        troubles = List.copyOf(troubles);
        looks = List.copyOf(looks);
    }
}
