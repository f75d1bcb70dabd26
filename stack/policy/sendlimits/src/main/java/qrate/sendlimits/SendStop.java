package qrate.sendlimits;

import java.time.Instant;

/// A user whose mail does not go out until somebody lets it.
///
/// @param refused whether it is not even taken any more
/// @param why for people
record SendStop(String user, Instant since, boolean refused, String why) {}
