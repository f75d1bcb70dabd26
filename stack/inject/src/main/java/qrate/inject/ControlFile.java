package qrate.inject;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Every control file there is (qmail-control(5)), who reads it and what it is without.
public enum ControlFile {
    ME("me", Kind.NAME, "", "all"),
    ACME("acme", Kind.NAME, "no CA is asked for a certificate", "acme"),
    ACMECA("acmeca", Kind.FILE, "the CA's server is believed as the system believes others", "acme"),
    ACMEEAB("acmeeab", Kind.FILE, "the CA wants no account of its own site", "acme"),
    ACMEEMAIL("acmeemail", Kind.NAME, "the CA is told no address", "acme"),
    ACMEHOOK("acmehook", Kind.NAME, "the CA is answered by HTTP", "acme"),
    ACMEKEYS("acmekeys", Kind.NAME, "ecdsa", "acme"),
    ACMENAMES("acmenames", Kind.LIST_OR_ME, "", "acme"),
    BADMAILFROM("badmailfrom", Kind.LIST, "any sender is allowed", "qmail-smtpd"),
    BADRCPTTO("badrcptto", Kind.LIST, "any recipient is allowed", "qmail-smtpd"),
    BOUNCEFROM("bouncefrom", Kind.NAME, "MAILER-DAEMON", "qmail-send"),
    BOUNCEHOST("bouncehost", Kind.OR_ME, "", "qmail-send"),
    BOUNCEMAXBYTES("bouncemaxbytes", Kind.NUMBER, "1048576", "qmail-send"),
    CONCURRENCYINCOMING("concurrencyincoming", Kind.NUMBER, "the listener's own limit", "tcpserver"),
    CONCURRENCYLOCAL("concurrencylocal", Kind.NUMBER, "100", "qmail-send"),
    CONCURRENCYPERHOST("concurrencyperhost", Kind.NUMBER, "10", "qmail-remote"),
    CONCURRENCYREMOTE("concurrencyremote", Kind.NUMBER, "20", "qmail-send"),
    DATABYTES("databytes", Kind.NUMBER, "0", "qmail-smtpd"),
    DEFAULTDELIVERY("defaultdelivery", Kind.LIST, "./Maildir/", "qmail-local"),
    DEFAULTDOMAIN("defaultdomain", Kind.OR_ME, "", "qmail-inject"),
    DEFAULTHOST("defaulthost", Kind.OR_ME, "", "qmail-inject, vchkpw"),
    DELAYWARNING("delaywarning", Kind.NUMBER, "0 (never)", "qmail-send"),
    DOUBLEBOUNCEHOST("doublebouncehost", Kind.OR_ME, "", "qmail-send"),
    DOUBLEBOUNCETO("doublebounceto", Kind.NAME, "postmaster", "qmail-send"),
    ENVNOATHOST("envnoathost", Kind.OR_ME, "", "qmail-send"),
    FROMHEADER(
            "fromheader",
            Kind.NAME,
            "users write as themselves, or for others with themselves as Sender",
            "qmail-smtpd"),
    HELOHOST("helohost", Kind.OR_ME, "", "qmail-remote"),
    IDHOST("idhost", Kind.OR_ME, "", "qmail-inject"),
    LISTURL("listurl", Kind.NAME, "lists send no links, only addresses", "ezmlm-send, admin"),
    LOCALIPHOST("localiphost", Kind.OR_ME, "", "qmail-smtpd"),
    LOCALIPS("localips", Kind.LIST, "the addresses of this machine", "qmail-remote"),
    LOCALS("locals", Kind.LIST_OR_ME, "", "qmail-send"),
    MORERCPTHOSTS("morercpthosts", Kind.LIST, "no more rcpthosts", "qmail-newmrh"),
    MORERCPTHOSTS_CDB("morercpthosts.cdb", Kind.FILE, "no more rcpthosts", "qmail-smtpd"),
    PERCENTHACK("percenthack", Kind.LIST, "the percent hack is not allowed", "qmail-send"),
    PLUSDOMAIN("plusdomain", Kind.OR_ME, "", "qmail-inject"),
    POP3APOP("pop3apop", Kind.NAME, "APOP is not offered", "qmail-popup"),
    POP3PLAINTEXT("pop3plaintext", Kind.NAME, "no password without TLS", "qmail-popup"),
    PROXYFROM("proxyfrom", Kind.LIST, "nobody may speak the PROXY protocol", "tcpserver"),
    QMQPSERVERS("qmqpservers", Kind.LIST, "the queue that QRATE_SEND names", "qmail-qmqpc, qmail-queue"),
    QUEUELIFETIME("queuelifetime", Kind.NUMBER, "604800", "qmail-send"),
    RCPTHOSTS("rcpthosts", Kind.LIST, "no host's mail is taken by SMTP", "qmail-smtpd"),
    SMTPGREETING("smtpgreeting", Kind.OR_ME, "", "qmail-smtpd"),
    SMTPROUTES("smtproutes", Kind.ROUTES, "no artificial routes", "qmail-remote"),
    TCP_SMTP("tcp.smtp", Kind.FILE, "no rules to compile", "tcprules"),
    TCP_SMTP_CDB("tcp.smtp.cdb", Kind.FILE, "no rules: every address may connect, none may relay", "tcpserver"),
    TIMEOUTCONNECT("timeoutconnect", Kind.NUMBER, "60", "qmail-remote"),
    TIMEOUTDATA("timeoutdata", Kind.NUMBER, "3600", "qmail-smtpd"),
    TIMEOUTREMOTE("timeoutremote", Kind.NUMBER, "1200", "qmail-remote"),
    TIMEOUTSMTPD("timeoutsmtpd", Kind.NUMBER, "300", "qmail-smtpd"),
    TLSHOSTS("tlshosts", Kind.FOLDER, "no server's certificate is pinned", "qmail-remote"),
    TLSREMOTE("tlsremote", Kind.NAME, "may", "qmail-remote"),
    VIRTUALDOMAINS("virtualdomains", Kind.LIST, "no virtual domains", "qmail-send"),
    VIRTUALPROGRAMS("virtualprograms", Kind.LIST, "no domain of the directory runs programs", "qmail-local");

    /// What a file holds.
    enum Kind {
        /// one value
        NAME,
        /// one value, or what `me` says
        OR_ME,
        /// a whole number
        NUMBER,
        /// a line each
        LIST,
        /// a line each, or what `me` says
        LIST_OR_ME,
        /// a line each, with passwords
        ROUTES,
        /// something that is not shown
        FILE,
        /// files of its own
        FOLDER
    }

    private static final Set<ControlFile> AT_START = Set.of(
            BOUNCEFROM,
            BOUNCEHOST,
            BOUNCEMAXBYTES,
            CONCURRENCYINCOMING,
            CONCURRENCYLOCAL,
            CONCURRENCYREMOTE,
            DELAYWARNING,
            DOUBLEBOUNCEHOST,
            DOUBLEBOUNCETO,
            QUEUELIFETIME);

    private static final Set<ControlFile> RUNS = Set.of(ACMEHOOK, DEFAULTDELIVERY, TCP_SMTP, VIRTUALPROGRAMS);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern ONE_WORD = Pattern.compile("\\S+");
    private static final Pattern PREFIX = Pattern.compile("[^:\\s]*:\\S*");
    private static final Pattern ROUTE =
            Pattern.compile("[^:\\s]*:(?:\\[[^]\\s]+]|[^:\\s]*)(?::[0-9]{0,5})?(?:[ \\t]+\\S+(?:[ \\t]+\\S+)?)?");

    private final String file;
    private final Kind kind;
    private final String otherwise;
    private final String reader;

    ControlFile(String file, Kind kind, String otherwise, String reader) {
        this.file = file;
        this.kind = kind;
        this.otherwise = otherwise;
        this.reader = reader;
    }

    /// Its name in the folder.
    public String file() {
        return file;
    }

    Kind kind() {
        return kind;
    }

    /// What holds without it.
    String otherwise() {
        return otherwise;
    }

    /// The program that reads it.
    String reader() {
        return reader;
    }

    /// The one of that name.
    public static Optional<ControlFile> named(String name) {
        return Arrays.stream(values()).filter(f -> f.file.equals(name)).findFirst();
    }

    /// Whether it holds one value, in its first line.
    public boolean isValue() {
        return kind == Kind.NAME || kind == Kind.OR_ME || kind == Kind.NUMBER;
    }

    /// Whether it holds passwords.
    public boolean isSecret() {
        return kind == Kind.ROUTES || this == ACMEEAB;
    }

    /// Whether a program reads it when it starts, and not again: a change counts after the next start.
    public boolean atStart() {
        return AT_START.contains(this);
    }

    /// Whether it can name a program that runs then: what only whoever is on the machine may say.
    public boolean runs() {
        return RUNS.contains(this);
    }

    /// What is wrong with a line that is neither empty nor a comment; nothing when it makes sense.
    public String problem(String line) {
        return switch (kind) {
            case NUMBER -> NUMBER.matcher(line).matches() ? "" : "not a whole number of at least 0";
            case OR_ME -> this == SMTPGREETING || ONE_WORD.matcher(line).matches() ? "" : "not a name";
            case ROUTES -> ROUTE.matcher(line).matches() ? "" : "not domain:relay:port";
            case LIST -> this != VIRTUALDOMAINS || PREFIX.matcher(line).matches() ? "" : "not domain:prefix";
            case NAME, LIST_OR_ME, FILE, FOLDER -> "";
        };
    }
}
