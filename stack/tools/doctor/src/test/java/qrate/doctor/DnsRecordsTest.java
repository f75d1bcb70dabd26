package qrate.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import qrate.dkim.Algorithm;
import qrate.dkim.SigningKey;
import qrate.signer.HeldKey;

/// What a domain is told to publish.
class DnsRecordsTest {
    private static final List<InetAddress> ADDRESSES =
            List.of(InetAddress.ofLiteral("192.0.2.25"), InetAddress.ofLiteral("2001:db8::25"));

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
        List<Record> records = read(DnsRecords.of("example.org", "mx.example.org", ADDRESSES, List.of())
                .zone());
        assertEquals(List.of("example.org. 10 mx.example.org."), shown(records, Type.MX));
        assertEquals(List.of("mx.example.org. 192.0.2.25"), shown(records, Type.A));
        assertEquals(List.of("mx.example.org. 2001:db8:0:0:0:0:0:25"), shown(records, Type.AAAA));
        assertEquals(
                List.of(
                        "example.org. \"v=spf1 mx -all\"",
                        "_dmarc.example.org. \"v=DMARC1; p=none\"",
                        "mx.example.org. \"v=spf1 a -all\""),
                shown(records, Type.TXT));
        assertEquals(5, shown(records, Type.SRV).size());
        assertEquals(List.of(), shown(records, Type.PTR), "the reverse zone is another's");
    }

    @Test
    void theKeysThatMailIsSignedWithAreInIt() throws IOException {
        SigningKey key = new SigningKey("example.org", "r20261130", Algorithm.RSA_SHA256);
        String record = "v=DKIM1; k=rsa; p=" + "x".repeat(392);
        List<Record> records = read(DnsRecords.of(
                        "example.org",
                        "mx.example.org",
                        ADDRESSES,
                        List.of(new HeldKey(key, HeldKey.State.WAITS, record)))
                .zone());
        Record published = records.stream()
                .filter(one -> one.getName().toString().equals("r20261130._domainkey.example.org."))
                .findFirst()
                .orElseThrow();
        assertEquals(record, String.join("", ((org.xbill.DNS.TXTRecord) published).getStrings()));
    }

    @Test
    void whatStandsInAnothersZoneIsAComment() throws IOException {
        DnsRecords published = DnsRecords.of("other.example", "mx.example.org", ADDRESSES, List.of());
        assertEquals(List.of(), shown(read(published.zone()), Type.A));
        assertTrue(published.zone().contains("; mx.example.org. 3600 IN A 192.0.2.25"), published.zone()::toString);
        assertTrue(
                published.zone().contains("; 25.2.0.192.in-addr.arpa. 3600 IN PTR mx.example.org."),
                published.zone()::toString);
    }

    @Test
    void namesInAnyScriptArePublishedInAscii() throws IOException {
        assertEquals(
                List.of("xn--bcher-kva.example. 10 mx.example.org."),
                shown(
                        read(DnsRecords.of("bücher.example", "mx.example.org", List.of(), List.of())
                                .zone()),
                        Type.MX));
    }

    @Test
    void longTextsAreCutIntoStrings() throws IOException {
        String text = "a\"b\\".repeat(200);
        Record record = read(List.of("x. 1 IN TXT " + DnsRecords.quoted(text))).getFirst();
        StringBuilder whole = new StringBuilder();
        ((org.xbill.DNS.TXTRecord) record)
                .getStringsAsByteArrays()
                .forEach(part -> whole.append(new String(part, US_ASCII)));
        assertEquals(text, whole.toString());
        assertEquals("\"\"", DnsRecords.quoted(""));
    }
}
