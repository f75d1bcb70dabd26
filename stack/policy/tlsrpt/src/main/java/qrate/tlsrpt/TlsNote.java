package qrate.tlsrpt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A line about TLS in a delivery's report: `TLS: TLSv1.3 TLS_AES_256_GCM_SHA384, MTA-STS.` where there was some, and
/// `TLS: certificate-expired at mx.example.org 192.0.2.1, MTA-STS.` where there should have been.
///
/// Lines beside it say more: `TLS policy: enforce 86400 mx.example.org` in front, what the policy or the records said
/// that count for what follows, until the next such line; `TLS from: 198.51.100.1` and `TLS reason: its certificate is
/// not valid yet` behind a
/// failure.
///
/// @param fault nothing for a success
/// @param policy in the words of the report
/// @param text what it said ({@link FoundPolicy#text}), as far as it is known
public record TlsNote(Optional<TlsFault> fault, String policy, String text) {
    /// The words for a policy that cannot be had, whatever becomes of the delivery.
    public static final String FETCHING = "MTA-STS policy";

    /// The words for a policy that is only tried: what does not fit it is told, and no mail waits for that.
    public static final String TESTING = "MTA-STS testing";

    /// Most lines that are read of one report.
    static final int LINES_MAX = 120;

    private static final String BEGIN = "TLS: ";
    private static final String POLICY = "TLS policy: ";
    private static final String FROM = "TLS from: ";
    private static final String REASON = "TLS reason: ";
    private static final Pattern BLOCK = Pattern.compile("(?m)(?=^TLS(?: policy)?: )");

    /// A blank is one in the ledger as well.
    private static final String UNDERSCORE = "%5F";
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

    /// The line for a failure of which nothing more is known, with its end; empty where the delivery is no matter of
    /// the domain's.
    ///
    /// @param policy in the words of the report
    public static String line(Failure failure, String host, String address, String policy) {
        TlsFault.Server server = new TlsFault.Server(host, address);
        return lines(new TlsFault(TlsFault.Cause.of(failure), server, ""), policy, "");
    }

    /// The lines for a failure, with their ends; empty where the delivery is no matter of the domain's.
    ///
    /// @param policy in the words of the report
    /// @param text what it says ({@link FoundPolicy#text}), or empty
    public static String lines(TlsFault fault, String policy, String text) {
        if (PolicyType.said(policy).isEmpty()) {
            return "";
        }
        TlsFault.Cause cause = fault.cause();
        return policy(text) + BEGIN + cause.failure().word() + " at "
                + fault.server().name() + " " + fault.server().address() + ", " + policy + ".\n"
                + told(FROM, fault.from())
                + told(REASON, cause.reason());
    }

    private static String told(String begin, String what) {
        return what.isEmpty() ? "" : begin + what + "\n";
    }

    /// The line that says what a policy says; empty where that is not known.
    public static String policy(String text) {
        return told(POLICY, text.replace("_", UNDERSCORE));
    }

    /// The lines for a policy of MTA-STS that cannot be had, with their ends.
    public static String fetching(TlsFault.Cause cause, String domain) {
        return BEGIN + cause.failure().word() + " at mta-sts." + domain + ", " + FETCHING + ".\n"
                + told(REASON, cause.reason());
    }

    /// Adds lines to others: what is said of a domain is said once, however many servers it has.
    public static void join(StringBuilder notes, String lines) {
        BLOCK.splitAsStream(lines).filter(block -> !isSaid(notes, block)).forEach(notes::append);
    }

    /// What policy it is must stand once more behind another one.
    private static boolean isSaid(StringBuilder notes, String block) {
        int at = notes.lastIndexOf(block);
        return at >= 0 && (!block.startsWith(POLICY) || at == notes.lastIndexOf(POLICY));
    }

    /// The policy; nothing where the delivery is no matter of the domain's.
    Optional<FoundPolicy> found() {
        return PolicyType.said(policy).map(type -> new FoundPolicy(type, policy.equals(FETCHING) ? "" : text));
    }

    /// Whether it tells of a failure that stops no delivery, so that one that went well beside it is none.
    boolean isPassedOver() {
        return fault.isPresent()
                && (policy.equals(TESTING)
                        || policy.equals(FETCHING)
                        || fault.get().cause().failure() == Failure.TLSA_INVALID);
    }

    /// The lines in a delivery's report, as far as they are ours.
    ///
    /// @param said as the ledger has it: `_` for a blank, `/` for the end of a line
    static List<TlsNote> in(String said) {
        List<TlsNote> notes = new ArrayList<>();
        Map<PolicyType, String> texts = new EnumMap<>(PolicyType.class);
        String text = "";
        int from = 0;
        for (int lines = 0; lines < LINES_MAX && from < said.length() && !said.startsWith(THEIRS, from); lines++) {
            int slash = said.indexOf('/', from);
            int end = slash < 0 ? said.length() : slash;
            String line = said.substring(from, end);
            from = end + 1;
            if (isOf(line, POLICY)) {
                text = plain(line, POLICY).replace(UNDERSCORE, "_");
            } else if (isOf(line, FROM) || isOf(line, REASON)) {
                tell(notes, line);
            } else {
                Optional<TlsNote> note = parse(line);
                Optional<PolicyType> type = note.flatMap(one -> PolicyType.said(one.policy));
                if (type.isPresent() && !note.get().policy.equals(FETCHING)) {
                    texts.put(type.get(), text.isEmpty() ? texts.getOrDefault(type.get(), "") : text);
                    text = "";
                }
                note.ifPresent(one -> notes.add(new TlsNote(
                        one.fault,
                        one.policy,
                        type.map(known -> texts.getOrDefault(known, "")).orElse(""))));
            }
        }
        return notes;
    }

    private static boolean isOf(String line, String begin) {
        return line.startsWith(begin.replace(' ', '_'));
    }

    private static String plain(String line, String begin) {
        return line.substring(begin.length()).replace('_', ' ');
    }

    /// What a line says of the failure in front of it.
    private static void tell(List<TlsNote> notes, String line) {
        if (notes.isEmpty() || notes.getLast().fault.isEmpty()) {
            return;
        }
        TlsNote last = notes.removeLast();
        TlsFault fault = last.fault.get();
        TlsFault more = isOf(line, FROM)
                ? new TlsFault(fault.cause(), fault.server(), plain(line, FROM))
                : new TlsFault(
                        new TlsFault.Cause(fault.cause().failure(), plain(line, REASON)), fault.server(), fault.from());
        notes.add(new TlsNote(Optional.of(more), last.policy, last.text));
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
            return Optional.of(new TlsNote(Optional.empty(), policy, ""));
        }
        Optional<Failure> failure = Failure.of(text.substring(0, at));
        if (failure.isEmpty()) {
            return Optional.empty(); // a later release's
        }
        if (policy.equals(FETCHING)) {
            return Optional.of(of(failure.get(), TlsFault.NOBODY, policy)); // of no mail server
        }
        int blank = text.lastIndexOf('_', comma - 1);
        if (blank < at + AT.length()) {
            return Optional.empty();
        }
        TlsFault.Server server =
                new TlsFault.Server(text.substring(at + AT.length(), blank), text.substring(blank + 1, comma));
        return Optional.of(of(failure.get(), server, policy));
    }

    private static TlsNote of(Failure failure, TlsFault.Server server, String policy) {
        return new TlsNote(Optional.of(new TlsFault(TlsFault.Cause.of(failure), server, "")), policy, "");
    }
}
