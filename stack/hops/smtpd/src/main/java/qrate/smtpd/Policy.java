package qrate.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.address.Addresses;
import qrate.address.Standing;
import qrate.cdb.Cdb;
import qrate.core.Address;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DomainName;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Steps;
import qrate.smtp.Command;
import qrate.smtp.MailPath;
import qrate.snapshots.Directory;
import qrate.snapshots.Names;

/// Who may send to whom: the control files, the directory and the environment of one connection.
final class Policy {
    /// Most recipients of a message; RFC 5321 §4.5.3.1.8 asks for at least 100.
    static final int RECIPIENTS_MAX = 1000;

    private static final String NO_DOMAIN = "553 5.1.3 that address needs a domain";

    /// What becomes of a recipient.
    sealed interface Judgement {
        /// It is taken, under this address.
        record Taken(Recipient recipient) implements Judgement {}

        /// It is not.
        record Refused(String reply) implements Judgement {}
    }

    private final Control control;
    private final Addresses addresses;
    private final Directory directory;
    private final Map<String, String> environment;

    Policy(Control control, Addresses addresses, Map<String, String> environment) {
        this.control = control;
        this.addresses = addresses;
        this.directory = addresses.directory();
        this.environment = environment;
    }

    /// Most bytes of a message, 0 for no limit: DATABYTES, else `databytes`.
    long bytesMax() throws IOException {
        String own = environment.getOrDefault("DATABYTES", "");
        if (own.isEmpty()) {
            return control.number(ControlFile.DATABYTES);
        }
        try {
            return Math.max(0, Long.parseLong(own));
        } catch (NumberFormatException e) {
            throw new IOException("DATABYTES is not a number", e);
        }
    }

    /// Why a sender is refused, if it is.
    Optional<String> sender(SessionState.Client client, Command.Mail mail, long bytesMax) throws IOException {
        if (bytesMax > 0 && mail.parameters().size() > bytesMax) {
            return Optional.of("552 5.3.4 sorry, that message size exceeds my databytes limit");
        }
        MailPath from = mail.from();
        if (from.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> bad = badSender(from);
        if (bad.isPresent()) {
            return bad;
        }
        if (client.isKnown() && !maySendAs(client, from.address())) {
            return Optional.of("553 5.7.1 sorry, that sender address is not yours");
        }
        return Optional.empty();
    }

    /// Whether a user may write as an address: their own, whether or not the directory knows it, or an alias there.
    private boolean maySendAs(SessionState.Client client, String address) throws IOException {
        return Address.of(address).equals(Address.of(client.login()))
                || directory.maySendAs(client.login(), Address.of(address));
    }

    /// Why the header of a user's message is refused, if it is: {@link Submitted} says when. `fromheader` with `any`
    /// lets a user write as anybody, with `self` as nobody else at all, not even for others by Sender.
    Optional<String> header(SessionState.Client client, Submitted message) throws IOException {
        Optional<String> setting = control.line("fromheader");
        return setting.filter("any"::equals).isPresent()
                ? Optional.empty()
                : message.refusal(
                        address -> maySendAs(client, address),
                        setting.filter("self"::equals).isPresent());
    }

    /// Why a sender is refused whoever gives it, if it is.
    Optional<String> badSender(MailPath from) throws IOException {
        return !from.isEmpty() && isListed(control.lines("badmailfrom"), from)
                ? Optional.of("553 5.7.1 sorry, your envelope sender is in my badmailfrom list")
                : Optional.empty();
    }

    /// Whether an address, or its domain with `@` in front, stands in a list.
    private static boolean isListed(List<String> list, MailPath path) {
        if (list.isEmpty()) {
            return false;
        }
        String domain = DomainName.ascii(path.domain());
        String local = Names.composed(path.local());
        return list.stream().map(Names::composed).anyMatch(line -> {
            int at = line.lastIndexOf('@');
            return at < 0
                    ? line.equalsIgnoreCase(Names.composed(path.address()))
                    : (at == 0 || line.substring(0, at).equalsIgnoreCase(local))
                            && DomainName.ascii(line.substring(at + 1)).equals(domain);
        });
    }

    Judgement recipient(SessionState.Transaction state, Command.Rcpt rcpt) throws IOException {
        if (state.recipients().size() >= RECIPIENTS_MAX) {
            return refused("452 4.5.3 too many recipients");
        }
        SessionState.Client client = state.client();
        if (state.mail().from().isEmpty()
                && client.isKnown()
                && !state.recipients().isEmpty()) {
            // users send from <> for receipts, which go to one person (RFC 8098 §2.1): no use for anything else
            return refused("550 5.7.1 one recipient only for an empty sender");
        }
        if (rcpt.to().utf8() && !state.mail().parameters().smtpUtf8()) {
            return refused("553 5.6.7 that address needs SMTPUTF8"); // RFC 6531 §3.5
        }
        Giver giver = new Giver(client, state.mail().parameters().size());
        return recipient(giver, rcpt.to(), rcpt.parameters().travelling(), Steps.none());
    }

    /// A recipient whom a client of no name gives, by another protocol than SMTP.
    Judgement recipient(MailPath to) throws IOException {
        return recipient(Giver.STRANGER, to, "", Steps.none());
    }

    /// A recipient that a milter adds: nobody asks whether it may be relayed to, or exists.
    ///
    /// @param recipients those that the message has already
    Judgement added(List<Recipient> recipients, Command.Rcpt rcpt) throws IOException {
        if (recipients.size() >= RECIPIENTS_MAX) {
            return refused("452 4.5.3 too many recipients");
        }
        Optional<String> complete = complete(rcpt.to());
        return complete.isPresent()
                ? new Judgement.Taken(
                        new Recipient(complete.get(), rcpt.parameters().travelling()))
                : refused(NO_DOMAIN);
    }

    /// Who names a recipient.
    ///
    /// @param bytes size of the message as MAIL said it, 0 when it did not
    record Giver(SessionState.Client client, long bytes) {
        static final Giver STRANGER = new Giver(SessionState.Client.STRANGER, 0);
    }

    /// A recipient by itself, whoever else gets the message.
    Judgement recipient(Giver giver, MailPath to, String parameters, Steps steps) throws IOException {
        boolean bad = isListed(control.lines("badrcptto"), to);
        steps.say("badrcptto: " + (bad ? "has it" : "does not have it"));
        if (bad) {
            return refused("550 5.7.1 sorry, that recipient is in my badrcptto list");
        }
        Optional<String> complete = complete(to);
        return complete.isPresent() ? route(giver, complete.get(), parameters, steps) : refused(NO_DOMAIN);
    }

    /// An address with a domain: `<postmaster>` is ours (RFC 5321 §4.5.1), and so is a literal that is this host.
    private Optional<String> complete(MailPath path) throws IOException {
        if (path.domain().isEmpty()) {
            return path.local().equalsIgnoreCase("postmaster")
                    ? Optional.of(path.local() + "@" + control.lineOrMe("me"))
                    : Optional.empty();
        }
        boolean here = path.domain().startsWith("[")
                && (path.domain().equalsIgnoreCase(literal(environment.getOrDefault("TCPLOCALIP", "")))
                        || isOfThisMachine(path.domain()));
        return Optional.of(here ? path.local() + "@" + control.lineOrMe("localiphost") : path.address());
    }

    /// Whether a literal is an address of one of this machine's interfaces (qmail-smtpd(8), localiphost).
    private static boolean isOfThisMachine(String literal) {
        String text = literal.regionMatches(true, 1, "IPv6:", 0, 5)
                ? literal.substring(6, literal.length() - 1)
                : literal.substring(1, literal.length() - 1);
        try {
            return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(text)) != null;
        } catch (IllegalArgumentException | SocketException _) {
            return false; // no address, or none of ours
        }
    }

    private static String literal(String ip) {
        return ip.indexOf(':') < 0 ? "[" + ip + "]" : "[IPv6:" + ip + "]";
    }

    private Judgement route(Giver giver, String address, String parameters, Steps steps) throws IOException {
        Address parsed = Address.of(address);
        boolean relay = giver.client.isKnown() || environment.containsKey(Client.RELAYCLIENT);
        Directory.Route route = directory.route(parsed);
        steps.say("directory: " + words(route, parsed));
        boolean elsewhere = route instanceof Directory.Route.NotOurs;
        boolean postmaster = elsewhere && isPostmaster(parsed, steps);
        if (elsewhere && !relay && !postmaster && !isHost(parsed.domain(), steps)) {
            return refused("553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts");
        }
        if (postmaster || !environment.getOrDefault(Client.RELAYCLIENT, "").isEmpty()) {
            return taken(address, parameters); // whoever it is; or under another address, about which nobody asks
        }
        return switch (addresses.of(address, giver.bytes, steps)) {
            case Standing.Elsewhere _, Standing.There _ -> taken(address, parameters);
            case Standing.Missing(String why) -> refused("550 " + why);
            case Standing.NotNow(String why) -> refused("452 " + why);
        };
    }

    /// Why a message is refused that every recipient has had before, if so: delivery would bounce it, to a sender whom
    /// anybody can name. A recipient beside the one that goes round gets the message, as ever.
    ///
    /// @param delivered what its Delivered-To fields say
    Optional<String> round(List<Recipient> recipients, Set<String> delivered) throws IOException {
        for (Recipient recipient : recipients) {
            if (delivered.isEmpty() || !addresses.goesRound(recipient.address(), delivered)) {
                return Optional.empty();
            }
        }
        return Optional.of("554 5.4.6 sorry, that message has been delivered to that address before");
    }

    private static String words(Directory.Route route, Address address) {
        return switch (route) {
            case Directory.Route.Mailbox box -> address + " is a mailbox, " + box.address();
            case Directory.Route.Forward _ -> address + " is an alias";
            case Directory.Route.NoSuchUser _ -> address.domain() + " has no such user";
            case Directory.Route.NotOurs _ -> address.domain() + " is none of its domains";
        };
    }

    private Judgement taken(String address, String parameters) {
        String whole = address + environment.getOrDefault(Client.RELAYCLIENT, "");
        if (whole.length() > Envelope.TEXT_BYTES_MAX) {
            return refused("553 5.1.3 address too long");
        }
        return new Judgement.Taken(new Recipient(whole, parameters));
    }

    private static Judgement refused(String reply) {
        return new Judgement.Refused(reply);
    }

    /// Whether it is whoever answers for this host, whom anybody may write to (RFC 5321 §4.5.1).
    private boolean isPostmaster(Address address, Steps steps) throws IOException {
        String domain = DomainName.ascii(address.domain());
        boolean is = address.local().equalsIgnoreCase("postmaster") && isMe(domain);
        if (is) {
            steps.say("me: is " + domain + ", whose postmaster anybody may write to");
        }
        return is;
    }

    private boolean isMe(String domain) throws IOException {
        return control.line("me").map(DomainName::ascii).filter(domain::equals).isPresent();
    }

    /// Whether mail for a domain that is not the directory's is accepted all the same: for system users, or to relay.
    // DEVIATION: qmail-smtpd(8) relays for everyone when rcpthosts is missing; here what is local counts then
    private boolean isHost(String name, Steps steps) throws IOException {
        String domain = DomainName.ascii(name);
        boolean listed = control.exists("rcpthosts");
        String where;
        if (!listed && isMe(domain)) {
            where = "me";
        } else if (!listed && isCovered(control.lines("locals"), domain)) {
            where = "locals";
        } else if (isCovered(control.lines("rcpthosts"), domain)) {
            where = "rcpthosts";
        } else if (isInMore(domain)) {
            where = "morercpthosts";
        } else {
            steps.say((listed ? "" : "me, locals, ") + "rcpthosts, morercpthosts: none of them has " + domain);
            return false;
        }
        steps.say(where + ": has " + domain);
        return true;
    }

    /// Whether a list holds a domain, or `.suffix` of it.
    ///
    /// @param domain as {@link DomainName} has it
    private static boolean isCovered(List<String> list, String domain) {
        for (String entry : list) {
            String line = DomainName.ascii(entry);
            boolean suffix = line.startsWith(".") && domain.length() > line.length() && domain.endsWith(line);
            if (suffix || line.equals(domain)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInMore(String domain) throws IOException {
        Path file = control.folder().resolve("morercpthosts.cdb");
        if (!Files.exists(file)) {
            return false;
        }
        try (Cdb cdb = Cdb.open(file)) {
            for (int i = 0; i >= 0; i = domain.indexOf('.', i + 1)) {
                if (cdb.get(domain.substring(i).getBytes(StandardCharsets.UTF_8))
                        .isPresent()) {
                    return true;
                }
            }
            return false;
        }
    }
}
