package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import qrate.core.Verdict;
import qrate.testkit.DnsServer;

/// RFC 7672, by a resolver that says AD.
class RemoteDaneTest extends RemoteOnRig {
    private static final String RECORDS = "_25._tcp.mx.there.test";
    private static final Certificates AUTHORITY = Certificates.selfSigned("authority.test");
    private static final Certificates MX = AUTHORITY.signs("mx.there.test", Duration.ofDays(1));
    private static final Certificates OTHER = AUTHORITY.signs("other.test", Duration.ofDays(1));

    @BeforeEach
    void vouch() throws IOException {
        rig.dns.validating();
    }

    @Test
    void sendsToAServerWhoseKeyFitsWhateverElseItsCertificateSays() throws Exception {
        Certificates old = Certificates.selfSigned("somebody.else.test", Duration.ofDays(-1));
        rig.dns.put(RECORDS, "TLSA", "3 1 1 " + old.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(secured(old))) {
            rig.there(server);
            assertReported("DANE", rig.send());
            assertReported("DANE", rig.send());
            assertEquals(1, server.connections(), "kept for the next message");
        }
    }

    @Test
    void sendsToAServerThatAnAuthorityInItsChainVouchesFor() throws Exception {
        rig.dns.put(RECORDS, "TLSA", "2 0 1 " + AUTHORITY.association(0, 1));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertReported("DANE", rig.send());
        }
        try (FakeSmtp server = new FakeSmtp(secured(OTHER))) {
            rig.there(server);
            assertLater(rig.send(), "its certificate fits none of its TLSA records");
        }
        try (FakeSmtp server = new FakeSmtp(secured(AUTHORITY.signs("there.test", Duration.ofDays(1))))) {
            rig.there(server);
            assertReported("DANE", rig.send());
        }
    }

    @Test
    void keepsMailFromAServerThatFitsNoRecordOrHasNoTls() throws Exception {
        rig.dns.put(RECORDS, "TLSA", "3 1 1 " + AUTHORITY.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertLater(
                    rig.send(),
                    "but TLS failed: its certificate fits none of its TLSA records. The TLSA records of mx.there.test"
                            + " (DANE) demand TLS with a certificate that fits them. (#4.7.5)");
            assertEquals(1, server.connections());
            assertEquals(List.of(), server.messages());
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(rig.send(), "but it offers no TLS. The TLSA records of mx.there.test (DANE) demand TLS");
            assertEquals(List.of(), server.messages());
        }
    }

    @Test
    void goesOnToTheNextServerWhereOneDoesNotFit() throws Exception {
        rig.dns
                .put("there.test", "MX", "5 first.there.test.")
                .put("first.there.test", "A", "192.0.2.5")
                .put("_25._tcp.first.there.test", "TLSA", "3 1 1 " + AUTHORITY.association(1, 1))
                .put(RECORDS, "TLSA", "3 1 1 " + MX.association(1, 1));
        try (FakeSmtp first = new FakeSmtp(secured(OTHER));
                FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server).at("192.0.2.5", first.port());
            assertReported("DANE", rig.send());
            assertEquals(List.of(), first.messages());
        }
    }

    @Test
    void asksForNoRecordsWhereDnsVouchesForNothing() throws Exception {
        rig.dns.put(RECORDS, "TLSA", "3 1 1 " + AUTHORITY.association(1, 1));
        for (String insecure : List.of("there.test", "mx.there.test")) {
            rig.dns.ttl(0).twist(insecure, RemoteDaneTest::doubtful);
            try (FakeSmtp server = new FakeSmtp(Polite.server())) {
                rig.there(server);
                assertInstanceOf(Verdict.Delivered.class, rig.send());
            }
            rig.dns.twist(insecure, message -> message);
        }
        assertFalse(rig.dns.questions().stream().anyMatch(one -> one.endsWith("TLSA")));
    }

    @Test
    void passesOverRecordsThatAreNotAuthentic() throws Exception {
        rig.dns.put(RECORDS, "TLSA", "3 1 1 " + AUTHORITY.association(1, 1)).twist(RECORDS, RemoteDaneTest::doubtful);
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
        }
    }

    @Test
    void waitsWhereTheRecordsCannotBeHadOrAreForged() throws Exception {
        rig.dns.fault(RECORDS, DnsServer.Fault.SERVFAIL);
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertLater(
                    rig.send(),
                    "DNS lookup of the TLSA records of mx.there.test failed temporarily: the resolver"
                            + " says SERVFAIL. (#4.4.3)");
            assertEquals(List.of(), rig.dialled);
        }
    }

    @Test
    void wantsTlsWithAnyCertificateWhereNoRecordIsOfUse() throws Exception {
        rig.dns
                .put(RECORDS, "TLSA", "1 1 1 " + AUTHORITY.association(1, 1))
                .put(RECORDS, "TLSA", "3 1 1 abcd")
                .put(RECORDS, "TLSA", "3 7 1 " + AUTHORITY.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(secured(Certificates.selfSigned("whoever.test")))) {
            rig.there(server);
            Verdict verdict = rig.send();
            assertReported("DANE without usable records", verdict);
            assertTrue(
                    verdict.text()
                            .contains("\nTLS policy: 1 1 1 " + AUTHORITY.association(1, 1) + ", 3 1 1 abcd, 3 7 1 "
                                    + AUTHORITY.association(1, 1)
                                    + "\nTLS: tlsa-invalid at mx.there.test 192.0.2.1, DANE.\nRemote"),
                    verdict.text());
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(
                    rig.send(), "but it offers no TLS. The TLSA records of mx.there.test (DANE) demand TLS. (#4.7.4)");
        }
    }

    @Test
    void looksAtTheEndOfAnAliasAndThenAtItsBeginning() throws Exception {
        rig.dns
                .ttl(0)
                .put("there.test", "MX", "10 alias.there.test.")
                .put("alias.there.test", "CNAME", "mx.there.test.")
                .put("mx.there.test", "A", "192.0.2.1")
                .put(RECORDS, "TLSA", "3 1 1 " + MX.association(1, 1))
                .put("_25._tcp.alias.there.test", "TLSA", "3 1 1 " + OTHER.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.at("192.0.2.1", server.port());
            assertReported("DANE", rig.send());
            rig.dns.remove(RECORDS);
            assertLater(rig.send(), "The TLSA records of alias.there.test (DANE)");
        }
    }

    @Test
    void looksAtAnAliasItselfWhoseTargetNobodyVouchesFor() throws Exception {
        rig.dns
                .put("there.test", "MX", "10 alias.there.test.")
                .put("alias.there.test", "CNAME", "mx.there.test.")
                .put("mx.there.test", "A", "192.0.2.1")
                .put(RECORDS, "TLSA", "3 1 1 " + OTHER.association(1, 1))
                .put("_25._tcp.alias.there.test", "TLSA", "3 1 1 " + MX.association(1, 1))
                .twist("alias.there.test", message -> isAlias(message) ? message : doubtful(message));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.at("192.0.2.1", server.port());
            assertReported("DANE", rig.send());
        }
    }

    @Test
    void countsForAHostWithoutExchangersToo() throws Exception {
        rig.dns.put("there.test", "A", "192.0.2.1").put("_25._tcp.there.test", "TLSA", "3 0 2 " + MX.association(0, 2));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.at("192.0.2.1", server.port());
            assertReported("DANE", rig.send());
        }
    }

    @Test
    void goesBeforeMtaSts() throws Exception {
        Certificates web = Certificates.selfSigned("mta-sts.there.test");
        rig.dns
                .put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=1;\"")
                .put("mta-sts.there.test", "A", "192.0.2.80")
                .put(RECORDS, "TLSA", "3 1 1 " + MX.association(1, 1));
        try (FakeWeb policies = new FakeWeb(web.server());
                FakeSmtp server = new FakeSmtp(secured(MX))) {
            policies.serving("version: STSv1\nmode: enforce\nmx: other.test\nmax_age: 86400\n");
            rig.there(server).at("192.0.2.80", policies.port());
            assertReported("DANE", rig.send());
            assertEquals(List.of(), policies.requests());
        }
    }

    @Test
    void leavesServersToControlFilesThatNameThem() throws Exception {
        java.nio.file.Files.createDirectory(control.resolve("tlshosts"));
        Certificates pinned = Certificates.selfSigned("mx.there.test");
        rig.control("tlshosts/mx.there.test.pem", pinned.pem());
        rig.dns.put(RECORDS, "TLSA", "3 1 1 " + AUTHORITY.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(secured(pinned))) {
            rig.there(server);
            assertReported("tlshosts", rig.send());
        }
    }

    private static Message doubtful(Message message) {
        message.getHeader().unsetFlag(Flags.AD);
        return message;
    }

    private static boolean isAlias(Message message) {
        return message.getQuestion().getType() == org.xbill.DNS.Type.CNAME;
    }

    private static void assertReported(String word, Verdict verdict) {
        String text = assertInstanceOf(Verdict.Delivered.class, verdict, verdict.text())
                .text();
        assertTrue(
                text.lines().anyMatch(line -> line.startsWith("TLS: TLSv1.3 TLS_") && line.endsWith(", " + word + ".")),
                text);
    }

    private static Polite secured(Certificates certificates) {
        return Polite.server().secured(certificates.server());
    }
}
