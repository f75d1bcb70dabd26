package qrate.zone;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;
import qrate.signer.HeldKey;

/// What a domain is told to publish.
class DomainRowsTest {
    private static final List<InetAddress> ADDRESSES =
            List.of(InetAddress.ofLiteral("192.0.2.25"), InetAddress.ofLiteral("2001:db8::25"));

    private static final DomainRows.Parts NO_KEYS =
            new DomainRows.Parts(List.of(), Optional.empty(), List.of(), Optional.empty());

    private static DomainRows of(String domain, List<InetAddress> addresses, DomainRows.Parts parts) {
        return DomainRows.of(domain, new Ours("mx.example.org", addresses, Set.of(domain)), parts);
    }

    private static List<Record> read(List<String> zone) throws IOException {
        List<Record> records = new ArrayList<>();
        try (Master master = new Master(
                new ByteArrayInputStream(String.join("\n", zone).concat("\n").getBytes(US_ASCII)), Name.root)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.add(record);
            }
        }
        return records;
    }

    private static List<String> shown(List<Record> records, int type) {
        return records.stream()
                .filter(record -> record.getType() == type)
                .map(record -> record.getName() + " " + record.rdataToString())
                .toList();
    }

    @Test
    void theZoneIsOneThatANameServerReads() throws IOException {
        List<Record> records = read(of("example.org", ADDRESSES, NO_KEYS).lines());
        assertEquals(List.of("example.org. 10 mx.example.org."), shown(records, Type.MX));
        assertEquals(List.of("mx.example.org. 192.0.2.25"), shown(records, Type.A));
        assertEquals(List.of("mx.example.org. 2001:db8:0:0:0:0:0:25"), shown(records, Type.AAAA));
        assertEquals(
                List.of(
                        "mx.example.org. \"v=spf1 a -all\"",
                        "example.org. \"v=spf1 mx -all\"",
                        "_dmarc.example.org. \"v=DMARC1; p=none; rua=mailto:postmaster@example.org\"",
                        "_smtp._tls.example.org. \"v=TLSRPTv1; rua=mailto:postmaster@example.org\""),
                shown(records, Type.TXT));
        assertEquals(
                List.of(
                        "_submissions._tcp.example.org. 0 1 465 mx.example.org.",
                        "_submission._tcp.example.org. 0 1 587 mx.example.org.",
                        "_pop3s._tcp.example.org. 0 1 995 mx.example.org.",
                        "_pop3._tcp.example.org. 10 1 110 mx.example.org.",
                        "_imap._tcp.example.org. 0 0 0 .",
                        "_imaps._tcp.example.org. 0 0 0 ."),
                shown(records, Type.SRV));
        assertEquals(List.of(), shown(records, Type.PTR), "the reverse zone is another's");
    }

    @Test
    void theKeysThatMailIsSignedWithAreInIt() throws IOException {
        SigningKey key = new SigningKey("example.org", "r20261130", Algorithm.RSA_SHA256);
        String record = "v=DKIM1; k=rsa; p=" + "x".repeat(392);
        DomainRows.Parts parts = new DomainRows.Parts(
                List.of(new HeldKey(key, HeldKey.State.WAITS, record)), Optional.empty(), List.of(), Optional.empty());
        List<Record> records = read(of("example.org", ADDRESSES, parts).lines());
        Record published = records.stream()
                .filter(one -> one.getName().toString().equals("r20261130._domainkey.example.org."))
                .findFirst()
                .orElseThrow();
        assertEquals(record, String.join("", ((org.xbill.DNS.TXTRecord) published).getStrings()));
    }

    @Test
    void whatStandsInAnothersZoneIsAComment() throws IOException {
        DomainRows published = of("other.example", ADDRESSES, NO_KEYS);
        assertEquals(List.of(), shown(read(published.lines()), Type.A));
        assertTrue(published.lines().contains("; mx.example.org. 3600 IN A 192.0.2.25"), published.lines()::toString);
        assertTrue(
                published.lines().contains("; 25.2.0.192.in-addr.arpa. 3600 IN PTR mx.example.org."),
                published.lines()::toString);
    }

    @Test
    void whatNeedsAWebServerFirstIsAComment() throws IOException {
        DomainRows published = of("example.org", ADDRESSES, NO_KEYS);
        for (String line : List.of(
                "; autoconfig.example.org. 3600 IN CNAME mx.example.org.",
                "; autodiscover.example.org. 3600 IN CNAME mx.example.org.",
                "; _autodiscover._tcp.example.org. 3600 IN SRV 0 1 443 mx.example.org.")) {
            assertTrue(published.lines().contains(line), published.lines()::toString);
        }
        assertEquals(List.of(), shown(read(published.lines()), Type.CNAME));
    }

    @Test
    void namesInAnyScriptArePublishedInAscii() throws IOException {
        assertEquals(
                List.of("xn--bcher-kva.example. 10 mx.example.org."),
                shown(read(of("bücher.example", List.of(), NO_KEYS).lines()), Type.MX));
    }

    @Test
    void longTextsAreCutIntoStrings() throws IOException {
        String text = "a\"b\\".repeat(200);
        Record record = read(List.of("x. 1 IN TXT " + ZoneRow.quoted(text))).getFirst();
        StringBuilder whole = new StringBuilder();
        ((org.xbill.DNS.TXTRecord) record)
                .getStringsAsByteArrays()
                .forEach(part -> whole.append(new String(part, US_ASCII)));
        assertEquals(text, whole.toString());
        assertEquals("\"\"", ZoneRow.quoted(""));
    }

    @Test
    void thePolicyOnTlsIsNamedByAnIdThatChangesWithIt() throws IOException {
        OwnStsPolicy testing = new OwnStsPolicy(OwnStsPolicy.Mode.TESTING, "mx.example.org");
        OwnStsPolicy enforced = new OwnStsPolicy(OwnStsPolicy.Mode.ENFORCE, "mx.example.org");
        assertEquals("version: STSv1\r\nmode: testing\r\nmx: mx.example.org\r\nmax_age: 86400\r\n", testing.text());
        assertNotEquals(testing.id(), enforced.id());
        assertTrue(testing.id().matches("[0-9a-z]{1,32}"), "RFC 8461 §3.1: " + testing.id());
        List<Record> records = read(of(
                        "example.org",
                        ADDRESSES,
                        new DomainRows.Parts(List.of(), Optional.of(testing), List.of(), Optional.empty()))
                .lines());
        assertTrue(
                shown(records, Type.TXT).contains("_mta-sts.example.org. \"v=STSv1; id=" + testing.id() + "\""),
                () -> shown(records, Type.TXT).toString());
        assertEquals(List.of("mta-sts.example.org. mx.example.org."), shown(records, Type.CNAME));
    }

    @Test
    void whatOnlyASignedZoneMayHaveIsACommentForEachDoor() throws IOException {
        String hash = "ab".repeat(32);
        DomainRows published = of(
                "example.org",
                ADDRESSES,
                new DomainRows.Parts(List.of(), Optional.empty(), List.of(hash), Optional.of("letsencrypt.org")));
        assertEquals(List.of(), shown(read(published.lines()), Type.TLSA));
        for (int port : List.of(25, 587, 465, 110, 995)) {
            String line = "; _" + port + "._tcp.mx.example.org. 3600 IN TLSA 3 1 1 " + hash;
            assertTrue(published.lines().contains(line), published.lines()::toString);
        }
        assertTrue(
                published.lines().contains("; mx.example.org. 3600 IN CAA 0 issue \"letsencrypt.org\""),
                published.lines()::toString);
    }

    @Test
    void eachValueIsOneThatANameServerReadsCommentsToo() throws IOException {
        DomainRows published = of(
                "example.org",
                ADDRESSES,
                new DomainRows.Parts(
                        List.of(),
                        Optional.of(new OwnStsPolicy(OwnStsPolicy.Mode.ENFORCE, "mx.example.org")),
                        List.of("ab".repeat(32)),
                        Optional.of("letsencrypt.org")));
        List<String> all =
                published.rows().stream().flatMap(row -> row.lines().stream()).toList();
        assertEquals(all.size(), read(all).size());
    }

    @Test
    void reportsGoToWhomControlFilesNameAndAnotherDomainAgreesToTakeThem() throws IOException {
        DomainRows.Parts parts = new DomainRows.Parts(
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.of("dmarc,1@Reports.Test"),
                Optional.of("tls@example.org"));
        Ours ours = new Ours("mx.example.org", List.of(), Set.of("example.org"));
        List<String> texts = DomainRows.of("example.org", ours, parts).rows().stream()
                .filter(row -> row.type().equals("TXT"))
                .map(row -> row.name() + " " + row.values().getFirst())
                .toList();
        assertTrue(
                texts.contains("_dmarc.example.org v=DMARC1; p=none; rua=mailto:dmarc%2C1@reports.test"),
                texts.toString());
        assertTrue(texts.contains("example.org._report._dmarc.reports.test v=DMARC1"), texts.toString());
        assertTrue(texts.contains("_smtp._tls.example.org v=TLSRPTv1; rua=mailto:tls@example.org"), texts.toString());
        assertTrue(DomainRows.of("reports.test", ours, parts).rows().stream()
                .noneMatch(row -> row.kind() == ZoneRow.Kind.REPORTS_HERE));
    }
}
