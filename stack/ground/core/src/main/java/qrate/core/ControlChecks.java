package qrate.core;

import java.util.Set;
import java.util.regex.Pattern;

/// What holds for some control files and not for others, and how their lines look. Apart from {@link ControlFile}: a
/// service that only reads numbers makes no patterns.
public final class ControlChecks {
    /// Read when a program starts, and not again.
    private static final Set<ControlFile> AT_START = Set.of(
            ControlFile.BOUNCEFROM,
            ControlFile.BOUNCEHOST,
            ControlFile.BOUNCEMAXBYTES,
            ControlFile.CONCURRENCYINCOMING,
            ControlFile.CONCURRENCYLOCAL,
            ControlFile.CONCURRENCYREMOTE,
            ControlFile.DELAYWARNING,
            ControlFile.DOUBLEBOUNCEHOST,
            ControlFile.DOUBLEBOUNCETO,
            ControlFile.QUEUELIFETIME);

    /// Those that can name a program.
    private static final Set<ControlFile> RUNS = Set.of(
            ControlFile.ACMEHOOK, ControlFile.DEFAULTDELIVERY, ControlFile.TCP_SMTP, ControlFile.VIRTUALPROGRAMS);

    private static final Set<ControlFile> SECRET = Set.of(
            ControlFile.ACMEEAB,
            ControlFile.DNSUPDATEKEY,
            ControlFile.SRS_SECRETS,
            ControlFile.WEBHOOKS, // a path or a query may be a key
            ControlFile.WEBHOOKSECRET);

    /// Shortest of {@link ControlFile#SRS_SECRETS}.
    private static final int SECRET_CHARS_MIN = 8;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern ONE_WORD = Pattern.compile("\\S+");
    private static final Pattern PREFIX = Pattern.compile("[^:\\s]*:\\S*");
    private static final Pattern SPAM = Pattern.compile("[^:\\s]*:(?:mark|junk|refuse)");
    private static final Pattern ROUTE =
            Pattern.compile("[^:\\s]*:(?:\\[[^]\\s]+]|[^:\\s]*)(?::[0-9]{0,5})?(?:[ \\t]+\\S+(?:[ \\t]+\\S+)?)?");

    private static final Pattern SEND_LIMIT = Pattern.compile("(?:\\*|[^@\\s]*@[^@\\s]+)[ \\t]+"
            + "(?:off|(?:messages|recipients|bounces|networks)[ \\t]+[0-9]{1,9}"
            + "(?:[ \\t]+(?:messages|recipients|bounces|networks)[ \\t]+[0-9]{1,9}){0,3})");

    private static final Pattern WEBHOOK = Pattern.compile("https?://\\S+(?:[ \\t]+(?:problem|mailbox|sender)){0,3}");

    private ControlChecks() {}

    /// Whether a file holds passwords.
    public static boolean isSecret(ControlFile file) {
        return file.value().kind() == ControlValue.Kind.ROUTES || SECRET.contains(file);
    }

    /// Whether a program reads it when it starts, and not again: a change counts after the next start.
    public static boolean atStart(ControlFile file) {
        return AT_START.contains(file);
    }

    /// Whether it can name a program that runs then: what only whoever is on the machine may say.
    public static boolean runs(ControlFile file) {
        return RUNS.contains(file);
    }

    /// What is wrong with a line that is neither empty nor a comment; nothing when it makes sense.
    public static String problem(ControlFile file, String line) {
        ControlValue value = file.value();
        return switch (value.kind()) {
            case NUMBER -> NUMBER.matcher(line).matches() ? "" : "not a whole number of at least 0";
            case CHOICE, YES ->
                value.words().contains(line) ? "" : "must be one of these: " + String.join(", ", value.words());
            case OR_ME ->
                file == ControlFile.SMTPGREETING || ONE_WORD.matcher(line).matches() ? "" : "not a name";
            case ROUTES -> ROUTE.matcher(line).matches() ? "" : "not domain:relay:port";
            case LIST -> list(file, line);
            case NAME, LIST_OR_ME, FILE, FOLDER -> "";
        };
    }

    private static String list(ControlFile file, String line) {
        return switch (file) {
            case SRS_SECRETS -> line.length() < SECRET_CHARS_MIN ? "shorter than " + SECRET_CHARS_MIN + " bytes" : "";
            case SPAM -> SPAM.matcher(line).matches() ? "" : "not domain:mark, domain:junk or domain:refuse";
            case VIRTUALDOMAINS -> PREFIX.matcher(line).matches() ? "" : "not domain:prefix";
            case SENDLIMITS ->
                SEND_LIMIT.matcher(line).matches() ? "" : "not WHO off, or WHO messages N recipients N and their like";
            case WEBHOOKS -> WEBHOOK.matcher(line).matches() ? "" : "not URL, or URL problem, mailbox or sender";
            default -> "";
        };
    }
}
