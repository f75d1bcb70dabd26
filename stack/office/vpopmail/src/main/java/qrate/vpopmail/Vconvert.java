package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.cdb.Cdb;
import qrate.cdb.CdbWriter;
import qrate.core.DurableFile;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `vconvert`: between the files of vpopmail's cdb module, a list of users and hashes, and the database.
///
/// The first of `-c`, `-m` and `-p` says what is converted from, the second to what: `-c -m` reads a domain's
/// `vpasswd`, or `vpasswd.cdb` where that alone is there, `-p file -m` reads lines of a user and a hash, `-m -c` writes
/// `vpasswd` and `vpasswd.cdb`.
final class Vconvert {
    /// Largest file that is read, in bytes.
    static final long FILE_BYTES_MAX = 64L << 20;

    private static final int DOMAINS_MAX = 10_000;
    private static final String FILE = "vpasswd";
    private static final String PRIVATE = "rw-------";

    private final EditableDirectory directory;
    private final Program.Stdio stdio;
    private final State state;

    private Vconvert(EditableDirectory directory, Program.Stdio stdio) {
        this.directory = directory;
        this.stdio = stdio;
        this.state = State.of(stdio.environment());
    }

    static Commands.Command command() {
        return new Commands.Command(
                "vconvert",
                "vdmcp:eS",
                0,
                DOMAINS_MAX,
                "[-v] -c -m | -m -c | -p file -m [domain ...]",
                Map.of(
                        "e",
                        "accounts of the system are not read: write users and hashes to a file for -p",
                        "S",
                        "there is no sqwebmail"),
                Map.of("d", "everything is said anyway"),
                (directory, options, stdio) -> new Vconvert(directory, stdio).run(options));
    }

    private Change run(Getopt.Given options) throws IOException {
        String order =
                String.join("", options.names().stream().filter("mcp"::contains).toList());
        if (!List.of("cm", "mc", "pm").contains(order)) {
            return Change.refuse(Refusal.Key.COMMAND_FROM_TO);
        }
        List<String> domains = options.operands();
        if (domains.isEmpty()) {
            domains = directory.domains().stream()
                    .filter(domain -> domain.aliasOf().isEmpty())
                    .map(EditableDirectory.Domain::name)
                    .toList();
        }
        Change outcome = new Change.Done();
        for (String name : domains) {
            Optional<EditableDirectory.Domain> domain = directory.domain(name);
            Change change = domain.isEmpty()
                    ? Change.refuse(Refusal.Key.DOMAIN_MISSING_NAMED, name)
                    : switch (order) {
                        case "cm" ->
                            read(domain.get().name(), lines(domain.get().name()));
                        case "pm" ->
                            read(
                                    domain.get().name(),
                                    pairs(Path.of(options.last("p").orElse(""))));
                        default -> write(domain.get().name());
                    };
            boolean done = change instanceof Change.Done;
            stdio.out().println("converting " + name + (done ? " done" : " domain conversion failed"));
            outcome = done ? outcome : change;
        }
        return outcome;
    }

    private Path file(String domain) {
        return state.maildirs().resolve("domains").resolve(domain).resolve(FILE);
    }

    private static String content(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + ": larger than " + FILE_BYTES_MAX + " bytes");
        }
        return new String(Files.readAllBytes(file), UTF_8);
    }

    /// Lines of `vpasswd`; the cdb has the name as its key, and the rest of the line behind the colon.
    private List<String> lines(String domain) throws IOException {
        Path text = file(domain);
        if (Files.exists(text)) {
            return content(text).lines().toList();
        }
        List<String> lines = new ArrayList<>();
        try (Cdb cdb = Cdb.open(text.resolveSibling(FILE + ".cdb"))) {
            cdb.forEach((key, value) -> lines.add(new String(key, UTF_8) + ":" + new String(value, UTF_8)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return lines;
    }

    /// A user and a hash a line, separated by a colon or blanks.
    private static List<String> pairs(Path file) throws IOException {
        return content(file)
                .lines()
                .map(line -> line.strip().split("[: \t]+", 3))
                .filter(words -> words.length >= 2)
                .map(words -> words[0] + ":" + words[1] + ":1:0::/:NOQUOTA")
                .toList();
    }

    /// Adds the users that are missing, and gives those that are there what their lines say.
    private Change read(String domain, List<String> lines) throws IOException {
        int failed = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            Optional<VpasswdLine> line = VpasswdLine.parse(lines.get(i));
            Change change = line.isEmpty() ? Change.refuse(Refusal.Key.CONVERT_NO_USER) : put(domain, line.get());
            if (change instanceof Change.Refused refused) {
                failed++;
                stdio.err()
                        .println("vconvert: warning: " + domain + " line " + (i + 1) + ": "
                                + Log.escape(line.map(VpasswdLine::name).orElse("")) + ": "
                                + Commands.words(stdio).of(refused));
            }
        }
        return failed == 0 ? new Change.Done() : Change.refuse(Refusal.Key.CONVERT_FAILED, domain, failed);
    }

    private Change put(String domain, VpasswdLine line) throws IOException {
        String address = line.name() + "@" + domain;
        Optional<Quota> quota = Quota.parse(line.quota());
        if (quota.isEmpty()) {
            return MailboxCommands.badQuota();
        }
        Password password = new Password.Hashed(line.hash());
        Optional<EditableDirectory.Mailbox> before = directory.mailbox(address);
        Change change = before.isPresent()
                ? directory.apply(new Edit.SetPassword(address, password))
                : directory.apply(new Edit.AddMailbox(address, password));
        return change instanceof Change.Refused
                ? change
                : directory.apply(new Edit.Modify(address, line.values(quota.get())));
    }

    /// Writes what another vpopmail reads, for the eyes of whoever runs this only. The hashes are those of the last
    /// snapshot.
    private Change write(String domain) throws IOException {
        Directory snapshot = new SnapshotDirectory(state, InstantSource.system());
        StringBuilder text = new StringBuilder();
        CdbWriter cdb = new CdbWriter();
        for (EditableDirectory.Mailbox mailbox : directory.mailboxes(domain)) {
            Optional<Directory.Account> account = snapshot.account(mailbox.address());
            if (account.isEmpty()) {
                return Change.refuse(Refusal.Key.CONVERT_NOT_YET, mailbox.address());
            }
            String home = state.maildirs().resolve(account.get().home()).toString();
            VpasswdLine line = VpasswdLine.of(mailbox, account.get().hash(), home);
            text.append(line.text()).append('\n');
            cdb.put(line.name().getBytes(UTF_8), line.behindName().getBytes(UTF_8));
        }
        Path file = file(domain);
        DurableFile.write(file, text.toString().getBytes(UTF_8), PRIVATE);
        cdb.write(file.resolveSibling(FILE + ".cdb"), PRIVATE);
        return new Change.Done();
    }
}
