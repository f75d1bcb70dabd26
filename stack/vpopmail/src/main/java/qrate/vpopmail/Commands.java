package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.core.Program;
import qrate.core.State;

/// vpopmail's commands by name. Exit code 0, 100 when it is refused, 111 when it cannot be done now.
public final class Commands {
    /// File below `db/` with the token of the admin service that has the database open.
    public static final String LOCAL_TOKEN = "local-token";

    /// Where the admin service is when `QRATE_ADMIN_URL` does not say.
    public static final String ADMIN_URL = "http://127.0.0.1:8080";

    private static final int RANDOM_CHARS_MAX = 72;

    private Commands() {}

    /// Opens the directory for a command.
    @FunctionalInterface
    public interface Opener {
        /// Opens it, whoever has the database.
        Vpopmail open(Map<String, String> environment) throws IOException;
    }

    /// What a command does once its options are read and the directory is open.
    @FunctionalInterface
    private interface Action {
        Change run(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException;
    }

    /// One command.
    ///
    /// @param letters options as getopt(3) writes them
    /// @param least fewest operands
    /// @param most most operands
    private record Command(String name, String letters, int least, int most, String usage, Action action) {}

    /// Every command, on the database itself or by the admin service that has it open.
    public static Map<String, Program> programs() {
        return programs(Commands::open);
    }

    /// Every command.
    public static Map<String, Program> programs(Opener opener) {
        List<Command> commands = List.of(
                new Command(
                        "vadddomain",
                        "vr::q:e:",
                        1,
                        2,
                        "[-r[len]] [-q quota] [-e address] domain [password]",
                        Commands::addDomain),
                new Command("vdeldomain", "vf", 1, 1, "domain", (d, o, _) -> d.deleteDomain(o.operand(0))),
                new Command(
                        "vaddaliasdomain",
                        "v",
                        2,
                        2,
                        "real_domain alias_domain",
                        (d, o, _) -> d.addAliasDomain(new Vpopmail.AliasDomain(o.operand(0), o.operand(1)))),
                new Command(
                        "vadduser",
                        "vr::q:c:e:ns",
                        1,
                        2,
                        "[-r[len]] [-q quota] [-e hash] address [password]",
                        Commands::addUser),
                new Command("vdeluser", "v", 1, 1, "address", (d, o, _) -> d.deleteMailbox(o.operand(0))),
                new Command(
                        "vpasswd",
                        "vr::",
                        1,
                        2,
                        "[-r[len]] address [password]",
                        (d, o, io) -> d.setPassword(o.operand(0), password(o, io))),
                new Command(
                        "vmoduser",
                        "vanq:c:C:e:psx",
                        1,
                        1,
                        "[-a] [-p] [-s] [-x] [-q quota] [-C password] [-e hash] " + "address",
                        Commands::modify),
                new Command(
                        "vsetuserquota", "v", 2, 2, "address quota", (d, o, _) -> quota(d, o.operand(0), o.operand(1))),
                new Command("valias", "vsdni:m", 1, 1, "[-s | -i target | -d] address", Commands::alias),
                new Command(
                        "vmoddomlimits",
                        "vP:A:q:S",
                        1,
                        1,
                        "[-S] [-P mailboxes] [-A aliases] [-q quota] domain",
                        Commands::limits),
                new Command("vdominfo", "vnugdt", 0, 1, "[domain]", Commands::domainInfo),
                new Command("vuserinfo", "vnqad", 1, 1, "address", Commands::userInfo));
        Map<String, Program> programs = new TreeMap<>();
        for (Command command : commands) {
            programs.put(command.name, (arguments, stdio) -> run(command, opener, arguments, stdio));
        }
        return programs;
    }

    private static int run(Command command, Opener opener, List<String> arguments, Program.Stdio stdio) {
        Optional<Options> options = Options.parse(arguments, command.letters);
        int operands = options.map(o -> o.operands().size()).orElse(-1);
        if (operands < command.least || operands > command.most) {
            stdio.err().println(command.name + ": usage: " + command.name + " " + command.usage);
            return 100;
        }
        try (Vpopmail directory = opener.open(stdio.environment())) {
            Change change = command.action.run(directory, options.get(), stdio);
            return switch (change) {
                case Change.Done _ -> 0;
                case Change.Refused refused -> {
                    stdio.err().println(command.name + ": fatal: " + refused.why());
                    yield 100;
                }
            };
        } catch (IOException e) {
            stdio.err().println(command.name + ": fatal: " + e.getMessage());
            return 111;
        }
    }

    /// Opens the directory by the admin service where one answers, since it has the database open; else the database
    /// itself.
    public static Vpopmail open(Map<String, String> environment) throws IOException {
        State state = State.of(environment);
        Path token = state.db().resolve(LOCAL_TOKEN);
        if (Files.exists(token)) {
            String url = environment.getOrDefault("QRATE_ADMIN_URL", ADMIN_URL);
            RemoteVpopmail remote =
                    new RemoteVpopmail(url, Files.readString(token).strip());
            if (remote.answers()) {
                return remote;
            }
            remote.close();
        }
        return Domains.open(state, Settings.of(environment, state), InstantSource.system());
    }

    private static Password password(Options options, Program.Stdio stdio) throws IOException {
        if (options.has('r')) {
            String length = options.get('r', "");
            int chars = length.matches("[1-9][0-9]?") ? Integer.parseInt(length) : Password.RANDOM_CHARS;
            Password.Clear random = Password.random(new SecureRandom(), Math.min(chars, RANDOM_CHARS_MAX));
            stdio.out().println("Random password: " + random.text());
            return random;
        }
        if (options.operands().size() > 1) {
            return new Password.Clear(options.operand(1));
        }
        stdio.err().print("Please enter password for " + options.operand(0) + ": ");
        stdio.err().flush();
        String line = new BufferedReader(new InputStreamReader(stdio.in(), UTF_8)).readLine();
        return new Password.Clear(line == null ? "" : line);
    }

    private static Change addDomain(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        String domain = options.operand(0);
        Optional<Quota> quota = Quota.parse(options.get('q', "NOQUOTA"));
        if (quota.isEmpty()) {
            return badQuota();
        }
        Change change = directory.addDomain(domain, password(options, stdio));
        if (change instanceof Change.Done && options.has('q')) {
            change = directory.setLimits(
                    domain, new Vpopmail.Limits(0, 0, quota.get().bytes()));
        }
        if (change instanceof Change.Done && options.has('e')) {
            change = directory.setCatchAll(domain, options.get('e', ""));
        }
        return change;
    }

    private static Change addUser(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        String address = options.operand(0);
        Optional<Quota> quota = Quota.parse(options.get('q', "NOQUOTA"));
        if (quota.isEmpty()) {
            return badQuota();
        }
        Password password = options.has('e') ? new Password.Hashed(options.get('e', "")) : password(options, stdio);
        Change change = directory.addMailbox(address, password);
        return change instanceof Change.Done && options.has('q')
                ? quota(directory, address, options.get('q', ""))
                : change;
    }

    private static Change badQuota() {
        return Change.refuse(Change.Reason.INVALID, "Invalid quota");
    }

    private static Change noUser() {
        return Change.refuse(Change.Reason.MISSING, "User does not exist");
    }

    private static Change quota(Vpopmail directory, String address, String text) throws IOException {
        Optional<Quota> quota = Quota.parse(text);
        if (quota.isEmpty()) {
            return badQuota();
        }
        Optional<Vpopmail.Mailbox> mailbox = directory.mailbox(address);
        return mailbox.isEmpty() ? noUser() : directory.modify(mailbox.get().with(quota.get()));
    }

    private static Change modify(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        Optional<Vpopmail.Mailbox> found = directory.mailbox(options.operand(0));
        if (found.isEmpty()) {
            return noUser();
        }
        Vpopmail.Mailbox before = found.get();
        Optional<Quota> quota = Quota.parse(options.get('q', before.quota().toString()));
        if (quota.isEmpty()) {
            return badQuota();
        }
        boolean clear = options.has('x');
        Change change = directory.modify(new Vpopmail.Mailbox(
                before.address(),
                quota.get(),
                (before.pop() || clear) && !options.has('p'),
                (before.smtp() || clear) && !options.has('s'),
                (before.postmaster() && !clear) || options.has('a'),
                before.keep()));
        if (change instanceof Change.Done && options.has('C')) {
            change = directory.setPassword(before.address(), new Password.Clear(options.get('C', "")));
        }
        if (change instanceof Change.Done && options.has('e')) {
            change = directory.setPassword(before.address(), new Password.Hashed(options.get('e', "")));
        }
        return change;
    }

    private static Change alias(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        String address = options.operand(0);
        if (options.has('i')) {
            return directory.addAlias(new Vpopmail.Alias(address, options.get('i', "")));
        }
        String domain = address.substring(address.lastIndexOf('@') + 1);
        boolean whole = !address.contains("@");
        Change change = new Change.Done();
        for (Vpopmail.Alias alias : directory.aliases(domain)) {
            if (!whole && !alias.address().equalsIgnoreCase(address)) {
                continue;
            }
            if (options.has('d')) {
                change = whole
                        ? Change.refuse(Change.Reason.INVALID, "Invalid email address")
                        : directory.deleteAlias(alias);
            } else {
                stdio.out().println(alias.address() + " -> " + alias.target());
            }
        }
        return change;
    }

    private static Change limits(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        Optional<Vpopmail.Domain> domain = directory.domain(options.operand(0));
        if (domain.isEmpty()) {
            return Change.refuse(Change.Reason.MISSING, "Domain does not exist");
        }
        Vpopmail.Limits before = domain.get().limits();
        if (options.has('S')) {
            stdio.out().println("max pop accounts: " + before.mailboxes());
            stdio.out().println("max aliases: " + before.aliases());
            stdio.out().println("default quota: " + new Quota(before.quotaBytes(), 0));
            return new Change.Done();
        }
        Optional<Quota> quota = Quota.parse(options.get('q', new Quota(before.quotaBytes(), 0).toString()));
        String mailboxes = options.get('P', Integer.toString(before.mailboxes()));
        String aliases = options.get('A', Integer.toString(before.aliases()));
        if (quota.isEmpty() || !mailboxes.matches("[0-9]{1,9}") || !aliases.matches("[0-9]{1,9}")) {
            return Change.refuse(Change.Reason.INVALID, "Limits are whole numbers and a quota");
        }
        return directory.setLimits(
                domain.get().name(),
                new Vpopmail.Limits(
                        Integer.parseInt(mailboxes),
                        Integer.parseInt(aliases),
                        quota.get().bytes()));
    }

    private static Change domainInfo(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        boolean all = options.operands().isEmpty();
        List<Vpopmail.Domain> domains = all
                ? directory.domains()
                : directory.domain(options.operand(0)).stream().toList();
        if (domains.isEmpty() && !all) {
            return Change.refuse(Change.Reason.MISSING, "Domain does not exist");
        }
        for (Vpopmail.Domain domain : domains) {
            stdio.out().println("domain: " + domain.name());
            if (!domain.aliasOf().isEmpty()) {
                stdio.out().println("alias of: " + domain.aliasOf());
                continue;
            }
            Path home =
                    State.of(stdio.environment()).maildirs().resolve("domains").resolve(domain.name());
            stdio.out().println("uid:    " + Settings.VPOPMAIL);
            stdio.out().println("gid:    " + Settings.VPOPMAIL);
            stdio.out().println("dir:    " + home);
            stdio.out().println("users:  " + domain.mailboxes());
            if (!domain.catchAll().isEmpty()) {
                stdio.out().println("catch-all: " + domain.catchAll());
            }
        }
        return new Change.Done();
    }

    // DEVIATION: vuserinfo prints no password, neither hashed nor in clear: hashes leave the database only for the
    // snapshots of those who check them.
    private static Change userInfo(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException {
        Optional<Vpopmail.Mailbox> found = directory.mailbox(options.operand(0));
        if (found.isEmpty()) {
            return noUser();
        }
        Vpopmail.Mailbox mailbox = found.get();
        String local = mailbox.address().substring(0, mailbox.address().lastIndexOf('@'));
        String domain = mailbox.address().substring(local.length() + 1);
        stdio.out().println("name:   " + local);
        stdio.out().println("domain: " + domain);
        stdio.out().println("quota:  " + mailbox.quota());
        stdio.out().println("pop:    " + (mailbox.pop() ? "yes" : "no"));
        stdio.out().println("smtp:   " + (mailbox.smtp() ? "yes" : "no"));
        stdio.out().println("admin:  " + (mailbox.postmaster() ? "yes" : "no"));
        stdio.out()
                .println("dir:    " + State.of(stdio.environment()).maildirs().resolve(Maildirs.home(domain, local)));
        return new Change.Done();
    }
}
