package qrate.admin;

/// Something that needs an administrator.
///
/// @param kind for programs: `problem`, `sender`, `waiting`, `refused`, `queue`, `certificate`
/// @param urgent whether something stands still now, and not soon
/// @param why as the part that knows it says it, or another host; may be empty
/// @param link path of the page where it is mended, or empty
record Need(String kind, boolean urgent, Said what, String why, String link) {}
