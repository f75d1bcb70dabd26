package qrate.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;
import qrate.dns.Dns;
import qrate.signer.HeldKey;
import qrate.zone.ZoneRow.Kind;

/// Updates of a zone that BIND serves.
@Tag("peer")
class ZoneUpdatePeerTest {
    private static final String DOMAIN = "example.org";
    private static final Ours OURS =
            new Ours("mx.example.org", List.of(InetAddress.ofLiteral("192.0.2.25")), Set.of(DOMAIN));
    private static final OwnStsPolicy POLICY = new OwnStsPolicy(OwnStsPolicy.Mode.ENFORCE, "mx.example.org");

    @TempDir
    Path folder;

    private Bind bind;
    private RowSeen served = RowSeen.right(List.of());

    @AfterEach
    void close() throws IOException {
        bind.close();
    }

    private static HeldKey key(String selector) {
        return new HeldKey(
                new SigningKey(DOMAIN, selector, Algorithm.RSA_SHA256),
                HeldKey.State.WAITS,
                "v=DKIM1; k=rsa; p=" + "QUJD".repeat(98));
    }

    private static DomainRows.Parts parts(HeldKey... keys) {
        return new DomainRows.Parts(
                List.of(keys), Optional.of(POLICY), List.of("ab".repeat(32)), Optional.of("letsencrypt.org"));
    }

    private void serve(String... lines) throws IOException {
        bind = new Bind(Files.createDirectory(folder.resolve("named")), DOMAIN, String.join("\n", lines));
        Files.createDirectory(folder.resolve("control"));
    }

    private ZoneUpdate update(String line, String secret) throws IOException {
        NameServer server = Bind.named(folder.resolve("control"), line, secret);
        return new ZoneUpdate(server, bind.dns(), (_, _) -> served, InstantSource.system());
    }

    private ZoneUpdate update() throws IOException {
        return update(bind.place() + " qrate-key", Bind.SECRET);
    }

    private static ZoneUpdate.Plan plan(ZoneUpdate update, DomainRows.Parts parts) throws Exception {
        return update.plan(DomainRows.of(DOMAIN, OURS, parts), OURS, parts);
    }

    private List<String> texts(String name) {
        return bind.dns().texts(name) instanceof Dns.Answer.Found<String>(var all)
                ? all.stream().sorted().toList()
                : List.of();
    }

    private static List<String> lines(ZoneUpdate.Plan plan) {
        return plan.changes().stream()
                .flatMap(change -> change.lines().stream())
                .toList();
    }

    @Test
    void anEmptyZoneGetsAllThatTheDomainNeedsAndNothingTwice() throws Exception {
        serve();
        ZoneUpdate update = update();
        ZoneUpdate.Plan plan = plan(update, parts(key("r1")));
        assertEquals(List.of(), plan.byHand());
        assertTrue(lines(plan).contains("+ example.org. 3600 IN MX 10 mx.example.org."), lines(plan)::toString);
        assertEquals(List.of(), texts("_dmarc.example.org"), "a plan changes nothing");
        update.send(plan.changes());
        ZoneLook look = new ZoneLook(
                List.of(new ZoneLook.Viewer("named", bind.dns())), (_, _) -> served, InstantSource.system());
        for (ZoneLook.Looked one : look.look(DomainRows.of(DOMAIN, OURS, parts(key("r1"))), OURS, parts(key("r1")))) {
            // another's zone; and what a web server must answer for first is left to somebody who knows that it does
            boolean left = one.row().kind() == Kind.REVERSE || one.row().kind() == Kind.SETUP;
            assertTrue(
                    left || one.state() == RowSeen.State.RIGHT || one.state() == RowSeen.State.NOT_NEEDED,
                    one::toString);
        }
        assertEquals(List.of(), plan(update, parts(key("r1"))).changes(), "all is there");
    }

    @Test
    void whatOthersWroteStays() throws Exception {
        serve(
                "@ IN TXT \"site-verification=1\"",
                "@ IN TXT \"v=spf1 ip4:198.51.100.1 -all\"",
                "@ IN MX 5 mail.provider.example.",
                "_dmarc IN TXT \"v=DMARC1; p=reject\"",
                "mta-sts IN CNAME www.provider.example.",
                "_imaps._tcp IN SRV 0 1 993 imap.provider.example.");
        ZoneUpdate update = update();
        ZoneUpdate.Plan plan = plan(update, parts(key("r1")));
        update.send(plan.changes());
        assertEquals(List.of("site-verification=1", "v=spf1 mx ip4:198.51.100.1 -all"), texts(DOMAIN));
        assertEquals(List.of("v=DMARC1; p=reject"), texts("_dmarc.example.org"));
        assertEquals(
                "Found[all=[Exchanger[preference=5, host=mail.provider.example]]]",
                bind.dns().exchangers(DOMAIN).toString());
        assertEquals(
                List.of(Kind.MX, Kind.NO_SERVICE),
                plan.byHand().stream().map(one -> one.row().kind()).toList());
        assertFalse(lines(plan).stream().anyMatch(line -> line.contains(" mta-sts.")), lines(plan)::toString);
    }

    @Test
    void aKeyThatWasReplacedIsReplacedThere() throws Exception {
        serve("r1._domainkey IN TXT \"v=DKIM1; p=b2xk\"");
        ZoneUpdate update = update();
        update.send(plan(update, parts(key("r1"), key("r2"))).changes());
        assertEquals(List.of(key("r1").record()), texts("r1._domainkey.example.org"));
        assertEquals(List.of(key("r2").record()), texts("r2._domainkey.example.org"));
    }

    @Test
    void whatIsNotServedYetIsNotAnnounced() throws Exception {
        serve();
        served = RowSeen.wrong(List.of(), "the policy's server answers 404");
        ZoneUpdate.Plan plan = plan(update(), parts(key("r1")));
        assertFalse(lines(plan).toString().contains("_mta-sts"), lines(plan)::toString);
        assertEquals("the policy's server answers 404", plan.byHand().getFirst().why());
    }

    @Test
    void nothingIsDoneWhereSomebodyElseChangedTheSetMeanwhile() throws Exception {
        serve();
        ZoneUpdate update = update();
        ZoneUpdate.Plan early = plan(update, parts(key("r1")));
        update.send(plan(update, parts(key("r1"))).changes());
        IOException why = assertThrows(IOException.class, () -> update.send(early.changes()));
        assertTrue(why.getMessage().contains("was changed meanwhile"), why::getMessage);
    }

    @Test
    void aWrongKeyOrOneThatMayNotIsSaidSo() throws Exception {
        serve();
        String wrong = "d3Jvbmctc2VjcmV0LW9mLXRoZS10ZXN0LTEyMzQ1Njc=";
        for (ZoneUpdate update : List.of(
                update(bind.place() + " qrate-key hmac-sha256", wrong),
                update(bind.place() + " no-such-key", Bind.SECRET),
                update(bind.place() + " qrate-key hmac-sha512", Bind.SECRET))) {
            IOException why = assertThrows(IOException.class, () -> plan(update, parts(key("r1"))));
            assertTrue(why.getMessage().contains("does not take our key"), why::getMessage);
            assertFalse(why.getMessage().contains(wrong), "the secret is in no message");
        }
        ZoneUpdate other = update(bind.place() + " other-key", Bind.SECRET);
        ZoneUpdate.Plan plan = plan(other, parts(key("r1")));
        IOException why = assertThrows(IOException.class, () -> other.send(plan.changes()));
        assertTrue(why.getMessage().contains("refuses to change example.org"), why::getMessage);
        assertEquals(List.of(), texts("_dmarc.example.org"));
    }
}
