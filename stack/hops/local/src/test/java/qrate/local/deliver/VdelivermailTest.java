package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Program;
import qrate.core.Verdict;
import qrate.snapshots.Directory;

/// Every argument and exit code, as a domain's `.qmail-default` would have it run.
class VdelivermailTest {
    private static final String MESSAGE = "Subject: x\n\nx\n";

    @TempDir
    Path root;

    private final Map<String, Directory.Route> routes = new HashMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final List<Envelope> envelopes = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Verdict queue = new Verdict.Delivered("ok 1 qp 7");

    @BeforeEach
    void makeADomain() throws IOException {
        Files.createDirectories(root.resolve("control"));
        Files.createDirectories(home("ann"));
        routes.put("ann@h.test", Setting.mailbox("h.test", "ann", 0, List.of(), true));
        environment.putAll(Map.of(
                "QRATE_STATE",
                root.toString(),
                "EXT",
                "ann",
                "HOST",
                "h.test",
                "SENDER",
                "bob@example.org",
                "RECIPIENT",
                "h.test-ann@h.test"));
    }

    private Path home(String user) {
        return root.resolve("maildirs/domains/h.test/" + user);
    }

    private List<Path> mail(Path maildir) throws IOException {
        if (!Files.exists(maildir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
            return files.toList();
        }
    }

    private Verdict accept(Envelope envelope, Body body) {
        envelopes.add(envelope);
        try (InputStream in = body.open()) {
            contents.add(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return queue;
    }

    private int run(String... arguments) throws IOException {
        return runWith(MESSAGE, arguments);
    }

    private int runWith(String message, String... arguments) throws IOException {
        said.reset();
        PrintStream stream = new PrintStream(said, true, UTF_8);
        return new Vdelivermail(_ -> this::accept, _ -> new Routes(), InstantSource.system())
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                environment, new ByteArrayInputStream(message.getBytes(UTF_8)), stream, stream));
    }

    private final class Routes implements Directory {
        @Override
        public Route route(Address address) {
            return routes.getOrDefault(address.toString(), new Route.NoSuchUser());
        }
    }

    @Test
    void putsMailIntoTheUsersMaildir() throws IOException {
        assertEquals(0, run("", "bounce-no-mailbox"), said.toString(UTF_8));
        String message = Files.readString(mail(home("ann/Maildir")).getFirst());
        assertEquals("Return-Path: <bob@example.org>\nDelivered-To: h.test-ann@h.test\n" + MESSAGE, message);
        environment.put("EXT", "ann-tag"); // the user in front of the dash
        assertEquals(0, run("", "bounce-no-mailbox"));
        assertEquals(2, mail(home("ann/Maildir")).size());
    }

    @Test
    void doesWithMailForNobodyWhatItsArgumentSays() throws IOException {
        environment.put("EXT", "nobody");
        assertEquals(100, run("", "bounce-no-mailbox"));
        assertEquals("Sorry, no mailbox here by that name. (#5.1.1)\n", said.toString(UTF_8));
        assertEquals(0, run("", "delete"));
        assertEquals(List.of(), envelopes);
        assertEquals(0, run("", "rest@example.net"));
        assertEquals(List.of(Envelope.of("bob@example.org", "rest@example.net").sentOnBy("h.test")), envelopes);
        assertEquals("Delivered-To: h.test-ann@h.test\n" + MESSAGE, contents.getFirst());
        assertEquals(List.of(), mail(home("ann/Maildir")));
    }

    @Test
    void aPathIsAUsersFolderOrAMaildir() throws IOException {
        environment.put("EXT", "nobody");
        Path maildir = home("ann/Maildir");
        for (String folder : List.of("new", "cur", "tmp")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        assertEquals(0, run("", home("ann").toString()), said.toString(UTF_8));
        assertEquals(0, run("", maildir.toString()), said.toString(UTF_8));
        assertEquals(2, mail(maildir).size());
        assertEquals(111, run("", root.resolve("outside").toString()));
        assertEquals(111, run("", home("carl").toString())); // there is none, and none is made
    }

    @Test
    void goesToThePostmasterWhenNothingIsSaid() throws IOException {
        environment.put("EXT", "nobody");
        assertEquals(0, run());
        assertEquals(0, run(""));
        assertEquals(Envelope.of("bob@example.org", "postmaster@h.test").sentOnBy("h.test"), envelopes.getLast());
        assertEquals(2, envelopes.size());
    }

    @Test
    void followsTheMailboxesOwnQmailFile() throws IOException {
        Files.writeString(home("ann").resolve(".qmail"), "./Maildir/\n&copy@example.net\n|exit 0\n");
        assertEquals(111, run("", "delete"));
        assertTrue(said.toString(UTF_8).contains("runs a program, which is not allowed here."));
        Files.writeString(root.resolve("control/virtualprograms"), "h.test\n");
        assertEquals(0, run("", "delete"), said.toString(UTF_8));
        assertEquals("did 1+1+1\nqp 7\n", said.toString(UTF_8));
        assertEquals(Envelope.of("bob@example.org", "copy@example.net").sentOnBy("h.test"), envelopes.getFirst());
        Files.writeString(home("ann").resolve(".qmail"), "|exit 111\n");
        assertEquals(111, run("", "delete"));
    }

    @Test
    void aFullMailboxBouncesAndAnAliasIsSentOn() throws IOException {
        routes.put("ann@h.test", Setting.mailbox("h.test", "ann", 5, List.of(), true));
        assertEquals(100, run("", "delete"));
        assertEquals("Mailbox is over its quota. (#5.2.2)\n", said.toString(UTF_8));
        routes.put("ann@h.test", new Directory.Route.Forward(List.of("far@example.net")));
        assertEquals(0, run("", "delete"));
        queue = new Verdict.Later("full");
        assertEquals(111, run("", "delete"));
        queue = new Verdict.Never("no");
        assertEquals(100, run("", "delete"));
    }

    @Test
    void stopsALoopAndAWrongCall() throws IOException {
        assertEquals(100, runWith("Delivered-To: h.test-ann@h.test\n\nx\n", "", "delete"));
        assertEquals(111, run("delete"));
        assertEquals(111, run("", "delete", "more"));
        for (String name : List.of("EXT", "HOST", "SENDER")) {
            String value = environment.remove(name);
            assertEquals(111, run("", "delete"));
            environment.put(name, value);
        }
        environment.put("SENDER", "a\nb@c");
        assertEquals(100, run("", "delete"));
        assertEquals(List.of(), mail(home("ann/Maildir")));
    }
}
