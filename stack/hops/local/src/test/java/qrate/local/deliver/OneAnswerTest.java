package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.address.Addresses;
import qrate.address.Routing;
import qrate.address.Standing;
import qrate.core.Control;
import qrate.core.State;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.local.plan.Preview;
import qrate.local.plan.Publication;
import qrate.qcontrol.Channel;
import qrate.snapshots.Directory.Route;
import qrate.testkit.Seeds;

/// What the door says of an address by what was published is what delivery comes to by the files themselves.
class OneAnswerTest {
    private static final List<String> LOCALS = List.of(
            "ann", "Ann", "bob", "team", "gone", "ann-news", "team-x-y", "gone-ann", "web.site", "list-help", "");

    @TempDir
    Path folder;

    /// In front of the system's, so that nothing was changed in the tick in which it was looked at.
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    private final InstantSource clock = now::get;
    private State state;
    private Setting setting;
    private Publication publication;
    private Addresses door;

    @BeforeEach
    void settle() throws IOException {
        begin(folder);
    }

    private void begin(Path root) throws IOException {
        state = new State(root);
        setting = new Setting(root);
        setting.domain("d.test", "ann");
        Files.writeString(state.control().resolve("me"), "mx.test\n");
        Files.writeString(state.control().resolve("locals"), "local.test\n");
        Files.writeString(state.control().resolve("virtualdomains"), "d.test:d.test\nv.test:alias-v\n");
        publication = new Publication(state.maildirs(), state.users(), setting.directory(), clock);
        door = Addresses.published(state, control(), setting.directory(), clock);
    }

    private Control control() {
        return new Control(state.control(), clock);
    }

    private void publish() throws IOException {
        now.set(now.get().plusSeconds(10));
        publication.publish();
    }

    private Standing ask(String address) throws IOException {
        return door.of(address, 0, Steps.none());
    }

    @Test
    void agreesWithDeliveryWhateverIsSetUp() throws IOException {
        Seeds.forAll(60, random -> {
            try {
                begin(Files.createTempDirectory(folder, "s"));
                generate(random);
                publish();
                try (Preview preview = new Preview(
                        new Preview.Parts(state.maildirs(), state.users(), setting.directory(), control(), clock),
                        Map.of())) {
                    for (String domain : List.of("d.test", "v.test", "local.test")) {
                        for (String local : LOCALS) {
                            String address = local + "@" + domain;
                            assertEquals(
                                    arrives(preview, address, new HashSet<>()),
                                    !(ask(address) instanceof Standing.Missing),
                                    address + " " + ask(address));
                        }
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /// Whether anything of a message stays anywhere, or may do so later, followed by the classes that deliver.
    private boolean arrives(Preview preview, String address, Set<String> before) throws IOException {
        Routing.Route route = Routing.read(control()).route(address);
        if (route.channel() == Channel.REMOTE) {
            return true;
        }
        String key = route.address().toLowerCase(java.util.Locale.ROOT);
        if (!before.add(key)) {
            return false;
        }
        Preview.Outcome outcome = preview.of(route.address(), Steps.none());
        boolean arrives = switch (outcome.verdict()) {
            case Verdict.Never _ -> false;
            case Verdict.Later _ -> true;
            case Verdict.Delivered(String did) -> {
                // did MAILBOXES+FORWARDS+PROGRAMS
                boolean only = did.matches("did 0\\+[1-9][0-9]*\\+0");
                boolean any = !only;
                for (String to : outcome.sentOn()) {
                    any |= arrives(preview, to, before);
                }
                yield any;
            }
        };
        before.remove(key);
        return arrives;
    }

    private void generate(Random random) throws IOException {
        for (String name : List.of("bob", "team", "gone", "web.site", "list-default")) {
            switch (random.nextInt(5)) {
                case 0 -> setting.route(name + "@d.test", Setting.mailbox("d.test", name, 0, List.of(), true));
                case 1 -> setting.route(name + "@d.test", Setting.mailbox("d.test", name, 0, targets(random), false));
                case 2, 3 -> setting.route(name + "@d.test", new Route.Forward(targets(random)));
                default -> {}
            }
        }
        for (String home : List.of("domains/d.test", "alias")) {
            String prefix = home.equals("alias") && random.nextBoolean() ? "v-" : "";
            for (String name : List.of("ann", "team", "gone-default", "web:site", "default", "list-help")) {
                if (random.nextInt(4) == 0) {
                    setting.put(home + "/.qmail-" + prefix + name, content(random));
                }
            }
        }
    }

    private static List<String> targets(Random random) {
        List<String> all = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String domain = List.of("d.test", "d.test", "v.test", "local.test", "far.test")
                    .get(random.nextInt(5));
            all.add(LOCALS.get(random.nextInt(LOCALS.size() - 1)) + "@" + domain);
        }
        return all;
    }

    private static String content(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "# nothing\n";
            case 2 -> "./Maildir/\n";
            case 3 -> "|vdelivermail '' bounce-no-mailbox\n";
            case 4 -> "|vdelivermail '' " + targets(random).getFirst() + "\n";
            case 5 -> "\n./blank\n";
            default -> "&" + String.join("\n&", targets(random)) + "\n";
        };
    }

    @Test
    void noticesWhatSomebodyPutsThereByHand() throws IOException {
        assertInstanceOf(Standing.Missing.class, ask("news@d.test"), "as the directory says, since nobody has looked");
        publish();
        assertInstanceOf(Standing.Missing.class, ask("news@d.test"));
        setting.put("domains/d.test/.qmail-news", "&zoe@far.test\n");
        publish();
        assertInstanceOf(Standing.There.class, ask("news@d.test"));
        Path file = state.maildirs().resolve("domains/d.test/.qmail-news");
        FileTime changed = Files.getLastModifiedTime(file);
        Files.writeString(file, "&gone@d.test\n");
        Files.setLastModifiedTime(file, changed);
        publish();
        assertInstanceOf(Standing.Missing.class, ask("news@d.test"), "all that it leads to is gone");
        Files.delete(file);
        publish();
        assertInstanceOf(Standing.Missing.class, ask("news@d.test"));
    }

    @Test
    void writesNothingWhereNothingIsNew() throws IOException {
        publish();
        assertEquals(false, publication.publish());
        setting.put("alias/.qmail-new", "./box\n");
        assertEquals(true, publication.publish());
    }

    @Test
    void saysNothingOfAliasWhereAccountsOfTheSystemHaveMail() throws IOException {
        publish();
        assertInstanceOf(Standing.Missing.class, ask("joe@local.test"));
        Publication.deliversToAccounts(state.maildirs(), true);
        publish();
        assertInstanceOf(Standing.There.class, ask("joe@local.test"));
        Publication.deliversToAccounts(state.maildirs(), false);
        publish();
        assertInstanceOf(Standing.Missing.class, ask("joe@local.test"));
    }

    @Test
    void knowsHowMuchRoomIsLeftOnceADeliveryFoundLittle() throws Exception {
        setting.route("ann@d.test", Setting.mailbox("d.test", "ann", 1000, List.of(), true));
        assertEquals('K', setting.deliver("d.test-ann@d.test").code());
        publish();
        assertInstanceOf(Standing.There.class, ask("ann@d.test"));
        assertInstanceOf(Standing.Missing.class, door.of("ann@d.test", 1001, Steps.none()), "never");
        Verdict verdict = new Verdict.Delivered("");
        for (int i = 0; i < 20 && verdict instanceof Verdict.Delivered; i++) {
            verdict = setting.deliver("d.test-ann@d.test");
        }
        assertEquals('D', verdict.code());
        publish();
        // the next might be smaller than those; one as large is not
        Standing standing = door.of("ann@d.test", 150, Steps.none());
        assertEquals(new Standing.NotNow("4.2.2 sorry, that mailbox is over its quota"), standing);
        setting.route("ann@d.test", Setting.mailbox("d.test", "ann", 100_000, List.of(), true));
        publish();
        assertInstanceOf(Standing.There.class, door.of("ann@d.test", 150, Steps.none()));
        assertTrue(Files.notExists(state.maildirs().resolve(".full/d.test:ann")), "nobody looks any more");
    }

    @Test
    void tellsAMessageThatComesBack() throws IOException {
        setting.route("team@d.test", new Route.Forward(List.of("ann@d.test")));
        publish();
        Set<String> delivered = Set.of("d.test-ann@d.test");
        assertTrue(door.goesRound("ann@d.test", delivered));
        assertTrue(door.goesRound("team@d.test", delivered), "by an alias");
        assertEquals(false, door.goesRound("ann@d.test", Set.of("ann@d.test", "d.test-team@d.test")));
        assertEquals(false, door.goesRound("zoe@far.test", Set.of("zoe@far.test")));
    }
}
