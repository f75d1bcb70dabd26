package qrate.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Body;
import qrate.dns.Hosts;
import qrate.message.Header;
import qrate.message.Wanted;

class ExplainMessageTest {
    private static final String CLEAN = "From: Ann <ann@far.test>\nSubject: x\n\nGood day.\n";
    private static final String[] FROM_FAR = {"--client", "192.0.2.1", "--helo", "a.far.test", "--from", "ann@far.test"
    };

    @TempDir
    Path root;

    private Setting setting;
    private Path letter;

    @BeforeEach
    void set() throws IOException {
        setting = new Setting(root.resolve("state"));
        letter = root.resolve("letter.eml");
        setting.dns
                .put("far.test", "TXT", "\"v=spf1 ip4:192.0.2.1 -all\"")
                .put("_dmarc.far.test", "TXT", "\"v=DMARC1; p=reject\"")
                .put("sick.test", "TXT", "\"v=spf1 -all\"");
    }

    @AfterEach
    void close() throws IOException {
        setting.close();
    }

    private int explain(String message, String... more) throws IOException {
        Files.writeString(letter, message);
        String[] all = new String[more.length + 2];
        all[0] = "--message";
        all[1] = letter.toString();
        System.arraycopy(more, 0, all, 2, more.length);
        return setting.explain(all);
    }

    @Test
    void tellsEachLookUpAndTheVerdict() throws IOException {
        Map<String, String> before = setting.files();
        assertEquals(0, explain(CLEAN, FROM_FAR), setting.said());
        List<String> said = setting.said().lines().toList();
        assertEquals(
                "smtpd: 192.0.2.1, which calls itself a.far.test, brings it from <ann@far.test>",
                said.get(1),
                setting.said());
        assertTrue(said.contains("spf: far.test TXT: 1 record"), setting.said());
        assertTrue(said.contains("spf: pass (smtp.mailfrom=ann@far.test)"), setting.said());
        assertTrue(said.contains("dkim: none"), setting.said());
        assertTrue(said.contains("arc: none (smtp.remote-ip=192.0.2.1)"), setting.said());
        assertTrue(said.contains("dmarc: pass (header.from=far.test policy.dmarc=reject)"), setting.said());
        assertTrue(setting.said().contains("gate: adds Authentication-Results: mx.test;"), setting.said());
        assertEquals("would pass the gate", said.getLast());
        assertEquals(before, setting.files(), "nothing is written");
    }

    @Test
    void saysWhetherAGateIsAskedAtAll() throws IOException {
        assertEquals(0, explain(CLEAN, FROM_FAR));
        assertTrue(setting.said().startsWith("smtpd: asks no gate here"), setting.said());
        setting.environment(Map.of("QRATE_GATE", "inet:631@gate"));
        assertEquals(0, explain(CLEAN, FROM_FAR));
        assertTrue(setting.said().startsWith("smtpd: 192.0.2.1, which"), setting.said());
    }

    @Test
    void saysWhatControlFilesMakeOfIt() throws IOException {
        String[] forger = {"--client", "198.51.100.1", "--from", "x@far.test", "--helo", "x"};
        assertEquals(0, explain(CLEAN, forger));
        assertTrue(setting.said().contains("spf: fail (smtp.mailfrom=x@far.test)"), setting.said());
        setting.control("dmarc", "quarantine");
        assertEquals(0, explain(CLEAN, forger));
        assertTrue(
                setting.said().contains("\nwould be put aside: neither SPF nor DKIM vouches for far.test"),
                setting.said());
        setting.control("dmarc", "refuse");
        assertEquals(100, explain(CLEAN, forger));
        assertTrue(setting.said().contains("\nwould be refused: 550 5.7.26 neither SPF"), setting.said());
        setting.control("policydomains", "mild.test dmarc=mark");
        String[] mild = {"--client", "198.51.100.1", "--from", "x@far.test", "ann@mild.test"};
        assertEquals(0, explain(CLEAN, mild), setting.said());
        setting.control("spfbehavior", "2");
        setting.dns.fault("sick.test", qrate.testkit.DnsServer.Fault.SERVFAIL);
        assertEquals(111, explain(CLEAN, "--client", "192.0.2.1", "--from", "x@sick.test"), setting.said());
        assertTrue(setting.said().contains("\nwould be refused for now: 451 4.7.24"), setting.said());
    }

    @Test
    void takesFromTheMessageWhatOptionsDoNotSay() throws IOException {
        String delivered = """
                Return-Path: <ann@far.test>
                Delivered-To: bob@virtual.test
                Received: (qmail 17 invoked from network); 30 Nov 2026 12:00:00 -0000
                Received: from unknown (HELO a.far.test) (192.0.2.1)
                  by mx.test with ESMTPS; 30 Nov 2026 12:00:00 -0000
                Received: from inner ([198.51.100.7]) by a.far.test; 30 Nov 2026 12:00:00 -0000
                """ + CLEAN;
        assertEquals(0, explain(delivered), setting.said());
        assertTrue(
                setting.said().contains("smtpd: 192.0.2.1, which calls itself a.far.test, brings it from <ann@far"),
                setting.said());
        assertEquals(0, explain(delivered.replace("\n", "\r\n"), "--client", "2001:db8::1", "--from", ""));
        assertTrue(
                setting.said().contains("smtpd: 2001:db8:0:0:0:0:0:1, which calls itself [2001:db8:0:0:0:0:0:1], bri"),
                setting.said());
        assertTrue(setting.said().contains("brings it from <>"), setting.said());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from a.test (b.test [192.0.2.1]) by c.test; x | 192.0.2.1 | a.test",
                "from a.test (HELO b.test) (info@192.0.2.1) by c.test | 192.0.2.1 | b.test",
                "from a.test (unknown [IPv6:2001:db8::1]) by c.test | 2001:db8:0:0:0:0:0:1 | a.test",
                "from [192.0.2.9] (192.0.2.1) by [198.51.100.1] | 192.0.2.1 | [192.0.2.9]",
                "FROM a.test ([192.0.2.1]) by c.test | 192.0.2.1 | a.test",
                "from a.test by b.test ([192.0.2.1]) | | ",
                "by b.test ([192.0.2.1]) | | ",
                "(qmail 17 invoked from network); x | | ",
            })
    void readsWhoBroughtIt(String received, String client, String helo) throws IOException {
        Brought brought = of("Received: " + received + "\n\n");
        assertEquals(
                client == null ? "" : client, brought.client().map(Hosts::text).orElse(""));
        assertEquals(helo == null ? "" : helo, brought.helo());
    }

    private static Brought of(String message) throws IOException {
        Body body = Body.of(message.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return Brought.of(Header.of(body, Wanted.some("received", "return-path")));
    }

    @Test
    void readsWhateverStandsInATrace() throws IOException {
        long seed = Long.getLong("qrate.seed", 4711);
        Random random = new Random(seed);
        String[] pieces = {
            "from", " ", "(HELO ", ")", "(", "[", "]", "192.0.2.1", "@", "IPv6:", " by ", "<", ">", "\n\t", "\0"
        };
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder("Return-Path: ");
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
                if (random.nextInt(8) == 0) {
                    text.append("\nReceived: from ");
                }
            }
            Brought brought = of(text + "\n\n");
            assertTrue(brought.helo().length() <= text.length(), "seed " + seed + ": " + text);
        }
    }

    @Test
    void refusesAWrongCall() throws IOException {
        for (String[] wrong : new String[][] {
            {}, // no trace, and nothing that takes its place
            {"--client", "192.0.2.1"},
            {"--client", "far.test", "--from", ""},
            {"--from", "ann@far.test"},
            {"-l"},
            {"--client", "192.0.2.1", "--from", "", "a\nb@virtual.test"}
        }) {
            assertEquals(100, explain(CLEAN, wrong), setting.said());
            assertTrue(setting.said().startsWith("explain: "), setting.said());
            assertFalse(setting.said().contains("fatal"), setting.said());
        }
        assertEquals(100, setting.explain("--client", "192.0.2.1", "ann@virtual.test"));
        assertEquals(111, setting.explain("--message", root.resolve("gone").toString()));
        assertTrue(setting.said().startsWith("explain: fatal: "), setting.said());
    }

    @Test
    void saysTheSameAsJson() throws IOException {
        assertEquals(0, explain(CLEAN, FROM_FAR));
        String text = setting.said();
        String[] json = java.util.Arrays.copyOf(FROM_FAR, FROM_FAR.length + 1);
        json[FROM_FAR.length] = "--json";
        assertEquals(0, explain(CLEAN, json));
        String said = setting.said();
        assertEquals(1, said.lines().count());
        assertTrue(said.startsWith("{\"message\":\"" + letter + "\",\"steps\":[{\"part\":\"smtpd\","), said);
        assertTrue(said.contains("],\"outcome\":\"passes\",\"text\":\"would pass the gate\"}"), said);
        assertEquals(text.lines().count() - 1, said.split("\"part\":", -1).length - 1, said);
    }

    @Test
    void whatStrangersWroteIsEscaped() throws IOException {
        setting.dns.put("_dmarc.odd.test", "TXT", "\"v=DMARC1; p=\\027[31mreject\"");
        assertEquals(0, explain(CLEAN.replace("far.test", "odd.test"), FROM_FAR), setting.said());
        assertFalse(setting.said().contains("\u001b"), setting.said());
    }
}
