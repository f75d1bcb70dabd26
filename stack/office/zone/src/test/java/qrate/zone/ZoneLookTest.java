package qrate.zone;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;
import qrate.dns.DnsClient;
import qrate.signer.HeldKey;
import qrate.testkit.DnsServer;
import qrate.zone.RowSeen.State;
import qrate.zone.ZoneRow.Kind;

/// What two resolvers see of a domain's rows, and what is said of it.
class ZoneLookTest {
    private static final String DOMAIN = "example.org";
    private static final String HASH = "ab".repeat(32);
    private static final OwnStsPolicy POLICY = new OwnStsPolicy(OwnStsPolicy.Mode.TESTING, "mx.example.org");
    private static final HeldKey KEY = new HeldKey(
            new SigningKey(DOMAIN, "r1", Algorithm.RSA_SHA256), HeldKey.State.WAITS, "v=DKIM1; k=rsa; p=QUJD");
    private static final Ours OURS =
            new Ours("mx.example.org", List.of(InetAddress.ofLiteral("192.0.2.25")), Set.of(DOMAIN));
    private static final DomainRows.Parts PARTS =
            new DomainRows.Parts(List.of(KEY), Optional.of(POLICY), List.of(HASH), Optional.of("letsencrypt.org"));

    private DnsServer first;
    private DnsServer second;
    private RowSeen served = RowSeen.right(List.of("the policy"));

    @BeforeEach
    void whereEverybodySeesAll() throws IOException {
        first = DnsServer.start();
        second = DnsServer.start();
        List.of(first, second).forEach(ZoneLookTest::publish);
    }

    private static void publish(DnsServer server) {
        for (ZoneRow row : DomainRows.of(DOMAIN, OURS, PARTS).rows()) {
            if (row.kind() != Kind.TLSA) {
                row.values().forEach(value -> server.put(row.name(), row.type(), row.data(value)));
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        first.close();
        second.close();
    }

    private List<ZoneLook.Looked> look() {
        ZoneLook look = ZoneLook.of(
                DnsClient.forgetful(Map.of("QRATE_DNS", first.hostAndPort())),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), second.port())),
                (_, _) -> served,
                InstantSource.system());
        return look.look(DomainRows.of(DOMAIN, OURS, PARTS), OURS, PARTS);
    }

    private ZoneLook.Looked row(Kind kind) {
        return look().stream()
                .filter(one -> one.row().kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private void instead(String name, String type, String... values) {
        for (DnsServer server : List.of(first, second)) {
            server.remove(name);
            for (String value : values) {
                server.put(name, type, value);
            }
        }
    }

    @Test
    void aDomainIsReadyWhenBothSeeAllThatItNeeds() {
        List<ZoneLook.Looked> rows = look();
        assertTrue(ZoneLook.ready(rows), rows::toString);
        for (ZoneLook.Looked one : rows) {
            assertEquals(one.row().kind() == Kind.TLSA ? State.NOT_NEEDED : State.RIGHT, one.state(), one::toString);
        }
    }

    @Test
    void itIsNotReadyWhileOneOfThemDoesNotSeeIt() {
        second.remove("_dmarc.example.org");
        assertEquals(State.DIFFERS, row(Kind.DMARC).state());
        assertTrue(row(Kind.DMARC).todo().startsWith("127.0.0.1 does not see it: wait"), row(Kind.DMARC)::todo);
        assertFalse(ZoneLook.ready(look()));
    }

    @Test
    void itIsNotReadyWhileOneOfThemCannotTell() {
        second.fault("_dmarc.example.org", DnsServer.Fault.SERVFAIL);
        assertEquals(State.UNKNOWN, row(Kind.DMARC).state());
        assertTrue(row(Kind.DMARC).todo().contains("could not tell"), row(Kind.DMARC)::todo);
        assertFalse(ZoneLook.ready(look()));
    }

    @Test
    void itIsNotReadyWithoutAKeyOrAnAddressThatIsKnown() {
        DomainRows.Parts none = new DomainRows.Parts(List.of(), Optional.empty(), List.of(), Optional.empty());
        ZoneLook look = ZoneLook.of(
                DnsClient.forgetful(Map.of("QRATE_DNS", first.hostAndPort())),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), second.port())),
                (_, _) -> served,
                InstantSource.system());
        assertFalse(ZoneLook.ready(look.look(DomainRows.of(DOMAIN, OURS, none), OURS, none)));
    }

    @Test
    void whatMeansTheSameIsRight() {
        instead("example.org", "MX", "5 other.example.", "20 MX.example.org.");
        List.of(first, second)
                .forEach(server -> server.put(
                                "example.org", "TXT", "\"v=spf1 ip4:192.0.2.0/24 include:none.example ~all\"")
                        .put("example.org", "TXT", "\"site-verification=1\""));
        instead("_dmarc.example.org", "TXT", "\"v=DMARC1; p=reject; rua=mailto:d@example.org\"");
        instead("r1._domainkey.example.org", "TXT", "\"k=rsa; t=s; p=QU JD\"");
        assertEquals(State.RIGHT, row(Kind.MX).state());
        assertEquals(State.RIGHT, row(Kind.SPF).state());
        assertEquals(State.RIGHT, row(Kind.DMARC).state());
        assertEquals(State.RIGHT, row(Kind.DKIM).state());
    }

    @Test
    void whatIsWrongIsSaidWithWhatToDo() {
        instead("example.org", "MX", "0 .");
        assertTrue(row(Kind.MX).todo().startsWith("it says that the domain takes no mail at all"), row(Kind.MX)::todo);
        instead("example.org", "TXT", "\"v=spf1 -all\"");
        assertTrue(row(Kind.SPF).todo().contains("does not let 192.0.2.25 send"), row(Kind.SPF)::todo);
        instead("example.org", "TXT", "\"v=spf1 mx -all\"", "\"v=spf1 a -all\"");
        assertTrue(row(Kind.SPF).todo().startsWith("there are 2 SPF records"), row(Kind.SPF)::todo);
        instead("example.org", "TXT", "\"v=spf1 mx +all\"");
        assertTrue(row(Kind.SPF).todo().startsWith("it lets everybody send"), row(Kind.SPF)::todo);
        instead("_dmarc.example.org", "TXT", "\"v=DMARC1; p=none\"", "\"v=DMARC1; p=reject\"");
        assertTrue(row(Kind.DMARC).todo().startsWith("there are 2 DMARC records"), row(Kind.DMARC)::todo);
        instead("r1._domainkey.example.org", "TXT", "\"v=DKIM1; p=\"");
        assertTrue(row(Kind.DKIM).todo().startsWith("it is another key"), row(Kind.DKIM)::todo);
        instead("25.2.0.192.in-addr.arpa", "PTR", "customer-25.isp.example.");
        assertEquals(
                "replace what is there: ask whoever gave you the address to set it to mx.example.org.",
                row(Kind.REVERSE).todo());
        instead("mx.example.org", "CAA", "0 issue \"other.example\"");
        assertTrue(row(Kind.CAA).todo().startsWith("our CA may give us no certificate"), row(Kind.CAA)::todo);
        assertFalse(ZoneLook.ready(look()));
    }

    @Test
    void aPolicyThatIsNotServedIsNotRightHoweverItStandsInDns() {
        served = RowSeen.wrong(List.of(), "the policy's server answers 404");
        assertEquals(State.WRONG, row(Kind.STS).state());
        assertTrue(row(Kind.STS).todo().startsWith("the policy's server answers 404: serve"), row(Kind.STS)::todo);
    }

    @Test
    void keysOfTheCertificateCountOnlyInAZoneThatIsSaidToBeSigned() throws IOException {
        List.of(first, second)
                .forEach(server -> List.of(25, 587, 465, 110, 995)
                        .forEach(port -> server.put("_" + port + "._tcp.mx.example.org", "TLSA", "3 1 1 " + HASH)));
        assertEquals(State.NOT_NEEDED, row(Kind.TLSA).state(), "nobody vouches for it");
        first.validating();
        assertEquals(State.RIGHT, row(Kind.TLSA).state());
        instead("_25._tcp.mx.example.org", "TLSA", "3 1 1 " + "cd".repeat(32));
        assertEquals(State.WRONG, row(Kind.TLSA).state());
        assertTrue(row(Kind.TLSA).todo().startsWith("it is not our key"), row(Kind.TLSA)::todo);
    }

    @Test
    void withoutASecondResolverTheZonesOwnServersAreAsked() throws IOException {
        first.put(DOMAIN, "NS", "ns.example.org.").put("ns.example.org", "A", "127.0.0.1");
        OwnServers own = new OwnServers(DnsClient.forgetful(Map.of("QRATE_DNS", first.hostAndPort())), second.port());
        second.remove("_dmarc.example.org").put("_dmarc.example.org", "TXT", "\"v=DMARC1; p=reject\"");
        assertEquals(
                "Found[all=[v=DMARC1; p=reject]]",
                own.texts("_dmarc.example.org").toString());
        assertTrue(own.texts("elsewhere.net").toString().contains("not known"), "no zone of that name");
    }

    @Test
    void whatAStrangerWroteIsCutToWhatAPageBears() {
        String[] many = new String[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = "\"v=spf1 " + "x".repeat(240) + i + "\" \"" + "y".repeat(250) + "\" \"" + "z".repeat(250) + "\"";
        }
        instead("example.org", "TXT", many);
        RowSeen seen = row(Kind.SPF).seen().getFirst().seen();
        assertEquals(10, seen.values().size());
        assertTrue(seen.values().stream().allMatch(value -> value.length() <= 501), seen::toString);
    }

    @Test
    void whatIsServedMustBeThePolicyItself() {
        assertEquals(
                State.RIGHT,
                StsFetch.of(200, POLICY.text().getBytes(US_ASCII), POLICY).state());
        assertEquals(
                State.RIGHT,
                StsFetch.of(200, POLICY.text().replace("\r", "").getBytes(US_ASCII), POLICY)
                        .state());
        assertEquals(
                State.WRONG,
                StsFetch.of(200, "version: STSv1".getBytes(US_ASCII), POLICY).state());
        assertEquals(
                State.WRONG,
                StsFetch.of(302, POLICY.text().getBytes(US_ASCII), POLICY).state());
    }
}
