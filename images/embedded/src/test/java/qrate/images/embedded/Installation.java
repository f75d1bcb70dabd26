package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import qrate.core.Address;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Password;
import qrate.directory.RemoteDirectory;
import qrate.directory.Settings;
import qrate.directory.Words;
import qrate.provisioning.Provision;
import qrate.signer.HeldKey;
import qrate.signer.SignerClient;
import qrate.testkit.DnsServer;

/// A whole Qrate in a folder of a test: domain `example.test`, or what `QRATE_DOMAIN` says, with ann, bob and cid,
/// every
/// port any free one.
final class Installation implements AutoCloseable {
    /// Everybody's password.
    static final String PASSWORD = "correct horse";

    static final String ANN = "ann@example.test";
    static final String BOB = "bob@example.test";
    static final String CID = "cid@example.test";

    /// Longest wait for what shall happen by itself.
    static final Duration SOON = Duration.ofSeconds(60);

    /// A change of control files and snapshots is seen after so many milliseconds.
    private static final long STALE_MILLIS = 1100;

    private final State state;
    private final Map<String, String> environment = new TreeMap<>(Map.of("QRATE_BIND", "127.0.0.1"));
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(written, true, UTF_8), Log.Stamp.NONE, InstantSource.system());
    private final Deque<String> people = new ArrayDeque<>();
    private int added;
    private Embedded running;

    private Installation(Path folder, Map<String, String> more) {
        this.state = new State(folder.resolve("state"));
        for (String door : List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN")) {
            environment.put("QRATE_" + door + "_PORT", "0");
        }
        environment.put("QRATE_STATE", state.root().toString());
        environment.put("QRATE_BCRYPT_COST", "4");
        environment.putAll(more);
    }

    /// Sets one up and starts it.
    static Installation start(Path folder) throws IOException {
        return start(folder, Map.of());
    }

    static Installation start(Path folder, Map<String, String> more) throws IOException {
        Installation made = prepare(folder, more);
        made.start();
        return made;
    }

    /// Starts one whose state was restored into the folder.
    static Installation restored(Path folder) throws IOException {
        Installation made = new Installation(folder, Map.of());
        made.start();
        return made;
    }

    /// Sets one up.
    static Installation prepare(Path folder, Map<String, String> more) throws IOException {
        Installation made = new Installation(folder, more);
        PrintStream out = new PrintStream(made.written, true, UTF_8);
        int code = new Provision(InstantSource.system())
                .run(List.of(), new Program.Stdio(made.environment, InputStream.nullInputStream(), out, out));
        if (code != 0) {
            throw new IOException("init: " + code + " " + made.log());
        }
        try (Domains domains =
                Domains.open(made.state, Settings.of(made.environment, made.state), InstantSource.system())) {
            for (String user : List.of("ann", "bob", "cid")) {
                String address = user + "@" + made.domain();
                done(domains.apply(new Edit.AddMailbox(address, new Password.Clear(PASSWORD))));
            }
        }
        return made;
    }

    private String domain() {
        return environment.getOrDefault("QRATE_DOMAIN", "example.test");
    }

    void start() throws IOException {
        running = Embedded.start(environment, log);
    }

    void stop() {
        running.close();
    }

    @Override
    public void close() {
        stop();
    }

    Embedded running() {
        return running;
    }

    State state() {
        return state;
    }

    /// What its programs are started with.
    Map<String, String> environment() {
        return environment;
    }

    /// The log so far.
    String log() {
        return written.toString(UTF_8);
    }

    /// Begins the log anew.
    void forgetLog() {
        written.reset();
    }

    /// The directory, as a command reaches it while everything runs.
    EditableDirectory directory() throws IOException {
        String token = Files.readString(state.db().resolve(Opening.LOCAL_TOKEN));
        return new RemoteDirectory(
                "http://127.0.0.1:"
                        + running.admin().door().orElseThrow().address().getPort(),
                token.strip());
    }

    static void done(Change change) throws IOException {
        if (change instanceof Change.Refused refused) {
            throw new IOException(Words.english().of(refused));
        }
    }

    /// Adds people, for tests that share an installation.
    void people(int count) throws IOException, InterruptedException {
        try (EditableDirectory directory = directory()) {
            for (int i = 0; i < count; i++) {
                String user = "user" + added++ + "@example.test";
                done(directory.apply(new Edit.AddMailbox(user, new Password.Clear(PASSWORD))));
                people.add(user);
            }
        }
        settle();
    }

    /// One of them, whose box is empty yet.
    String someone() {
        return people.remove();
    }

    /// Writes a control file, and waits until everybody has seen it.
    void control(String name, String text) throws IOException, InterruptedException {
        Files.writeString(state.control().resolve(name), text);
        settle();
    }

    /// Puts bytes in a file's place as its writer would, at once.
    void replace(Path file, byte[] bytes) throws IOException, InterruptedException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".test");
        Files.write(fresh, bytes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        settle();
    }

    /// Waits until changes of files have been seen.
    static void settle() throws InterruptedException {
        Thread.sleep(STALE_MILLIS);
    }

    /// Puts the keys that mail of its domain is signed with into DNS, where they have been seen.
    void publishKeys(DnsServer dns) throws IOException {
        SignerClient signer = SignerClient.named(environment()).orElseThrow();
        for (HeldKey key : signer.keys(domain())) {
            dns.putText(key.place(), key.record());
            signer.seen(key.key(), true);
        }
    }

    Talk smtp() throws IOException {
        return Talk.smtp(running.smtp().smtp().port());
    }

    /// A session of a user who has signed in.
    Talk submission(String user) throws IOException {
        Talk talk = Talk.submission(running.smtp().submission().port());
        String reply = talk.auth(user, PASSWORD);
        if (!reply.startsWith("235 ")) {
            throw new IOException(reply);
        }
        return talk;
    }

    /// A message with a mark to know it by.
    static String letter(String mark) {
        return letter("someone@elsewhere.test", mark);
    }

    /// The same from someone else: users write as themselves only.
    static String letter(String from, String mark) {
        return "From: <" + from + ">\r\nSubject: " + mark + "\r\n\r\nThis is " + mark + "\r\n";
    }

    /// Sends a stranger's message by SMTP.
    ///
    /// @return the last reply
    String send(String mark, String... to) throws IOException {
        try (Talk talk = smtp()) {
            return talk.message("someone@elsewhere.test", List.of(to), letter(mark));
        }
    }

    /// What POP3 answers to a user's password, inside TLS.
    String login(String user) throws IOException {
        try (Talk talk = pop()) {
            talk.say("USER " + user);
            return talk.say("PASS " + PASSWORD);
        }
    }

    private Talk pop() throws IOException {
        Talk talk = Talk.to(running.pop().pop3s().port());
        talk.secure();
        talk.hear();
        return talk;
    }

    /// Every message of a box, by POP3.
    List<String> box(String user) {
        try (Talk talk = pop()) {
            talk.say("USER " + user);
            String welcome = talk.say("PASS " + PASSWORD);
            if (!welcome.startsWith("+OK ")) {
                throw new IOException(welcome);
            }
            int count = Integer.parseInt(talk.say("STAT").split(" ", 3)[1]);
            List<String> all = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                talk.say("RETR " + i);
                all.add(talk.text());
            }
            talk.say("QUIT");
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until a box holds so many messages, and gives them.
    List<String> box(String user, int count) {
        Awaitility.await(user + " gets " + count)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> box(user).size() >= count);
        return box(user);
    }

    /// Waits until nothing is owed.
    void drained() {
        Awaitility.await("an empty queue")
                .atMost(SOON)
                .until(() -> running.send().stat().messages() == 0);
    }

    /// Waits for a line of the log.
    void logged(String part) {
        Awaitility.await("log: " + part).atMost(SOON).until(() -> log().contains(part));
    }

    /// A user's Maildir.
    Path maildir(String user) {
        return state.maildirs()
                .resolve("domains/" + domain() + "/" + Address.of(user).local() + "/Maildir");
    }

    /// Files of a folder of a Maildir, readable only or not.
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
