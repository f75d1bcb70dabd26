package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.address.Addresses;
import qrate.address.Routing;
import qrate.address.Standing;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.State;
import qrate.core.Steps;
import qrate.core.Verdict;
import qrate.local.plan.Preview;
import qrate.snapshots.Directory;
import qrate.srs.Srs;
import qrate.srs.SrsResult;

/// What is sent on says by whose address, and what comes back to a reverse-path of ours goes where it came from.
class SentOnTest {
    private static final String SECRET = "a secret of ours";
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws Exception {
        setting = new Setting(root);
        setting.domain("d.test", "ann");
        control("me", "mx.test");
        control("locals", "local.test");
        control("virtualdomains", "d.test:d.test\nv.test:alias-v");
        control("srs_secrets", SECRET);
    }

    @AfterEach
    void close() {
        setting.close();
    }

    private void control(String name, String text) throws IOException {
        Files.writeString(root.resolve("control").resolve(name), text + "\n");
    }

    private Control control() {
        return new Control(root.resolve("control"), CLOCK);
    }

    /// As send hands it over.
    private String routed(String address) throws IOException {
        return Routing.read(control()).route(address).address();
    }

    private Envelope sentOn() {
        assertEquals(1, setting.forwarded.size());
        return setting.forwarded.getFirst().envelope();
    }

    private static String reversePath(String domain, InstantSource clock) {
        Srs.Terms terms = new Srs.Terms(List.of(SECRET), Srs.AGE_DAYS_USUAL);
        SrsResult made = new Srs(domain, terms, _ -> false, clock).forward("zoe@far.test");
        return assertInstanceOf(SrsResult.Changed.class, made).address();
    }

    private Standing door(String address) throws IOException {
        return Addresses.published(new State(root), control(), setting.directory(), CLOCK)
                .of(address, 0, Steps.none());
    }

    @Test
    void anAliasOfTheDirectoryLeavesTheSenderAndSaysItsDomain() throws Exception {
        setting.route("sales@d.test", new Directory.Route.Forward(List.of("bob@far.test")));
        setting.deliver("d.test-sales@d.test");
        assertEquals("sender@example.com", sentOn().sender());
        assertEquals(Optional.of("d.test"), sentOn().sentOnBy());
    }

    @Test
    void aDotQmailFileSaysItToo() throws Exception {
        setting.put("alias/.qmail-team", "bob@far.test\n");
        setting.deliver("team@local.test");
        assertEquals("sender@example.com", sentOn().sender());
        assertEquals(Optional.of("local.test"), sentOn().sentOnBy());
    }

    @Test
    void theOwnerThatAFileNamesIsTheSenderFirst() throws Exception {
        setting.put("alias/.qmail-team", "bob@far.test\n");
        setting.put("alias/.qmail-team-owner", "ann@d.test\n");
        setting.deliver("team@local.test");
        assertEquals("team-owner@local.test", sentOn().sender());
    }

    @Test
    void whoSendsItOnAgainIsTheOneThatCounts() throws Exception {
        setting.route("sales@d.test", new Directory.Route.Forward(List.of("bob@far.test")));
        setting.deliver(new Spawner.Job(
                7,
                Setting.BIRTH,
                "sender@example.com",
                "SENTON=local.test",
                Body.of(Setting.utf8(Setting.MESSAGE)),
                "",
                List.of(new Spawner.Delivery(0, Recipient.of("d.test-sales@d.test")))));
        assertEquals(Optional.of("d.test"), sentOn().sentOnBy());
    }

    private void deliverSecret(String recipient) throws Exception {
        setting.deliver(new Spawner.Job(
                7,
                Setting.BIRTH,
                "sender@example.com",
                "RET=FULL REQUIRETLS",
                Body.of(Setting.utf8(Setting.MESSAGE)),
                "",
                List.of(new Spawner.Delivery(0, Recipient.of(recipient)))));
    }

    /// RFC 8689 §6.
    @Test
    void whatMustGoByTlsIsSentOnByTls() throws Exception {
        setting.route("sales@d.test", new Directory.Route.Forward(List.of("bob@far.test")));
        deliverSecret("d.test-sales@d.test");
        assertTrue(sentOn().requiresTls());
        setting.forwarded.clear();
        setting.put("alias/.qmail-team", "bob@far.test\n");
        setting.put("alias/.qmail-team-owner", "ann@d.test\n");
        deliverSecret("team@local.test");
        assertEquals("team-owner@local.test", sentOn().sender());
        assertTrue(sentOn().requiresTls());
    }

    @Test
    void programsAreToldWhatMustGoByTls() throws Exception {
        setting.put("alias/.qmail-run", "|echo \"$QRATE_REQUIRETLS\" >told\n");
        deliverSecret("run@local.test");
        assertEquals("1\n", Files.readString(root.resolve("maildirs/alias/told")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"d.test", "local.test", "v.test"})
    void aBounceGoesBackToWhoSent(String domain) throws Exception {
        String path = reversePath(domain, CLOCK);
        assertInstanceOf(Standing.There.class, door(path));
        assertInstanceOf(Verdict.Delivered.class, setting.deliver("", Setting.MESSAGE, routed(path)));
        assertEquals("", sentOn().sender());
        assertEquals("zoe@far.test", sentOn().recipients().getFirst().address());
        assertTrue(setting.forwarded.getFirst().content().startsWith("Delivered-To: "));
        try (Preview preview = preview()) {
            assertEquals(
                    List.of("zoe@far.test"),
                    preview.of(routed(path), Steps.none()).sentOn());
        }
    }

    private Preview preview() throws IOException {
        return new Preview(
                new Preview.Parts(setting.maildirs(), root.resolve("users"), setting.directory(), control(), CLOCK),
                Map.of());
    }

    @Test
    void whatWeDidNotMakeIsRefusedAtTheDoorAndInDeliveryWhoeverElseTheDomainTakes() throws Exception {
        setting.put("domains/d.test/.qmail-default", "./Maildir/\n");
        String forged = reversePath("d.test", CLOCK).replace("=zoe@", "=eve@");
        String why = "sorry, no mail comes back by that address: its hash is wrong: we did not make it";
        assertEquals(new Standing.Missing("5.1.1 " + why), door(forged));
        assertEquals(
                new Verdict.Never("Sorry" + why.substring(5) + ". (#5.1.1)"),
                setting.deliver("", Setting.MESSAGE, routed(forged)));
        assertEquals(List.of(), setting.forwarded);
    }

    @Test
    void whatIsTooOldIsRefused() throws Exception {
        String old = reversePath("d.test", InstantSource.offset(CLOCK, Duration.ofDays(-22)));
        Standing.Missing missing = assertInstanceOf(Standing.Missing.class, door(old));
        assertTrue(missing.why().endsWith("it is older than 21 days"), missing.why());
        assertEquals('D', setting.deliver("", Setting.MESSAGE, routed(old)).code());
    }

    @Test
    void whatGoesRoundByItIsEnded() throws Exception {
        String path = routed(reversePath("d.test", CLOCK));
        setting.deliver("", Setting.MESSAGE, path);
        String again = setting.forwarded.getFirst().content();
        assertEquals('D', setting.deliver("", again, path).code());
    }

    @Test
    void aMailboxWhoseNameHasTheLettersIsOne() throws Exception {
        setting.domain("d.test", "srs");
        assertEquals(new Verdict.Delivered("did 1+0+0"), setting.deliver("d.test-srs@d.test"));
        assertInstanceOf(Standing.There.class, door("srs@d.test"));
    }
}
