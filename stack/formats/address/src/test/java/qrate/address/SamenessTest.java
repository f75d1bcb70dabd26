package qrate.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.snapshots.Directory;

class SamenessTest {
    @TempDir
    Path folder;

    private Sameness sameness;

    /// ann in example.test and its other name, bob a catch-all there; whoever else is an alias.
    private static final Directory DIRECTORY = new Directory() {
        @Override
        public Route route(Address address) {
            boolean ours = List.of("example.test", "alias.test").contains(address.domain());
            return !ours
                    ? new Route.NotOurs()
                    : switch (address.local().toLowerCase(Locale.ROOT)) {
                        case "ann" -> box("ann");
                        case "team" -> new Route.Forward(List.of("ann@example.test"));
                        default -> box("bob");
                    };
        }

        private static Route box(String user) {
            return new Route.Mailbox(user + "@example.test", "domains/example.test/" + user, 0, 0, List.of(), true);
        }

        @Override
        public Optional<Account> account(String login) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean maySendAs(String mailbox, Address sender) {
            throw new UnsupportedOperationException();
        }
    };

    @BeforeEach
    void open() throws IOException {
        Files.writeString(folder.resolve("me"), "mail.example.test\n");
        Files.writeString(folder.resolve("locals"), "mail.example.test\n");
        Files.writeString(
                folder.resolve("virtualdomains"),
                "example.test:example.test\nalias.test:alias.test\nxn--bcher-kva.test:x\n");
        sameness = new Sameness(new Control(folder, () -> Instant.EPOCH), DIRECTORY);
    }

    private List<String> once(String... recipients) {
        return sameness.once(Envelope.of("", recipients)).recipients().stream()
                .map(Recipient::address)
                .toList();
    }

    @Test
    void takesALocalPartInAnyCaseForOneHere() {
        assertEquals(List.of("Ann@example.test"), once("Ann@example.test", "ann@EXAMPLE.test", "ANN@example.test"));
        assertEquals(List.of("root"), once("root", "ROOT@mail.example.test", "root@MAIL.example.test"));
        assertEquals(List.of("Team@example.test"), once("Team@example.test", "team@example.test"));
        assertEquals(
                List.of("b\u00fc@example.test"),
                once("b\u00fc@example.test", "bu\u0308@example.test", "B\u00dc@example.test"));
        assertEquals(List.of("x@b\u00fccher.test"), once("x@b\u00fccher.test", "X@xn--bcher-kva.test"));
    }

    @Test
    void knowsAMailboxByEachNameOfItsDomain() {
        assertEquals(List.of("ann@alias.test"), once("ann@alias.test", "ANN@example.test"));
        assertEquals(List.of("team@alias.test", "ann@example.test"), once("team@alias.test", "ann@example.test"));
    }

    @Test
    void takesNobodyForSomebodyElse() {
        List<String> all = List.of(
                "Bob@remote.test",
                "bob@remote.test",
                "one@example.test", // both the catch-all's, unless a .qmail file has one of them
                "two@example.test",
                "ann-list@example.test",
                "list-subscribe-Eve=remote.test@example.test",
                "list-subscribe-eve=remote.test@example.test",
                "ann");
        assertEquals(all, once(all.toArray(String[]::new)));
        assertEquals(List.of("bob@remote.test"), once("bob@remote.test", "bob@REMOTE.test"));
    }

    @Test
    void reportsWhatAnyOfThemAskedFor() {
        Envelope envelope = new Envelope(
                "eve@remote.test",
                "RET=HDRS",
                List.of(
                        new Recipient("ann@example.test", "NOTIFY=NEVER"),
                        Recipient.of("bob@example.test"),
                        new Recipient("ANN@example.test", "NOTIFY=SUCCESS ORCPT=rfc822;ANN@example.test"),
                        new Recipient("Ann@example.test", "ORCPT=rfc822;Ann@example.test"),
                        new Recipient("BOB@example.test", "NOTIFY=NEVER")));
        assertEquals(
                new Envelope(
                        "eve@remote.test",
                        "RET=HDRS",
                        List.of(
                                new Recipient(
                                        "ann@example.test",
                                        "NOTIFY=DELAY,FAILURE,SUCCESS ORCPT=rfc822;ANN@example.test"),
                                Recipient.of("bob@example.test"))),
                sameness.once(envelope));
    }

    @Test
    void leavesAnEnvelopeAloneThatCannotBeLookedAt() throws IOException {
        Files.delete(folder.resolve("locals"));
        Files.delete(folder.resolve("me"));
        Envelope envelope = Envelope.of("", "ann@example.test", "ANN@example.test");
        assertSame(envelope, new Sameness(new Control(folder, () -> Instant.EPOCH), DIRECTORY).once(envelope));
    }
}
