package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Address;
import qrate.core.State;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// Where a mailbox's mail goes on to, from the edit to what delivery reads.
class ForwardTest extends OpenDirectory {
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");
    private static final String ANN = "ann@example.test";
    private static final Change DONE = new Change.Done();

    @BeforeEach
    void fill() throws IOException {
        for (Edit edit : List.of(
                new Edit.AddDomain("example.test", PASSWORD),
                new Edit.AddAliasDomain("example.test", "as.test"),
                new Edit.AddDomain("two.test", PASSWORD),
                new Edit.AddMailbox(ANN, PASSWORD),
                new Edit.AddMailbox("bob@example.test", PASSWORD))) {
            assertEquals(DONE, domains.apply(edit), edit.toString());
        }
    }

    private Change set(String address, boolean keep, String... to) throws IOException {
        return domains.apply(new Edit.SetForward(address, new Forwarding(List.of(to), keep)));
    }

    private Directory.Route.Mailbox published() throws IOException {
        Directory files = new SnapshotDirectory(new State(folder), InstantSource.system());
        return assertInstanceOf(Directory.Route.Mailbox.class, files.newest(Address.of(ANN)));
    }

    private void refused(Refusal.Key key, Change change) {
        assertEquals(
                key, assertInstanceOf(Change.Refused.class, change).refusal().key());
    }

    @Test
    void whatIsSetIsAllThatHoldsAndDeliveryReadsIt() throws IOException {
        assertEquals(DONE, set("Ann@as.test", true, "&far@far.test", "bob@example.test", "far@FAR.test"));
        assertEquals(new Forwarding(List.of("bob@example.test", "far@far.test"), true), domains.forward("ann@as.test"));
        assertEquals(List.of("bob@example.test", "far@far.test"), published().copies());
        assertEquals(true, published().keep());
        assertEquals(DONE, set(ANN, false, "far@far.test"));
        assertEquals(List.of("far@far.test"), published().copies());
        assertEquals(false, published().keep());
        assertEquals(DONE, set(ANN, false));
        assertEquals(Forwarding.NONE, domains.forward(ANN));
        assertEquals(List.of(), published().copies());
        assertEquals(true, published().keep());
    }

    @Test
    void aMailboxWhoseLastTargetGoesGetsItsMailItself() throws IOException {
        set(ANN, false, "far@far.test");
        domains.apply(new Edit.DeleteAlias(new EditableDirectory.Alias(ANN, "far@far.test")));
        assertEquals(true, published().keep());
        assertEquals(Forwarding.NONE, domains.forward(ANN));
    }

    @Test
    void whatLeadsBackIsRefusedByEachWayItMayTake() throws IOException {
        refused(Refusal.Key.FORWARD_LOOP, set(ANN, true, ANN));
        refused(Refusal.Key.FORWARD_LOOP, set(ANN, true, "far@far.test", "Ann@as.test"));
        assertEquals(DONE, set("bob@example.test", true, ANN));
        refused(Refusal.Key.FORWARD_LOOP, set(ANN, false, "bob@as.test"));
        domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("all@two.test", "bob@example.test")));
        refused(Refusal.Key.FORWARD_LOOP, set(ANN, true, "all@two.test"));
        domains.apply(new Edit.SetCatchAll("two.test", ANN));
        refused(Refusal.Key.FORWARD_LOOP, set(ANN, true, "nobody@two.test"));
        assertEquals(DONE, set(ANN, true, "postmaster@two.test"));
        assertEquals(List.of("postmaster@two.test"), domains.forward(ANN).to(), "and none of them did anything");
    }

    @Test
    void oddAndTooManyTargetsAreRefusedWhole() throws IOException {
        set(ANN, true, "far@far.test");
        for (String odd : List.of("", "|program", "./Maildir/", "ann", "a b@far.test", "a@far.test\nx@y.test", "/a@")) {
            refused(Refusal.Key.FORWARD_ADDRESS, set(ANN, true, "good@far.test", odd));
        }
        String[] many = IntStream.rangeClosed(0, Forwarding.TARGETS_MAX)
                .mapToObj(i -> "u" + i + "@far.test")
                .toArray(String[]::new);
        refused(Refusal.Key.FORWARD_MANY, set(ANN, true, many));
        assertEquals(
                DONE, set(ANN, true, Collections.nCopies(99, "far@far.test").toArray(String[]::new)));
        refused(Refusal.Key.MAILBOX_MISSING, set("no@example.test", true, "far@far.test"));
        refused(Refusal.Key.DOMAIN_MISSING, set("no@none.test", true, "far@far.test"));
        refused(Refusal.Key.MAILBOX_NAME, set("none", true, "far@far.test"));
        assertEquals(new Forwarding(List.of("far@far.test"), true), domains.forward(ANN));
    }

    @Test
    void aDomainsLimitOfAliasesHoldsAndTakesNothingAway() throws IOException {
        set(ANN, true, "a@far.test", "b@far.test");
        domains.apply(new Edit.SetLimits("example.test", new EditableDirectory.Limits(0, 1, 0)));
        assertEquals(DONE, set(ANN, true, "c@far.test", "d@far.test"), "as many as there were");
        refused(Refusal.Key.ALIASES_FULL, set(ANN, true, "a@far.test", "b@far.test", "c@far.test"));
        assertEquals(List.of("c@far.test", "d@far.test"), domains.forward(ANN).to());
    }

    @Test
    void aLongChainIsNotFollowedForEver() throws IOException {
        for (int i = 0; i < 300; i++) {
            domains.quiet("test")
                    .apply(new Edit.AddAlias(
                            new EditableDirectory.Alias("l" + i + "@two.test", "l" + (i + 1) + "@two.test")));
        }
        assertEquals(DONE, set(ANN, true, "l0@two.test"));
    }
}
