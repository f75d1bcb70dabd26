package qrate.tlsrpt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A line about TLS in a delivery's report: `TLS: TLSv1.3 TLS_AES_256_GCM_SHA384, MTA-STS.` where there was some, and
/// `TLS: certificate-expired at mx.example.org 192.0.2.1, MTA-STS.` where there should have been.
///
/// @param failure nothing for a success
/// @param host name of the server; empty for a success
/// @param address of the server; empty for a success
/// @param policy in the words of the report
public record TlsNote(Optional<Failure> failure, String host, String address, String policy) {
    /// The words for a policy that cannot be had, whatever becomes of the delivery.
    public static final String FETCHING = "MTA-STS policy";

    /// The words for a policy that is only tried: what does not fit it is told, and no mail waits for that.
    public static final String TESTING = "MTA-STS testing";

    /// Most lines that are read of one report.
    static final int LINES_MAX = 40;

    private static final String BEGIN = "TLS: ";
    private static final String AT = "_at_";
    private static final String REQUIRED = ",_REQUIRETLS";
    private static final String THEIRS = "Remote_host_said:";

    /// What went wrong (RFC 8460 §4.3).
    public enum Failure {
        STARTTLS_NOT_SUPPORTED,
        CERTIFICATE_HOST_MISMATCH,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_NOT_TRUSTED,
        VALIDATION_FAILURE,
        DNSSEC_INVALID,
        /// no record is of use
        TLSA_INVALID,
        STS_POLICY_FETCH_ERROR,
        STS_POLICY_INVALID,
        /// of the web server that has the policy
        STS_WEBPKI_INVALID;

        /// As it stands in reports.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// The one of that word.
        public static Optional<Failure> of(String word) {
            return Arrays.stream(values())
                    .filter(one -> one.word().equals(word))
                    .findFirst();
        }
    }

    /// The line for a failure, with its end; empty where the delivery is no matter of the domain's.
    ///
    /// @param policy in the words of the report
    public static String line(Failure failure, String host, String address, String policy) {
        return PolicyType.said(policy).isEmpty()
                ? ""
                : BEGIN + failure.word() + " at " + host + " " + address + ", " + policy + ".\n";
    }

    /// The line for a policy of MTA-STS that cannot be had, with its end.
    public static String fetching(Failure failure, String domain) {
        return BEGIN + failure.word() + " at mta-sts." + domain + ", " + FETCHING + ".\n";
    }

    /// The type of the policy; nothing where the delivery is no matter of the domain's.
    Optional<PolicyType> type() {
        return PolicyType.said(policy);
    }

    /// Whether it tells of a failure that stops no delivery, so that one that went well beside it is none.
    boolean isPassedOver() {
        return failure.isPresent()
                && (policy.equals(TESTING) || policy.equals(FETCHING) || failure.get() == Failure.TLSA_INVALID);
    }

    /// The lines in a delivery's report, as far as they are ours.
    ///
    /// @param said as the ledger has it: `_` for a blank, `/` for the end of a line
    static List<TlsNote> in(String said) {
        List<TlsNote> notes = new ArrayList<>();
        int from = 0;
        for (int lines = 0; lines < LINES_MAX && from < said.length() && !said.startsWith(THEIRS, from); lines++) {
            int slash = said.indexOf('/', from);
            int end = slash < 0 ? said.length() : slash;
            parse(said.substring(from, end)).ifPresent(notes::add);
            from = end + 1;
        }
        return notes;
    }

    private static Optional<TlsNote> parse(String line) {
        if (!line.startsWith(BEGIN.replace(' ', '_')) || !line.endsWith(".")) {
            return Optional.empty();
        }
        String text = line.substring(BEGIN.length(), line.length() - 1);
        if (text.endsWith(REQUIRED)) {
            text = text.substring(0, text.length() - REQUIRED.length());
        }
        int comma = text.lastIndexOf(",_");
        if (comma < 0) {
            return Optional.empty();
        }
        String policy = text.substring(comma + 2).replace('_', ' ');
        int at = text.indexOf(AT);
        if (at < 0) {
            return Optional.of(new TlsNote(Optional.empty(), "", "", policy));
        }
        Optional<Failure> failure = Failure.of(text.substring(0, at));
        if (failure.isEmpty()) {
            return Optional.empty(); // a later release's
        }
        if (policy.equals(FETCHING)) {
            return Optional.of(new TlsNote(failure, "", "", policy)); // of no mail server
        }
        int blank = text.lastIndexOf('_', comma - 1);
        if (blank < at + AT.length()) {
            return Optional.empty();
        }
        return Optional.of(new TlsNote(
                failure, text.substring(at + AT.length(), blank), text.substring(blank + 1, comma), policy));
    }
}
