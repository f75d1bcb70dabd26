package qrate.smtpd;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import qrate.address.Addresses;
import qrate.address.Resolver;
import qrate.address.Returns;
import qrate.address.Rooms;
import qrate.address.Shelf;
import qrate.address.SystemAccounts;
import qrate.address.Users;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.snapshots.Directory;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;
import qrate.tcpserver.RulesFile;

/// A small mail host for tests: example.test with ann, bob (also known as rob) and no one else.
final class House implements Intake, Directory, PasswordChecker {
    record Message(Envelope envelope, String content) {}

    final List<Message> accepted = new CopyOnWriteArrayList<>();
    final java.io.ByteArrayOutputStream logged = new java.io.ByteArrayOutputStream();
    final Path control;
    final Path spool;
    volatile Verdict verdict = new Verdict.Delivered("ok 1764000000 qp 17");
    volatile boolean directoryBroken;
    volatile boolean bug;
    volatile Shelf shelf = Shelf.none();
    volatile Optional<Rooms.Room> rooms = Optional.empty();
    volatile PasswordChecker.Answer logins = new PasswordChecker.Answer.Refused();

    House(Path folder) throws IOException {
        control = Files.createDirectories(folder.resolve("control"));
        spool = Files.createDirectories(folder.resolve("spool"));
        control("me", "mail.example.test");
    }

    void control(String name, String text) throws IOException {
        Files.writeString(control.resolve(name), text + "\n");
    }

    Control controls() {
        return new Control(control, InstantSource.system());
    }

    Log log() {
        return new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Stamp.NONE, InstantSource.system());
    }

    Smtpd.Parts parts() {
        Spool rooms = new Spool(spool);
        Filters filters = new Filters(controls(), Map.of(), rooms, log());
        return new Smtpd.Parts(controls(), addresses(), this, this, log(), InstantSource.system(), rooms, filters);
    }

    /// Who exists, by this directory alone.
    Addresses addresses() {
        Path users = spool.resolve("users");
        Returns returns = new Returns(controls(), InstantSource.system());
        Resolver resolver = new Resolver(new Users(users), this, SystemAccounts.none(), shelf, "/maildirs", returns);
        return new Addresses(controls(), resolver, _ -> rooms);
    }

    Smtpd smtpd(Kind kind) {
        return new Smtpd(parts(), kind);
    }

    Listener listen(Kind kind, Certificates certificates, Map<String, String> more) throws IOException {
        Smtpd smtpd = smtpd(kind);
        Listener.Settings settings = Listener.Settings.on("127.0.0.1", 0);
        return Listener.start(
                kind == Kind.SUBMISSIONS ? settings.withImplicitTls() : settings,
                new Listener.Parts(controls(), RulesFile.none(), certificates, log()),
                connection -> smtpd.serve(new WithEnvironment(connection, more)));
    }

    Listener listen(Kind kind) throws IOException {
        return listen(kind, Certificates.none(), Map.of());
    }

    @Override
    public Verdict accept(Envelope envelope, Body body) {
        if (!(verdict instanceof Verdict.Delivered)) {
            return verdict;
        }
        try (InputStream in = body.open()) {
            byte[] all = in.readAllBytes();
            if (all.length != body.size()) {
                throw new IllegalStateException("size " + body.size() + " but " + all.length + " bytes");
            }
            accepted.add(new Message(envelope, new String(all, StandardCharsets.ISO_8859_1)));
            return verdict;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Route route(Address address) throws IOException {
        if (bug) {
            throw new IllegalStateException("bug");
        }
        if (directoryBroken) {
            throw new IOException("snapshot unreadable");
        }
        if (!address.domain().equals("example.test")) {
            return new Route.NotOurs();
        }
        return switch (address.local()) {
            case "ann", "bob" -> new Route.Mailbox(address.toString(), "domains/x", 0, 0, List.of(), true);
            case "rob" -> new Route.Forward(List.of("bob@example.test"));
            default -> new Route.NoSuchUser();
        };
    }

    @Override
    public Optional<Account> account(String login) {
        return Optional.empty();
    }

    @Override
    public boolean maySendAs(String mailbox, Address sender) {
        return sender.toString().equals(mailbox)
                || (mailbox.equals("bob@example.test") && sender.toString().equals("rob@example.test"));
    }

    @Override
    public Answer check(String login, byte[] password, Asker service, String remote) {
        boolean right =
                login.equals("bob@example.test") && new String(password, StandardCharsets.UTF_8).equals("secret");
        return right ? new Answer.Accepted(login, spool) : logins;
    }
}
