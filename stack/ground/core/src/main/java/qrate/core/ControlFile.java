package qrate.core;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Every control file there is (qmail-control(5)): what it holds and means, what holds without it, and who reads it.
///
/// Declared here and nowhere else: programs take defaults and limits of numbers from here, `qmail-showctl` and the
/// checks of `apply` and REST what is right, and `docs/control.md` and the page qmail-control(5) are made of it.
@SuppressWarnings("ImmutableEnumChecker") // records of text and numbers
public enum ControlFile {
    ME(
            ControlValue.name("must be there"),
            ControlAbout.us(
                    "all programs",
                    "this host's name; many other files say the same where they are missing",
                    "mail.example.org")),
    ACME(
            ControlValue.name("no CA is asked"),
            ControlAbout.ca(
                    "acme",
                    "the CA: `letsencrypt`, `letsencrypt-staging`, `zerossl`, `google`, `buypass`, or the address of its ACME directory. To write it there is to agree to the CA's terms",
                    "letsencrypt")),
    ACMECA(
            ControlValue.file("those of the system"),
            ControlAbout.ca(
                    "acme",
                    "certificates in PEM that the CA's own server is believed by, for a CA of your own",
                    "-----BEGIN CERTIFICATE----- ...")),
    ACMEEAB(
            ControlValue.file("none"),
            ControlAbout.ca(
                    "acme", "an account at the CA's own site, for a CA that wants one: `ID KEY`", "kid-1 bWFjLWtleQ")),
    ACMEEMAIL(
            ControlValue.name("it is told none"),
            ControlAbout.ca("acme", "where the CA writes to, if it does", "hostmaster@example.org")),
    ACMEHOOK(
            ControlValue.name("the CA is answered by HTTP on port 80"),
            ControlAbout.ca(
                    "acme",
                    "program that publishes DNS records, by its full name; in containers `/hook`",
                    "/usr/local/bin/dns-hook")),
    ACMEKEYS(
            ControlValue.choice("ecdsa", "rsa", "ecdsa rsa", "rsa ecdsa"),
            ControlAbout.ca(
                    "acme",
                    "the keys of the certificate: `ecdsa`, `rsa`, or `ecdsa rsa` for both beside each other",
                    "ecdsa rsa")),
    ACMENAMES(
            ControlValue.listOrMe(),
            ControlAbout.ca(
                    "acme",
                    "host names that the certificate is for, the first as its own; `*.example.org` with `acmehook` only",
                    "mail.example.org")),
    ADMINURL(
            ControlValue.name("nobody gets a link for a forgotten password"),
            ControlAbout.us(
                    "admin",
                    "where pages are reached from outside, for links that set a forgotten password; `https://` only",
                    "https://mail.example.org")),
    BADMAILFROM(
            ControlValue.list("none is"),
            ControlAbout.in("qmail-smtpd", "senders, or `@host`, that are refused", "@spam.example")),
    BADRCPTTO(
            ControlValue.list("none is"),
            ControlAbout.in("qmail-smtpd", "recipients, or `@host`, that are refused", "trap@example.org")),
    BOUNCEFROM(
            ControlValue.name("MAILER-DAEMON"),
            ControlAbout.bounces("qmail-send", "the user that a bounce is from", "postmaster")),
    BOUNCEHOST(
            ControlValue.orMe(), ControlAbout.bounces("qmail-send", "the host that a bounce is from", "example.org")),
    BOUNCEMAXBYTES(
            ControlValue.number(1 << 20, 0, 16 << 20, "bytes"),
            ControlAbout.bounces("qmail-send", "most bytes of the message that a bounce repeats", "65536")),
    COMPLAINTMAILBOX(
            ControlValue.name("abuse of the domain"),
            ControlAbout.reading(
                    "lspawn, admin", "the mailbox to which complaints come (feedback loops)", "fbl@example.org")),
    CONCURRENCYINCOMING(
            ControlValue.number(400, 0, Integer.MAX_VALUE, "connections"),
            ControlAbout.in("tcpserver", "connections at once, each listener", "1000")),
    // DEVIATION: qmail-send's default is 10 processes; a delivery to a Maildir here is a virtual thread that mostly
    // waits for a sync it shares with the others, so more at once is faster and costs little.
    CONCURRENCYLOCAL(
            ControlValue.number(100, 0, 1000, "deliveries"),
            ControlAbout.out("qmail-send", "deliveries at once into mailboxes here; 0 holds them", "50")),
    CONCURRENCYPERHOST(
            ControlValue.number(10, 1, 1000, "connections"),
            ControlAbout.out("qmail-remote", "connections at once to one host", "4")),
    CONCURRENCYREMOTE(
            ControlValue.number(20, 0, 1000, "deliveries"),
            ControlAbout.out(
                    "qmail-send",
                    "deliveries at once to other hosts, without those that a host lets wait for its greeting; 0 holds them",
                    "100")),
    DATABYTES(
            ControlValue.number(0, 0, Long.MAX_VALUE, "bytes"),
            ControlAbout.in("qmail-smtpd", "most bytes of a message, 0 for no limit", "50000000")),
    DEFAULTDELIVERY(
            ControlValue.list("./Maildir/"),
            ControlAbout.out("qmail-local", "what an empty `.qmail` means, for accounts of the system", "./Mailbox")),
    DEFAULTDOMAIN(
            ControlValue.orMe(), ControlAbout.us("qmail-inject", "added to a host name without a dot", "example.org")),
    DEFAULTHOST(
            ControlValue.orMe(),
            ControlAbout.us("qmail-inject, vchkpw", "added to an address or a login without a host", "example.org")),
    DELAYWARNING(
            ControlValue.number(0, 0, Integer.MAX_VALUE, "seconds"),
            ControlAbout.out("qmail-send", "seconds until a sender is told that mail is late, 0 for never", "14400")),
    DKIMROTATE(
            ControlValue.number(180, 0, 3650, "days"),
            ControlAbout.out("signer", "after how many days a domain gets its next DKIM keys; 0 for never", "90")),
    DKIMSIGN(
            ControlValue.choice("yes", "try", "no"),
            ControlAbout.out("qmail-remote", "DKIM: `yes`; `try`: unsigned while the signer is away; `no`", "try")),
    DKIMVERIFY(
            ControlValue.choice("mark", "off"),
            ControlAbout.gate("whether DKIM and ARC are looked at: `mark`, or `off`, and DMARC then, too", "off")),
    DMARC(
            ControlValue.choice("mark", "off", "junk", "quarantine", "refuse-junk", "refuse"),
            ControlAbout.gate("DMARC's mode: `off`, `mark`, `junk`, `quarantine`, `refuse-junk`, `refuse`", "refuse")),
    DMARCEXCEPTIONS(
            ControlValue.list("nobody is"),
            ControlAbout.gate(
                    "domains, networks, `<list ids>` and `arc=` sealers that `dmarc` lets pass", "192.0.2.0/24")),
    DMARCMAILBOX(
            ControlValue.name("postmaster of the domain asked about"),
            ControlAbout.reading(
                    "dmarc, lspawn, admin",
                    "the mailbox to which reports of DMARC about us come",
                    "dmarc@example.org")),
    DMARCREPORTS(
            ControlValue.name("none are sent"),
            ControlAbout.gate("the address that reports of DMARC to other domains come from", "dmarc@example.org")),
    DNSBL(ControlValue.list("none"), ControlAbout.gate("lists of clients in DNS", "bl.example mark")),
    DNSCHECK(
            ControlValue.name("each zone's own name servers"),
            ControlAbout.dns("dns, admin", "a second resolver for looks at DNS: `ADDRESS[:PORT]`", "9.9.9.9")),
    DNSUPDATE(
            ControlValue.name("none is told"),
            ControlAbout.dns(
                    "dns, dkim", "server of `dns --update`: `SERVER[:PORT] KEY [ALGORITHM]`", "192.0.2.53 key")),
    DNSUPDATEKEY(
            ControlValue.file("no update is signed"),
            ControlAbout.dns("dns, dkim", "the secret of that key in base64; only its owner may read the file", "")),
    DOUBLEBOUNCEHOST(
            ControlValue.orMe(),
            ControlAbout.bounces("qmail-send", "the host of who gets a bounce that bounced", "example.org")),
    DOUBLEBOUNCETO(
            ControlValue.name("postmaster"),
            ControlAbout.bounces("qmail-send", "the user who gets a bounce that bounced", "bounces")),
    ENVNOATHOST(
            ControlValue.orMe(),
            ControlAbout.us("qmail-send", "the host of an envelope recipient without one", "example.org")),
    FROMHEADER(
            ControlValue.choice(
                    "users write as themselves, or for others with themselves in Sender or Resent-From",
                    List.of("any", "self")),
            ControlAbout.in(
                    "qmail-smtpd",
                    "how users may write From. `any`: as anybody (for contact forms). `self`: never for others, not even with themselves as Sender",
                    "self")),
    GREYLIST(ControlValue.number(0, 0, 3600, "seconds"), ControlAbout.gate("time a stranger waits", "300")),
    HELOHOST(
            ControlValue.orMe(),
            ControlAbout.us("qmail-remote", "what we call ourselves to other servers", "mail.example.org")),
    IDHOST(ControlValue.orMe(), ControlAbout.us("qmail-inject", "the host in Message-ID", "example.org")),
    LISTURL(
            ControlValue.name("lists send addresses only"),
            ControlAbout.reading(
                    "ezmlm-send, admin",
                    "where the admin port is reached from outside, for links in list mail",
                    "https://lists.example.org")),
    LOCALIPHOST(ControlValue.orMe(), ControlAbout.us("qmail-smtpd", "stands for `user@[our address]`", "example.org")),
    LOCALIPS(
            ControlValue.list("those of this machine"),
            ControlAbout.us("qmail-remote", "our addresses, where others reach us by them", "192.0.2.25")),
    LOCALS(
            ControlValue.listOrMe(),
            ControlAbout.out(
                    "qmail-send", "hosts whose mail is delivered to users of `users/cdb`", "mail.example.org")),
    MILTERS(
            ControlValue.list("none is asked"),
            ControlAbout.in(
                    "qmail-smtpd", "filters that are asked about mail, in order", "inet:11332@localhost away=accept")),
    MORERCPTHOSTS(
            ControlValue.list("none"),
            ControlAbout.in(
                    "qmail-newmrh",
                    "more of `rcpthosts`; `qmail-newmrh` compiles it to `morercpthosts.cdb`",
                    "example.com")),
    MORERCPTHOSTS_CDB(
            "morercpthosts.cdb",
            ControlValue.file("none"),
            ControlAbout.in("qmail-smtpd", "what `qmail-newmrh` makes of `morercpthosts`; not to be edited", "")),
    MTASTS(
            ControlValue.choice("testing", "enforce", "off"),
            ControlAbout.dns("admin, dns", "MTA-STS for mail to us: `testing`, `enforce`, or `off`", "enforce")),
    PERCENTHACK(
            ControlValue.list("none"),
            ControlAbout.in("qmail-send", "hosts for which `user%other@host` means `user@other`", "old.example.org")),
    PLUSDOMAIN(
            ControlValue.orMe(),
            ControlAbout.us("qmail-inject", "added to a host name that ends with `+`", "example.org")),
    POLICYDOMAINS(
            ControlValue.list("all are alike"),
            ControlAbout.gate("domains here with settings of their own", "example.org spf=3 dmarc=refuse")),
    POP3APOP(
            ControlValue.yes("it is not"),
            ControlAbout.reading(
                    "qmail-popup",
                    "whether APOP is offered: `yes`, where the program of `QRATE_CHECKPASSWORD` can check it (vchkpw cannot)",
                    "yes")),
    POP3PLAINTEXT(
            ControlValue.yes("it does not"),
            ControlAbout.reading("qmail-popup", "whether POP3 takes passwords without TLS: `yes`", "yes")),
    PROXYFROM(
            ControlValue.list("nobody speaks for others"),
            ControlAbout.in(
                    "tcpserver, admin",
                    "addresses of proxies. Before the mail ports they may speak the PROXY protocol; before the admin port their `Forwarded` or `X-Forwarded-For` counts",
                    "10.0.0.0/8")),
    QMQPSERVERS(
            ControlValue.list("the one of `QRATE_SEND`"),
            ControlAbout.in(
                    "qmail-qmqpc, qmail-queue", "queues that take mail by QMQP, tried in order", "192.0.2.9:628")),
    QUARANTINEDAYS(
            ControlValue.number(0, 0, 3650, "days"),
            ControlAbout.out(
                    "qmail-send",
                    "after how many days a message that a filter put aside is deleted, and nobody told; 0 for never",
                    "90")),
    QUEUELIFETIME(
            ControlValue.number(604_800, 0, Integer.MAX_VALUE, "seconds"),
            ControlAbout.out(
                    "qmail-send", "seconds until mail that cannot be delivered bounces; a week is 604800", "259200")),
    RCPTHOSTS(
            ControlValue.list("no host's mail"),
            ControlAbout.in("qmail-smtpd", "hosts and `.domains` whose mail is taken", "example.org")),
    RECEIVEDSPF(ControlValue.yes("it is not"), ControlAbout.gate("whether Received-SPF is written, too: `yes`", "yes")),
    SENDLIMITS(
            ControlValue.list("`* messages 1000 recipients 2000 bounces 200 networks 30`"),
            ControlAbout.out(
                    "qmail-send", "what a user may send in an hour (`qrate man sendlimits`)", "ann@example.org off")),
    SMTPGREETING(
            ControlValue.orMe(),
            ControlAbout.us("qmail-smtpd", "the text of SMTP's greeting", "mail.example.org ready")),
    SMTPROUTES(
            ControlValue.routes("none"),
            ControlAbout.out(
                    "qmail-remote",
                    "where mail goes instead of its MX: `domain:host:port user password` (`qrate man qmail-remote`)",
                    ":smtp.example.net:587 ann secret")),
    SPAM(
            ControlValue.list("it is marked"),
            ControlAbout.in("qmail-smtpd, qmail-local", "spam, by domain: `mark`, `junk` or `refuse`", ":junk")),
    SPFBEHAVIOR(
            ControlValue.number(1, 0, 6, "as level"),
            ControlAbout.gate("what is done for SPF, from 0 `off` and 1 `mark` to 3, refuse `fail`, and beyond", "3")),
    SPFEXP(
            ControlValue.name("none"),
            ControlAbout.gate("words for who is refused by SPF, with its macros", "see https://example.org/?i=%{i}")),
    SPFGUESS(
            ControlValue.name("none"),
            ControlAbout.gate("the SPF record of domains that publish none; not for DMARC", "a/24 mx/24 ?all")),
    SPFRULES(
            ControlValue.name("none"),
            ControlAbout.gate("mechanisms of ours before a domain's last one; not for DMARC", "ip4:192.0.2.0/24")),
    SRS(
            ControlValue.choice("yes", "no"),
            ControlAbout.out(
                    "qmail-remote", "whether what we send on to other hosts has a sender of ours (SRS)", "no")),
    SRS_DOMAIN(
            ControlValue.name("that of whose alias or `.qmail` file sends it on"),
            ControlAbout.out("qmail-remote", "the domain of such senders, one of ours", "example.org")),
    SRS_MAXAGE(
            ControlValue.number(21, 1, 365, "days"),
            ControlAbout.out("qmail-smtpd, qmail-local", "for how long mail comes back by such a sender", "21")),
    SRS_SECRETS(
            ControlValue.list("no sender is rewritten"),
            ControlAbout.out(
                    "qmail-remote, qmail-smtpd, qmail-local",
                    "secrets of 8 bytes or more; the first signs, all are believed",
                    "")),
    TCP_SMTP(
            "tcp.smtp",
            ControlValue.file("every address may connect, none may relay"),
            ControlAbout.in(
                    "tcprules",
                    "rules by client address; `tcprules` compiles it to `tcp.smtp.cdb`, which counts (`qrate man tcp.smtp`)",
                    "192.0.2.:allow,RELAYCLIENT=\"\"")),
    TCP_SMTP_CDB(
            "tcp.smtp.cdb",
            ControlValue.file("every address may connect, none may relay"),
            ControlAbout.in("tcpserver", "what `tcprules` makes of `tcp.smtp`; not to be edited", "")),
    TIMEOUTCONNECT(
            ControlValue.number(60, 1, 86_400, "seconds"),
            ControlAbout.out("qmail-remote", "seconds to wait for a connection", "30")),
    TIMEOUTDATA(
            ControlValue.number(3600, 1, Integer.MAX_VALUE / 1000, "seconds"),
            ControlAbout.in("qmail-smtpd", "seconds that one message may take", "600")),
    TIMEOUTREMOTE(
            ControlValue.number(1200, 1, 86_400, "seconds"),
            ControlAbout.out("qmail-remote", "seconds to wait for each answer of another server", "600")),
    // DEVIATION: qmail-smtpd waits 1200; RFC 5321 §4.5.3.2.7 asks for five minutes
    TIMEOUTSMTPD(
            ControlValue.number(300, 1, Integer.MAX_VALUE / 1000, "seconds"),
            ControlAbout.in("qmail-smtpd", "seconds that a client may be silent", "120")),
    TLSHOSTS(
            ControlValue.folder("any that the system trusts"),
            ControlAbout.out(
                    "qmail-remote",
                    "a folder: only the certificates in its file `HOST.pem` are believed of HOST, and TLS is a must there",
                    "")),
    TLSMAILBOX(
            ControlValue.name("postmaster of the domain asked about"),
            ControlAbout.reading(
                    "tlsrpt, lspawn, admin",
                    "the mailbox to which reports on the TLS of mail to us come",
                    "tls@example.org")),
    TLSREMOTE(
            ControlValue.choice("may", "must", "never"),
            ControlAbout.out(
                    "qmail-remote",
                    "TLS to other servers. `must`: no mail goes out without it; `never`: none with it; `may`: with it where they offer it",
                    "must")),
    TLSREPORTS(
            ControlValue.name("none are sent"),
            ControlAbout.out(
                    "admin",
                    "the address that reports on the TLS of our mail to other domains come from",
                    "tls@example.org")),
    VIRTUALDOMAINS(
            ControlValue.list("none"),
            ControlAbout.out(
                    "qmail-send",
                    "domains that belong to a user: `domain:prefix`, `user@domain:prefix`; the directory keeps its domains there by itself",
                    "example.com:ann")),
    VIRTUALPROGRAMS(
            ControlValue.list("none"),
            ControlAbout.out(
                    "qmail-local", "domains of the directory whose `.qmail` files may run programs", "example.org")),
    WEBHOOKS(
            ControlValue.list("nobody"),
            ControlAbout.told(
                    "who is told of problems, full mailboxes, stopped users and new places of logins by HTTP: `URL [problem] [mailbox] [sender] [login]` (`qrate man webhooks`)",
                    "https://hooks.example.org/qrate problem")),
    WEBHOOKSECRET(
            ControlValue.file("nobody is told"),
            ControlAbout.told("the secret that these messages are signed with; not for everybody to read", ""));

    private final String file;
    private final ControlValue value;
    private final ControlAbout about;

    /// One whose name in the folder is that of the constant.
    ControlFile(ControlValue value, ControlAbout about) {
        this.file = name().toLowerCase(Locale.ROOT);
        this.value = value;
        this.about = about;
    }

    ControlFile(String file, ControlValue value, ControlAbout about) {
        this.file = file;
        this.value = value;
        this.about = about;
    }

    /// Its name in the folder.
    public String file() {
        return file;
    }

    /// What it holds, and what holds without it.
    public ControlValue value() {
        return value;
    }

    /// What people are told of it.
    public ControlAbout about() {
        return about;
    }

    /// The one of that name.
    public static Optional<ControlFile> named(String name) {
        return Arrays.stream(values()).filter(each -> each.file.equals(name)).findFirst();
    }

    /// Whether it holds one value, in its first line.
    public boolean isValue() {
        return value.kind().isOne();
    }
}
