package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.core.Address;
import qrate.core.State;

/// The directory as the snapshots have it; safe for many threads.
public final class SnapshotDirectory implements Directory {
    /// Most aliases that may lead from one to the next when the right to send as one is looked for.
    static final int ALIAS_DEPTH_MAX = 5;

    private final Path domains;
    private final Path passwords;
    private final MappedFile files;
    private final boolean maybeNone;

    /// @param domains folder of the routes (`users/domains`)
    /// @param passwords folder of the password snapshots; need not be there for {@link #route}
    public SnapshotDirectory(Path domains, Path passwords, InstantSource clock) {
        this(domains, passwords, clock, false);
    }

    private SnapshotDirectory(Path domains, Path passwords, InstantSource clock, boolean maybeNone) {
        this.maybeNone = maybeNone;
        this.domains = domains;
        this.passwords = passwords;
        this.files = new MappedFile(clock);
    }

    /// On a state's own folders.
    public SnapshotDirectory(State state, InstantSource clock) {
        this(state.users().resolve("domains"), state.passwords(), clock);
    }

    /// On a state's own folders, or on none: a qmail that has nothing but its control files has no directory, and then
    /// no domain is one of it. For programs that another qmail may run; services of ours have snapshots, and where
    /// these are missing something is broken.
    public static SnapshotDirectory orNone(State state, InstantSource clock) {
        return new SnapshotDirectory(state.users().resolve("domains"), state.passwords(), clock, true);
    }

    private record Found(String name, Layers routes) {}

    /// Who is not there is looked for once more in the newest files: a refusal is for ever, and a mailbox may be there
    /// since a moment ago.
    @Override
    public Route route(Address address) throws IOException {
        return whole(() -> routed(address));
    }

    private Route routed(Address address) throws IOException {
        Optional<Found> known = find(address.domain());
        Optional<Route> there = known.isEmpty() ? Optional.empty() : own(known.get(), address.local());
        if (there.isPresent()) {
            return there.get();
        }
        recheck(address, known);
        Optional<Found> domain = find(address.domain());
        if (domain.isEmpty()) {
            return new Route.NotOurs();
        }
        Optional<Route> own = own(domain.get(), address.local());
        if (own.isPresent()) {
            return own.get();
        }
        Optional<byte[]> catchAll = domain.get().routes().get(Records.CATCH_ALL);
        return catchAll.isPresent() ? Records.route(catchAll.get()) : new Route.NoSuchUser();
    }

    @Override
    public Route newest(Address address) throws IOException {
        return whole(() -> {
            recheck(address, find(address.domain()));
            return routed(address);
        });
    }

    /// Another name of a domain says what the domain says.
    @Override
    public Optional<String> said(String domain, String name) throws IOException {
        return whole(() -> {
            byte[] key = Records.said(name);
            Optional<Found> found = find(domain);
            Optional<byte[]> own =
                    found.isEmpty() ? Optional.empty() : found.get().routes().get(key);
            Optional<Layers> system =
                    own.isPresent() ? Optional.empty() : openFile(domains.resolveSibling(SnapshotWriter.SAID));
            Optional<byte[]> text = system.isPresent() ? system.get().get(key) : own;
            return text.map(bytes -> new String(bytes, UTF_8));
        });
    }

    /// Something that is read from the files.
    @FunctionalInterface
    private interface Look<T> {
        T now() throws IOException;
    }

    /// A file that is cut short in place while it is mapped has pages no more. The JVM may say so some steps after the
    /// read that met it, behind the reader's own catch.
    private static <T> T whole(Look<T> look) throws IOException {
        try {
            return look.now();
        } catch (InternalError e) {
            throw new IOException("a snapshot: damaged cdb", e);
        }
    }

    /// Has the files of an address looked at anew.
    private void recheck(Address address, Optional<Found> known) {
        known.ifPresent(found -> files.recheck(file(found.name())));
        Names.domain(address.domain()).ifPresent(name -> files.recheck(file(name)));
    }

    @Override
    public Optional<Account> account(String login) throws IOException {
        return whole(() -> accountOf(login));
    }

    private Optional<Account> accountOf(String login) throws IOException {
        Address address = Address.of(login);
        Optional<String> local = Names.local(address.local());
        if (local.isEmpty()) {
            return Optional.empty();
        }
        Optional<Layers> file = openPasswords(address.domain());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> alias = file.get().get(Records.ALIAS_OF);
        if (alias.isPresent()) {
            file = openPasswords(new String(alias.get(), UTF_8));
            if (file.isEmpty()) {
                return Optional.empty();
            }
        }
        Optional<byte[]> value = file.get().get(Records.Key.of(local.get()));
        return value.isPresent() ? Optional.of(Records.account(value.get())) : Optional.empty();
    }

    /// A catch-all gives no right to send as whatever it catches, and neither does another's mailbox that sends copies.
    /// The empty reverse-path is nobody's: whoever asks decides about it first.
    @Override
    public boolean maySendAs(String mailbox, Address sender) throws IOException {
        return whole(() -> leadsTo(canonical(Address.of(mailbox)), sender, new HashSet<>()));
    }

    private boolean leadsTo(String mailbox, Address from, Set<String> seen) throws IOException {
        if (seen.size() >= ALIAS_DEPTH_MAX || !seen.add(canonical(from))) {
            return false;
        }
        Optional<Found> domain = find(from.domain());
        Optional<Route> route = domain.isEmpty() ? Optional.empty() : own(domain.get(), from.local());
        return switch (route.orElse(new Route.NotOurs())) {
            case Route.Mailbox m -> m.address().equals(mailbox);
            case Route.Forward f -> anyLeadsTo(mailbox, f.to(), seen);
            case Route.NotOurs _, Route.NoSuchUser _ -> false;
        };
    }

    private boolean anyLeadsTo(String mailbox, List<String> targets, Set<String> seen) throws IOException {
        for (String target : targets) {
            if (leadsTo(mailbox, Address.of(target), new HashSet<>(seen))) {
                return true;
            }
        }
        return false;
    }

    private String canonical(Address address) throws IOException {
        Optional<Found> domain = find(address.domain());
        String local = Names.alias(address.local()).orElse(address.local());
        return domain.isEmpty()
                ? address.toString()
                : local + "@" + domain.get().name();
    }

    private static Optional<Route> own(Found domain, String text) throws IOException {
        Optional<String> local = Names.alias(text);
        Optional<byte[]> value =
                local.isEmpty() ? Optional.empty() : domain.routes().get(Records.Key.of(local.get()));
        return value.isPresent() ? Optional.of(Records.route(value.get())) : byDefault(domain, text);
    }

    /// The longest `PREFIX-default` that matches, as dot-qmail(5) looks for files: lists have such an alias.
    private static Optional<Route> byDefault(Found domain, String text) throws IOException {
        for (int dash = text.lastIndexOf('-'); dash > 0; dash = text.lastIndexOf('-', dash - 1)) {
            Optional<String> prefix = Names.alias(text.substring(0, dash + 1) + "default");
            Optional<byte[]> value =
                    prefix.isEmpty() ? Optional.empty() : domain.routes().get(Records.Key.of(prefix.get()));
            if (value.isPresent()) {
                return Optional.of(Records.route(value.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<Found> find(String text) throws IOException {
        Optional<String> name = Names.domain(text);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<Layers> file = open(name.get());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> alias = file.get().get(Records.ALIAS_OF);
        if (alias.isEmpty()) {
            return Optional.of(new Found(name.get(), file.get()));
        }
        String target = Names.domain(new String(alias.get(), UTF_8))
                .orElseThrow(() -> new IOException(name.get() + ".cdb: damaged"));
        Optional<Layers> real = open(target);
        return real.isEmpty() ? Optional.empty() : Optional.of(new Found(target, real.get()));
    }

    private Optional<Layers> open(String domain) throws IOException {
        return openFile(file(domain));
    }

    private Optional<Layers> openFile(Path file) throws IOException {
        try {
            return files.open(file);
        } catch (IOException e) {
            if (maybeNone && Files.notExists(domains)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Path file(String domain) {
        return domains.resolve(domain + ".cdb");
    }

    /// As it is now: a mailbox or a password that was made a moment ago lets its owner in.
    private Optional<Layers> openPasswords(String text) throws IOException {
        Optional<String> name = Names.domain(text);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Path file = passwords.resolve(name.get() + ".cdb");
        files.recheck(file);
        return files.open(file);
    }
}
