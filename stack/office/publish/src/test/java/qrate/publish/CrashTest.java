package qrate.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory.Account;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.SnapshotDirectory;
import qrate.testkit.Seeds;

/// A machine that stops while a change is published: each file is found as it was or as it was to be, whichever
/// of them, since nothing says in which order a disk keeps the names of several folders. Readers have the old
/// answer or the new one, and the next start brings all of it to what the source says.
class CrashTest {
    private static final String DOMAIN = "example.test";
    private static final String ALIAS = "alias.test";
    private static final List<String> LOCALS = List.of("postmaster", "ann", "bob", "sales", "info");
    private static final int CHANGES = 20;
    private static final int WAYS_MAX = 8;

    @TempDir
    Path folder;

    private Path root;
    private Rows source;
    private Publisher publisher;

    private State state() {
        return new State(root);
    }

    private Publisher open() throws IOException {
        Files.createDirectories(state().control());
        Publisher opened = new Publisher(source, state(), 1, 1);
        opened.heal();
        return opened;
    }

    /// A source in memory.
    private static final class Rows implements DirectoryRows {
        private final Map<String, Long> revisions = new TreeMap<>();
        private final Map<String, String> hashes = new TreeMap<>();
        private final Map<String, List<String>> targets = new TreeMap<>();
        private final List<Removal> removals = new ArrayList<>();
        private String catchAll = "";

        @Override
        public List<Domain> domains() {
            return revisions.entrySet().stream()
                    .map(one -> new Domain(one.getKey(), one.getKey().equals(DOMAIN) ? "" : DOMAIN, one.getValue()))
                    .toList();
        }

        @Override
        public Optional<Domain> domain(String name) {
            return domains().stream().filter(one -> one.name().equals(name)).findFirst();
        }

        @Override
        public Contents contents(String domain, Collection<String> locals) {
            Map<String, Route> routes = new HashMap<>();
            Map<String, Account> accounts = new HashMap<>();
            targets.forEach((local, to) -> routes.put(local, new Route.Forward(to)));
            hashes.forEach((local, hash) -> {
                String home = MaildirFolders.home(domain, local);
                List<String> copies = targets.getOrDefault(local, List.of());
                routes.put(local, new Route.Mailbox(local + "@" + domain, home, 0, 0, copies, true));
                accounts.put(local, new Account(local + "@" + domain, hash, home, true, true));
            });
            if (!locals.isEmpty()) {
                routes.keySet().retainAll(locals);
                accounts.keySet().retainAll(locals);
            }
            return new Contents(catchAll, routes, accounts);
        }

        @Override
        public List<Removal> removals() {
            return List.copyOf(removals);
        }

        @Override
        public void forgetRemovals() {
            removals.clear();
        }

        private Touched touch(String local) {
            revisions.merge(DOMAIN, 1L, Long::sum);
            Touched touched = new Touched();
            touched.add(DOMAIN, local);
            return touched;
        }

        /// Some change or other.
        Touched change(Random random, int number) {
            if (revisions.isEmpty()) {
                revisions.put(DOMAIN, 0L);
                hashes.put("postmaster", "h");
                Touched touched = touch(Touched.WHOLE);
                touched.addNames();
                return touched;
            }
            String local = LOCALS.get(1 + random.nextInt(LOCALS.size() - 1));
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (hashes.remove(local) != null) {
                        targets.remove(local);
                        removals.add(new Removal(DOMAIN, local));
                    } else {
                        hashes.put(local, "h");
                    }
                }
                case 1, 2 -> hashes.computeIfPresent(local, (_, _) -> "h" + number);
                case 3 -> {
                    catchAll = catchAll.isEmpty() ? "ann@" + DOMAIN : "";
                    return touch(Touched.WHOLE);
                }
                case 4 -> {
                    Touched touched = new Touched();
                    touched.addNames();
                    if (revisions.remove(ALIAS) == null) {
                        revisions.put(ALIAS, number + 1L);
                        touched.add(ALIAS, Touched.WHOLE);
                    } else {
                        removals.add(new Removal(ALIAS, ""));
                    }
                    return touched;
                }
                default -> targets.compute(local, (_, to) -> to == null ? List.of("far" + number + "@far.test") : null);
            }
            return touch(local);
        }
    }

    /// Every file that is published, by name.
    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        for (Path part : List.of(state().users(), state().passwords(), state().control())) {
            try (Stream<Path> found = Files.walk(part)) {
                for (Path file : found.filter(Files::isRegularFile).toList()) {
                    all.put(root.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return all;
    }

    /// What a disk kept of a change: of each file the new one where it is named, else the old one.
    private void put(Map<String, byte[]> before, Map<String, byte[]> after, Set<String> kept) throws IOException {
        TreeSet<String> all = new TreeSet<>(files().keySet());
        all.addAll(before.keySet());
        all.addAll(after.keySet());
        for (String name : all) {
            byte[] content = kept.contains(name) ? after.get(name) : before.get(name);
            Files.deleteIfExists(root.resolve(name)); // another inode, as a rename leaves
            if (content != null) {
                Files.write(root.resolve(name), content);
            }
        }
    }

    /// What readers are told of everybody.
    private Map<String, String> answers() throws IOException {
        SnapshotDirectory directory = new SnapshotDirectory(state(), InstantSource.system());
        Map<String, String> all = new TreeMap<>();
        for (String domain : List.of(DOMAIN, ALIAS)) {
            for (String local :
                    Stream.concat(LOCALS.stream(), Stream.of("else")).toList()) {
                String address = local + "@" + domain;
                all.put(address, directory.route(Address.of(address)).toString());
                all.put(address + " login", directory.account(address).toString());
            }
        }
        return all;
    }

    private static List<String> differing(Map<String, byte[]> before, Map<String, byte[]> after) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Arrays.equals(before.get(name), after.get(name)));
        return List.copyOf(names);
    }

    /// Every way to keep some of the files where they are few, else some ways.
    private static List<Set<String>> ways(List<String> files, Random random) {
        List<Set<String>> ways = new ArrayList<>();
        boolean all = 1 << files.size() <= WAYS_MAX;
        for (int way = 0; way < (all ? 1 << files.size() : WAYS_MAX); way++) {
            int bits = all ? way : random.nextInt(1 << files.size());
            Set<String> kept = new TreeSet<>();
            for (int i = 0; i < files.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    kept.add(files.get(i));
                }
            }
            ways.add(kept);
        }
        return ways;
    }

    @Test
    void whicheverFilesItKeptReadersHaveTheOldOrTheNewAndTheNextStartHasTheNew() {
        Seeds.forAll(3, random -> {
            try {
                root = Files.createTempDirectory(folder, "state");
                source = new Rows();
                publisher = open();
                for (int number = 0; number < CHANGES; number++) {
                    change(random, number);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void change(Random random, int number) throws IOException {
        Map<String, byte[]> before = files();
        Map<String, String> said = answers();
        Touched touched = source.change(random, number);
        List<DirectoryRows.Removal> removals = source.removals();
        publisher.publish(touched);
        Map<String, byte[]> after = files();
        Map<String, String> saying = answers();
        for (Set<String> kept : ways(differing(before, after), random)) {
            put(before, after, kept);
            String what = "change " + number + ", kept " + kept;
            answers()
                    .forEach((who, answer) -> assertTrue(
                            answer.equals(said.get(who)) || answer.equals(saying.get(who)),
                            what + ": " + who + answer));
            source.removals.addAll(removals); // the source forgets them last
            publisher = open();
            assertEquals(saying, answers(), what);
            assertEquals(
                    List.of(),
                    files().keySet().stream()
                            .filter(name -> name.contains("/."))
                            .toList());
        }
    }
}
