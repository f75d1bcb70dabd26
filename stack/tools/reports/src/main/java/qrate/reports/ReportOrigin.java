package qrate.reports;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import qrate.authres.AuthenticationResults;
import qrate.authres.MethodResult;
import qrate.authres.OwnResults;
import qrate.core.Body;
import qrate.dmarc.DomainNames;
import qrate.message.Header;
import qrate.message.Wanted;
import qrate.reported.ReportHead.Kind;
import qrate.reported.SenderProof;

/// Where the message came from that a report came in, as our own gate found it then.
///
/// @param from domain of its author, where the gate looked; else empty
/// @param dmarc whether it passed DMARC
/// @param signed whether a signature passed of that domain or one above it, or of one below it if DMARC passed: who has
///     a name below `github.io` does not speak for that
/// @param id its Message-ID; may be empty
/// @param at when it came
record ReportOrigin(Optional<String> from, boolean dmarc, boolean signed, String id, Instant at) {
    private static final int HEADER_BYTES_MAX = 256 << 10;
    private static final int ID_CHARS_MAX = 250;
    private static final String PASS = "pass";
    private static final Wanted WANTED = Wanted.some("authentication-results", "received", "message-id");

    /// @param message the whole of it
    /// @param me our name: what others say of themselves in such fields counts for nothing
    static ReportOrigin of(byte[] message, String me, Instant at) throws IOException {
        byte[] begin = Arrays.copyOf(message, Math.min(message.length, HEADER_BYTES_MAX));
        Header header = Header.of(Body.of(begin), WANTED);
        List<MethodResult> results =
                OwnResults.of(header, me).map(AuthenticationResults::results).orElse(List.of());
        Optional<MethodResult> dmarc =
                results.stream().filter(one -> one.method().equals("dmarc")).findFirst();
        Optional<String> from =
                dmarc.flatMap(one -> one.value("header", "from")).flatMap(DomainNames::of);
        boolean passed = dmarc.filter(one -> one.result().equals(PASS)).isPresent();
        boolean signed = from.isPresent()
                && results.stream()
                        .filter(one ->
                                one.method().equals("dkim") && one.result().equals(PASS))
                        .flatMap(one -> one.value("header", "d").flatMap(DomainNames::of).stream())
                        .anyMatch(by -> isOf(from.get(), by) || (passed && isOf(by, from.get())));
        String id = header.value("message-id").orElse("").strip();
        return new ReportOrigin(from, passed, signed, id.substring(0, Math.min(ID_CHARS_MAX, id.length())), at);
    }

    /// Whether a name is another or below it. Of two labels at least: nobody signs for all of `org`.
    private static boolean isOf(String name, String other) {
        return other.indexOf('.') > 0 && (name.equals(other) || name.endsWith("." + other));
    }

    /// What that says of who sent it. Reports on TLS must bear a signature (RFC 8460 §3); for others it is enough that
    /// they pass DMARC.
    SenderProof proof(Kind kind) {
        return switch (kind) {
            case TLS -> proof(signed);
            case DMARC -> proof();
        };
    }

    /// The same for complaints.
    SenderProof proof() {
        return proof(signed || dmarc);
    }

    private SenderProof proof(boolean good) {
        return from.isEmpty() ? SenderProof.UNKNOWN : good ? SenderProof.SIGNED : SenderProof.UNSIGNED;
    }
}
