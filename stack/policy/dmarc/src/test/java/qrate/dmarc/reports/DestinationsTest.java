package qrate.dmarc.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.dmarc.Dmarc;
import qrate.dmarc.DmarcRecord;
import qrate.dmarc.ReportAddress;
import qrate.dns.DnsClient;
import qrate.testkit.DnsServer;

/// RFC 9990 §4.
class DestinationsTest {
    private DnsServer server;
    private Destinations destinations;

    @BeforeEach
    void start() throws IOException {
        server = DnsServer.start();
        DnsClient dns = DnsClient.forgetful(Map.of("QRATE_DNS", server.hostAndPort()));
        InstantSource clock = InstantSource.system();
        destinations = new Destinations(new Dmarc(dns, clock, _ -> Optional.empty()), dns, clock);
        put("_dmarc.example.com", "v=DMARC1; p=none");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private void put(String name, String text) {
        server.put(name, "TXT", "\"" + text + "\"");
    }

    private Destinations.Where where(String domain, String rua) {
        return destinations.of(domain, DmarcRecord.parse("v=DMARC1; rua=" + rua).orElseThrow());
    }

    private static List<String> addresses(List<ReportAddress> all) {
        return all.stream().map(ReportAddress::address).toList();
    }

    @Test
    void theOwnOrganizationNeedNotAgree() {
        Destinations.Where where =
                where("mail.example.com", "mailto:a@mail.example.com,mailto:b@example.com,mailto:c@x.example.com");
        assertEquals(List.of("a@mail.example.com", "b@example.com", "c@x.example.com"), addresses(where.to()));
        assertTrue(server.questions().stream().noneMatch(q -> q.contains("_report")));
    }

    @Test
    void anotherAgreesByARecordOrAWildcard() {
        put("blue.example.com._report._dmarc.red.example.net", "v=DMARC1");
        put("blue.example.com._report._dmarc.any.example.net", "v=DMARC1;");
        Destinations.Where where = where("blue.example.com", "mailto:r@red.example.net,mailto:s@any.example.net");
        assertEquals(List.of("r@red.example.net", "s@any.example.net"), addresses(where.to()));
    }

    @Test
    void whoDoesNotAgreeGetsNothing() {
        put("example.com._report._dmarc.odd.example.net", "v=spf1 -all");
        put("example.com._report._dmarc.odd.example.net", "p=none; v=DMARC1");
        Destinations.Where where = where("example.com", "mailto:r@red.example.net,mailto:s@odd.example.net");
        assertEquals(List.of(), where.to());
        assertEquals(
                List.of(
                        "r@red.example.net: nothing stands at example.com._report._dmarc.red.example.net",
                        "s@odd.example.net: odd.example.net does not say that it agrees"),
                where.refused());
    }

    @Test
    void oneGoodRecordAmongOthersSuffices() {
        put("example.com._report._dmarc.red.example.net", "something");
        put("example.com._report._dmarc.red.example.net", "v=DMARC1; x=y");
        assertEquals(
                List.of("r@red.example.net"),
                addresses(where("example.com", "mailto:r@red.example.net").to()));
    }

    @Test
    void whoAgreesMayNameAnotherAddressOfTheSameHostOnly() {
        put("example.com._report._dmarc.red.example.net", "v=DMARC1; rua=mailto:new@red.example.net");
        put("example.com._report._dmarc.far.example.net", "v=DMARC1; rua=mailto:victim@elsewhere.example");
        Destinations.Where where =
                where("example.com", "mailto:r@red.example.net,mailto:r2@red.example.net,mailto:s@far.example.net");
        assertEquals(List.of("new@red.example.net"), addresses(where.to()));
        assertEquals(List.of("s@far.example.net: far.example.net sends reports on to somebody else"), where.refused());
    }

    @Test
    void aNameThatIsTooLongForDnsIsARefusal() {
        String domain = ("a".repeat(60) + ".").repeat(3) + "example.com";
        String host = "b".repeat(60) + ".example.net";
        assertEquals(
                List.of("r@" + host + ": no name of DNS can say that it agrees"),
                where(domain, "mailto:r@" + host).refused());
    }

    @Test
    void whatDnsCannotTellIsForLater() {
        server.fault("example.com._report._dmarc.red.example.net", DnsServer.Fault.SERVFAIL);
        server.fault("_dmarc.blue.example.net", DnsServer.Fault.SERVFAIL);
        Destinations.Where where = where("example.com", "mailto:r@red.example.net,mailto:b@blue.example.net");
        assertEquals(List.of("r@red.example.net", "b@blue.example.net"), addresses(where.later()));
        assertEquals(List.of(), where.refused());
    }
}
