package qrate.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import qrate.core.DurableFile;
import qrate.core.Getopt;
import qrate.core.Program;
import qrate.core.State;
import qrate.core.StateVersion;
import qrate.directory.Accounts;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Opening;
import qrate.directory.Password;
import qrate.directory.Settings;
import qrate.directory.Words;
import qrate.snapshots.Names;

/// The first run, and every run after it: `init [--domain DOMAIN] [--host NAME] [--chown]`.
///
/// Exit code 0 when everything is in place, 100 for wrong options, 111 when something could not be done now.
public final class Provision implements Program {
    /// Domain of the first run where nobody says another (`QRATE_DOMAIN`).
    public static final String DOMAIN = "example.test";

    /// Name of the first administrator.
    public static final String ADMINISTRATOR = "admin";

    /// File below `db/` that holds the first password until somebody has seen it.
    public static final String FIRST_PASSWORD = "first-password";

    private static final String USAGE = "init: usage: init [--domain DOMAIN] [--host NAME] [--chown]";

    private static final Getopt KNOWN = Getopt.of("", "domain:", "host:", "chown");

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final InstantSource clock;

    public Provision(InstantSource clock) {
        this.clock = clock;
    }

    private record Options(String domain, String host, boolean chown) {
        /// Why no first run can be made of them.
        Optional<String> problem() {
            if (Names.domain(domain).filter(name -> name.contains(".")).isEmpty()) {
                return Optional.of(domain + ": is no name for a mail domain");
            }
            return Names.domain(host).isEmpty() ? Optional.of(host + ": is no name for a host") : Optional.empty();
        }
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Optional<Options> options = parse(arguments, stdio.environment());
        if (options.isEmpty()) {
            stdio.err().println(USAGE);
            return 100;
        }
        Optional<String> problem = options.get().problem();
        if (problem.isPresent()) {
            stdio.err().println("init: " + problem.get());
            return 100;
        }
        try {
            for (String done : run(State.of(stdio.environment()), options.get(), stdio.environment())) {
                stdio.out().println("init: " + done);
            }
            return 0;
        } catch (IOException e) {
            stdio.err().println("init: fatal: " + e.getMessage());
            return 111;
        }
    }

    /// Makes the folders of a state that are missing.
    ///
    /// @param chown whether each is given to the service that owns it, as in containers
    public static void folders(State state, boolean chown) throws IOException {
        Folders.make(state, chown);
    }

    /// What is wrong with the folders of a state, each with the command that mends it. Root looks at containers'
    /// volumes, where each folder has an owner of its own.
    ///
    /// @throws IOException when one cannot be looked at
    public static Map<String, String> wrongFolders(State state) throws IOException {
        return Folders.wrong(
                state, Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(Folders.ROOT));
    }

    private static Optional<Options> parse(List<String> arguments, Map<String, String> environment) {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return Optional.empty();
        }
        if (!given.operands().isEmpty()) {
            return Optional.empty();
        }
        String domain = given.last("domain").orElse(environment.getOrDefault("QRATE_DOMAIN", DOMAIN));
        String host = given.last("host").orElse(environment.getOrDefault("QRATE_HOST", ""));
        String name = Names.domain(domain).orElse(domain);
        String mx = host.isEmpty() ? "mail." + name : host;
        return Optional.of(new Options(name, Names.domain(mx).orElse(mx), given.has("chown")));
    }

    /// Does what is missing.
    ///
    /// @return a line for each thing that was done; none when all was there
    private List<String> run(State state, Options options, Map<String, String> environment) throws IOException {
        List<String> done = new ArrayList<>();
        if (Files.exists(state.restoring())) {
            throw new IOException("a restore was cut off here: run it again");
        }
        StateVersion.check(state); // before anything is touched
        Folders.make(state, options.chown());
        StateVersion.write(state);
        done.addAll(ControlFiles.make(state, options.domain(), options.host()));
        LinkedHashSet<String> names = new LinkedHashSet<>(List.of(options.host()));
        names.addAll(new TreeSet<>(List.of(options.domain(), "localhost")));
        ownName().ifPresent(names::add);
        List<String> hosts = List.copyOf(names);
        // a first start waits for this program, so what takes long is done side by side
        FutureTask<Boolean> certificate = beside(() -> Certificate.make(state, hosts, clock.instant()));
        Settings settings = Settings.of(environment, state);
        // once admin has run, all this was made before, and it may have its database open now
        if (!settings.embedded() || !Files.exists(state.db().resolve(Opening.LOCAL_TOKEN))) {
            Password.Clear password = Password.random(new SecureRandom(), Password.RANDOM_CHARS);
            FutureTask<String> hash = beside(() -> password.hash(settings.bcryptCost()));
            try (Domains domains = Domains.open(state, settings, clock)) {
                done.addAll(firstDomain(state, domains.as("init"), options.domain(), password, hash));
            }
        }
        if (result(certificate)) {
            done.add("self-signed certificate for " + String.join(", ", hosts));
        }
        if (options.chown()) {
            Folders.ownContents(state);
        }
        return done;
    }

    /// What this machine calls itself; a container is called by a number that means nothing to anybody.
    private static Optional<String> ownName() {
        try {
            return Names.domain(Files.readString(HOST_NAME).strip()).filter(name -> !name.matches("[0-9a-f]{12}"));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static <T> FutureTask<T> beside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }

    /// Makes the first domain and the administrator if there is none. Their password is written down before either
    /// exists, so that a run cut off between the two leaves no account that nobody can open.
    ///
    /// @param hash of the password, for both: it takes long on purpose
    private static List<String> firstDomain(
            State state, Domains domains, String domain, Password.Clear password, FutureTask<String> hash)
            throws IOException {
        Accounts accounts = domains.accounts();
        if (accounts.hasAdministrator()) {
            return List.of();
        }
        Path file = state.db().resolve(FIRST_PASSWORD);
        DurableFile.write(file, (password.text() + "\n").getBytes(UTF_8), "rw-------");
        Password hashed = new Password.Hashed(result(hash));
        List<String> done = new ArrayList<>();
        if (domains.domain(domain).isEmpty()) {
            check(domains.apply(new Edit.AddDomain(domain, hashed)));
            done.add("domain " + domain + " with postmaster@" + domain);
        } else {
            check(domains.apply(new Edit.SetPassword("postmaster@" + domain, hashed)));
        }
        check(domains.apply(new Edit.AddAdministrator(ADMINISTRATOR, hashed)));
        done.add("administrator " + ADMINISTRATOR);
        return done;
    }

    private static void check(Change change) throws IOException {
        if (change instanceof Change.Refused refused) {
            throw new IOException(Words.english().of(refused));
        }
    }
}
