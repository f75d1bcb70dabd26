package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Settings;
import qrate.maildir.MaildirReader;
import qrate.queue.Journal;
import qrate.queue.Queue;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// Our side in a test: an empty state, and what an import said.
final class Installation {
    private final State state;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Opening.Opener directories = Opening::open;
    private ChangeListener steps = ChangeListener.unheard();

    Installation(Path root) throws IOException {
        state = new State(root);
        for (Path folder : List.of(state.control(), state.maildirs(), state.users(), state.db(), state.queue())) {
            Files.createDirectories(folder);
        }
        Files.createDirectories(state.maildirs().resolve("alias"));
        Files.createDirectories(state.users().resolve("domains"));
        Files.createDirectories(state.passwords());
        Files.writeString(state.control().resolve("me"), "mail.new.test\n");
        Files.writeString(state.control().resolve("locals"), "localhost\nmx.old.test\n");
    }

    State state() {
        return state;
    }

    Map<String, String> environment() {
        return Map.of("QRATE_STATE", state.root().toString(), "QRATE_BCRYPT_COST", "4");
    }

    /// A directory that outlives the process, for speed without a database.
    static DryDirectory directory() {
        return new DryDirectory(new Directory() {
            @Override
            public Route route(Address address) {
                return new Route.NotOurs();
            }
        });
    }

    /// Works on another directory than a database.
    void directory(EditableDirectory vpopmail) {
        directories = _ -> vpopmail;
    }

    void steps(ChangeListener heard) {
        steps = heard;
    }

    /// Imports a tree.
    int take(OldTree tree, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(tree.qmail().toString());
        arguments.add(tree.vpopmail().toString());
        said.reset();
        PrintStream out = new PrintStream(said, true, UTF_8);
        return new Import(directories, steps, InstantSource.system())
                .run(arguments, new Program.Stdio(environment(), InputStream.nullInputStream(), out, out));
    }

    String said() {
        return said.toString(UTF_8);
    }

    /// The directory, for what an administrator does.
    Domains open() throws IOException {
        return Domains.open(state, Settings.of(environment(), state), InstantSource.system());
    }

    private SnapshotDirectory snapshots() {
        return new SnapshotDirectory(state, InstantSource.system());
    }

    Directory.Route route(String address) throws IOException {
        return snapshots().route(Address.of(address));
    }

    Directory.Account account(String address) throws IOException {
        return snapshots().account(address).orElseThrow();
    }

    Path home(String name) {
        return state.maildirs().resolve("domains").resolve(name);
    }

    /// Messages of a Maildir: `cur/NAME:2,S`.
    List<String> letters(String maildir) throws IOException {
        return MaildirReader.list(home(maildir)).stream()
                .map(MaildirReader.Entry::file)
                .toList();
    }

    String control(String name) throws IOException {
        return Files.readString(state.control().resolve(name));
    }

    /// What our queue owes: `SENDER to RECIPIENT, RECIPIENT: FIRST LINE`.
    List<String> queued() throws Exception {
        List<String> all = new ArrayList<>();
        try (Journal journal = Journal.open(state.queue(), InstantSource.system(), Log.silent())) {
            List<Long> ids = new ArrayList<>();
            journal.owed(owed -> ids.add(owed.id()));
            for (long id : ids) {
                Queue.Message message = journal.read(id);
                all.add(message.envelope().sender() + " to "
                        + String.join(
                                ", ",
                                message.envelope().recipients().stream()
                                        .map(r -> r.address())
                                        .toList())
                        + ": "
                        + text(message.body()).lines().skip(1).findFirst().orElse(""));
            }
        }
        return all;
    }

    private static String text(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
