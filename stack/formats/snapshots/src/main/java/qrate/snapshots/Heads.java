package qrate.snapshots;

import static java.nio.charset.StandardCharsets.US_ASCII;

import qrate.cdb.CdbWriter;

/// What a file says of itself.
///
/// @param revision of the database that it was made from
/// @param beside revision that the domain's other file has then
record Heads(long revision, long beside) {
    CdbWriter begin() {
        return new CdbWriter()
                .put(Records.REVISION, number(revision))
                .put(Records.BESIDE, number(beside))
                .put(Records.FORM, Records.form());
    }

    /// A revision as files have it.
    static byte[] number(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }
}
