package qrate.tlsrpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class TlsTallyTest {
    private static final String SURE = "192.0.2.1_accepted_message./TLS:_TLSv1.3_TLS_AES_256_GCM_SHA384,_";
    private static final String OK = "./Remote_host_said:_250_ok";

    private static String said(String text) {
        return text.replace(' ', '_').replace('\n', '/');
    }

    @Test
    void countsWhatDeliveriesSayByDomainPolicyAndFailure() throws IOException {
        TlsTally tally = new TlsTally();
        tally.add("a.test", SURE + "MTA-STS" + OK);
        tally.add("a.test", SURE + "MTA-STS,_REQUIRETLS" + OK);
        tally.add("a.test", SURE + "opportunistic" + OK);
        tally.add("a.test", SURE + "DANE_without_usable_records" + OK);
        String failed = TlsNote.line(TlsNote.Failure.CERTIFICATE_EXPIRED, "mx_1.a.test", "2001:db8::1", "MTA-STS");
        tally.add("a.test", "Connected_to_2001:db8::1_but_TLS_failed/" + said(failed) + said(failed));
        tally.add(
                "b.test", "x/" + said(TlsNote.line(TlsNote.Failure.DNSSEC_INVALID, "mx.b.test", "192.0.2.1", "DANE")));
        assertEquals(
                List.of(
                        "a.test tlsa success 1 - -",
                        "a.test sts success 2 - -",
                        "a.test sts certificate-expired 2 mx_1.a.test 2001:db8::1",
                        "a.test no-policy-found success 1 - -",
                        "b.test tlsa dnssec-invalid 1 mx.b.test 192.0.2.1"),
                tally.words());
        assertEquals(tally.words(), TlsTally.of(tally.words()).words());
    }

    @Test
    void countsNothingThatIsNoMatterOfTheDomainOrThatTheServerSays() {
        TlsTally tally = new TlsTally();
        for (String word : List.of("relay", "login", "tlshosts", "verified", "TLS-Required:_No")) {
            tally.add("a.test", SURE + word + OK);
        }
        tally.add("a.test", "192.0.2.1_accepted_message./Remote_host_said:_250_ok/TLS:_x,_DANE.");
        assertEquals(List.of(), tally.words());
        assertEquals("", TlsNote.line(TlsNote.Failure.CERTIFICATE_EXPIRED, "mx.a.test", "192.0.2.1", "relay"));
    }

    @Test
    void countsADeliveryThatAPolicyInModeTestingWouldHaveStoppedAsAFailure() {
        TlsTally tally = new TlsTally();
        String misfit =
                TlsNote.line(TlsNote.Failure.CERTIFICATE_HOST_MISMATCH, "mx.a.test", "192.0.2.1", TlsNote.TESTING);
        tally.add("a.test", SURE + "MTA-STS_testing./" + said(misfit) + "Remote_host_said:_ok");
        tally.add("a.test", SURE + "MTA-STS_testing" + OK);
        assertEquals(
                List.of("a.test sts success 1 - -", "a.test sts certificate-host-mismatch 1 mx.a.test 192.0.2.1"),
                tally.words());
    }

    /// §4.3.2: such failures stop no delivery, which then counts as one that failed.
    @Test
    void countsADeliveryWhosePolicyCouldNotBeHadOrWasOfNoUseAsAFailure() throws IOException {
        TlsTally tally = new TlsTally();
        String fetching = said(TlsNote.fetching(TlsFault.Cause.of(TlsNote.Failure.STS_POLICY_FETCH_ERROR), "a.test"));
        tally.add("a.test", SURE + "opportunistic./" + fetching + "Remote_host_said:_ok");
        tally.add("a.test", SURE + "MTA-STS./" + fetching + "Remote_host_said:_ok");
        tally.add(
                "a.test",
                "x/" + said(TlsNote.fetching(TlsFault.Cause.of(TlsNote.Failure.STS_WEBPKI_INVALID), "a.test")));
        String useless = TlsNote.line(TlsNote.Failure.TLSA_INVALID, "mx.a.test", "192.0.2.1", "DANE");
        tally.add("a.test", SURE + "DANE_without_usable_records./" + said(useless) + "Remote_host_said:_ok");
        assertEquals(
                List.of(
                        "a.test tlsa tlsa-invalid 1 mx.a.test 192.0.2.1",
                        "a.test sts sts-policy-fetch-error 2 - -",
                        "a.test sts sts-webpki-invalid 1 - -"),
                tally.words());
        assertEquals(tally.words(), TlsTally.of(tally.words()).words());
    }

    @Test
    void tellsWhichPolicyItWasWhereItCameFromAndWhy() throws IOException {
        String text = FoundPolicy.sts("enforce", 86_400, List.of("mx_1.a.test", "*.b.test"));
        TlsFault fault = new TlsFault(
                new TlsFault.Cause(TlsNote.Failure.VALIDATION_FAILURE, "its certificate is\nnot/valid_yet"),
                new TlsFault.Server("mx_1.a.test", "192.0.2.1"),
                "198.51.100.7");
        TlsTally tally = new TlsTally();
        tally.add("a.test", said("x\n" + TlsNote.policy(text)) + SURE + "MTA-STS" + OK);
        StringBuilder twice = new StringBuilder("x\n");
        TlsNote.join(twice, TlsNote.lines(fault, "MTA-STS", text));
        TlsFault other = new TlsFault(fault.cause(), new TlsFault.Server("x.b.test", "192.0.2.2"), "");
        TlsNote.join(twice, TlsNote.lines(other, "MTA-STS", text) + TlsNote.lines(other, "MTA-STS", text));
        assertEquals(1, twice.toString().split("TLS policy", -1).length - 1, twice.toString());
        tally.add("a.test", said(twice.toString()));
        String records = FoundPolicy.tlsa(List.of("3 1 1 abcd", "2 0 1 ef"));
        tally.add("a.test", said(TlsNote.policy(records)) + "TLS:_TLSv1.3_X,_DANE./Remote_host_said:_TLS_from:_x");
        assertEquals(
                List.of(
                        "a.test tlsa success 1 - - - - 3_1_1_abcd,_2_0_1_ef",
                        "a.test sts success 1 - - - - enforce_86400_mx%5F1.a.test_*.b.test",
                        "a.test sts validation-failure 1 mx_1.a.test 192.0.2.1 198.51.100.7"
                                + " its_certificate_is_not_valid_yet enforce_86400_mx%5F1.a.test_*.b.test",
                        "a.test sts validation-failure 1 x.b.test 192.0.2.2 -"
                                + " its_certificate_is_not_valid_yet enforce_86400_mx%5F1.a.test_*.b.test"),
                tally.words());
        assertEquals(tally.words(), TlsTally.of(tally.words()).words());
    }

    /// Two servers with records of their own, and one with none, each with a failure.
    @Test
    void keepsTheRecordsOfServersApart() {
        StringBuilder notes = new StringBuilder();
        for (String one : List.of("1", "2", "1")) {
            TlsFault fault = new TlsFault(
                    TlsFault.Cause.of(TlsNote.Failure.CERTIFICATE_EXPIRED),
                    new TlsFault.Server("mx" + notes.length() + ".a.test", "192.0.2." + one),
                    "");
            TlsNote.join(notes, TlsNote.lines(fault, "DANE", FoundPolicy.tlsa(List.of("3 1 1 " + one))));
        }
        TlsTally tally = new TlsTally();
        tally.add("a.test", said(notes.toString()));
        assertEquals(
                List.of("3 1 1 1 2", "3 1 1 2 1"),
                tally.domains().get("a.test").entrySet().stream()
                        .map(one -> one.getKey().text() + " " + one.getValue().failed())
                        .toList());
    }

    @Test
    void boundsWhatAStrangersPolicySaysAndHowManyThereAre() throws IOException {
        String many = FoundPolicy.sts("testing", 1, Collections.nCopies(64, "m".repeat(60) + ".test"));
        assertTrue(many.length() <= FoundPolicy.TEXT_CHARS_MAX && many.endsWith("m.test"), many);
        assertEquals("", new FoundPolicy(PolicyType.STS, "x".repeat(FoundPolicy.TEXT_CHARS_MAX + 1)).text());
        assertEquals("", new FoundPolicy(PolicyType.STS, "enforce 1 <script>").text());
        TlsTally tally = new TlsTally();
        for (int i = 0; i < TlsTally.POLICIES_MAX + 5; i++) {
            tally.add("a.test", said(TlsNote.policy("enforce " + i + " mx.a.test")) + "TLS:_TLSv1.3_X,_MTA-STS" + OK);
        }
        assertEquals(TlsTally.POLICIES_MAX + 1, tally.domains().get("a.test").size());
        assertEquals(
                5,
                tally.domains()
                        .get("a.test")
                        .get(FoundPolicy.of(PolicyType.STS))
                        .successes());
        String reason = new TlsFault.Cause(TlsNote.Failure.VALIDATION_FAILURE, "r".repeat(5_000)).reason();
        assertEquals(TlsFault.Cause.REASON_CHARS_MAX, reason.length());
        assertEquals(
                List.of("a.test sts dnssec-invalid 1 - -"),
                TlsTally.of(List.of("a.test sts dnssec-invalid 1 - - nowhere - \"x"))
                        .words());
    }

    /// Of an address behind a router nobody learns anything.
    @Test
    void tellsAddressesThatOthersCouldHaveSeen() throws IOException {
        TlsFault.Cause cause = TlsFault.Cause.of(TlsNote.Failure.DNSSEC_INVALID);
        for (String inside : List.of(
                "127.0.0.1",
                "::1",
                "10.1.2.3",
                "172.17.0.2",
                "192.168.1.1",
                "100.64.0.1",
                "169.254.1.1",
                "fe80::1",
                "fd00::1",
                "0.0.0.0",
                "::")) {
            assertEquals(
                    "",
                    TlsFault.of(cause, TlsFault.NOBODY, InetAddress.getByName(inside))
                            .from(),
                    inside);
        }
        for (String outside : List.of("198.51.100.7", "100.128.0.1", "2001:db8:0:0:0:0:0:1")) {
            assertEquals(
                    outside,
                    TlsFault.of(cause, TlsFault.NOBODY, InetAddress.getByName(outside))
                            .from());
        }
    }

    @Test
    void passesOverAFailureThatALaterReleaseTells() {
        TlsTally tally = new TlsTally();
        tally.add("a.test", "x/TLS:_newer-failure_at_mx.a.test_192.0.2.1,_MTA-STS./TLS:_dnssec-invalid_at_x,_DANE./");
        assertEquals(List.of(), tally.words());
    }

    @Test
    void isBoundedInDomainsAndKinds() {
        TlsTally tally = new TlsTally();
        for (int i = 0; i < TlsTally.DOMAINS_MAX + 10; i++) {
            tally.add("d" + i + ".test", SURE + "DANE" + OK);
        }
        assertEquals(TlsTally.DOMAINS_MAX, tally.domains().size());
        for (int i = 0; i < TlsTally.FAILURES_MAX + 10; i++) {
            String line = TlsNote.line(TlsNote.Failure.VALIDATION_FAILURE, "mx" + i + ".test", "192.0.2.1", "DANE");
            tally.add("d1.test", "x/" + said(line));
        }
        TlsTally.Counts counts = tally.domains().get("d1.test").get(FoundPolicy.of(PolicyType.TLSA));
        assertEquals(TlsTally.FAILURES_MAX + 1, counts.failures().size());
        assertEquals(TlsTally.FAILURES_MAX + 10, counts.failed());
    }

    @Test
    void passesOverWhatALaterReleaseSaysAndRefusesNonsense() throws IOException {
        assertEquals(
                List.of("a.test sts success 1 - -"),
                TlsTally.of(List.of(
                                "a.test sts success 1 - - more", "a.test newer success 1 - -", "a.test sts odd 1 - -"))
                        .words());
        assertThrows(IOException.class, () -> TlsTally.of(List.of("a.test sts success")));
        assertThrows(IOException.class, () -> TlsTally.of(List.of("a.test sts success many - -")));
    }

    @Test
    void readsWhateverStandsInALine() {
        String pieces = "TLS:_ from:_ policy:_ reason:_ at__,_./DANE-certificate-expired\u00fc\n ";
        Seeds.forAll(300, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(80); i > 0; i--) {
                text.append(
                        random.nextInt(4) == 0
                                ? "TLS:_certificate-expired_at_"
                                : pieces.charAt(random.nextInt(pieces.length())));
            }
            TlsTally tally = new TlsTally();
            tally.add("a.test", text.toString());
            assertTrue(tally.domains().size() <= 1);
        });
    }
}
