package qrate.dmarc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.dmarc.DmarcOutcome.Result;
import qrate.testkit.Seeds;

/// What OpenDMARC's library decides (package opendmarc, called from Python), where RFC 7489 and 9989 say the
/// same. It is given its records and asks no DNS. Left out is what its version 1.4 takes for aligned and is not:
/// `a.example.com` with `example.com` under strict alignment, and `com` with everything below it.
@Tag("peer")
@Timeout(60)
class DmarcPeerTest {
    private static final String SCRIPT = """
            import ctypes, sys
            lib = ctypes.CDLL("libopendmarc.so.2")
            pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
            lib.opendmarc_policy_connect_init.restype = pointer
            lib.opendmarc_policy_store_from_domain.argtypes = [pointer, text]
            lib.opendmarc_policy_store_dmarc.argtypes = [pointer, text, text, text]
            lib.opendmarc_policy_store_spf.argtypes = [pointer, text, number, number, text]
            lib.opendmarc_policy_store_dkim.argtypes = [pointer, text, text, number, text]
            lib.opendmarc_get_policy_to_enforce.argtypes = [pointer]
            lib.opendmarc_tld_read_file(sys.argv[1].encode(), b"//", b"*.", b"!")
            words = {14: "permerror", 15: "pass", 16: "reject", 17: "quarantine", 18: "none"}
            for line in sys.stdin:
                record, where, author, spf, dkim = line.rstrip("\\n").split("|")
                policy = lib.opendmarc_policy_connect_init(b"192.0.2.1", 4)
                lib.opendmarc_policy_store_from_domain(policy, author.encode())
                lib.opendmarc_policy_store_dmarc(
                    policy, record.encode(), where.encode(), None if where == author else where.encode())
                if spf: lib.opendmarc_policy_store_spf(policy, spf.encode(), 1, 1, b"")
                if dkim: lib.opendmarc_policy_store_dkim(policy, dkim.encode(), b"s", 1, b"")
                print(words.get(lib.opendmarc_get_policy_to_enforce(policy)))
            """;

    /// Record, where it stands, author, domains that SPF and DKIM passed.
    private static final List<String> CASES = List.of(
            "v=DMARC1; p=reject|example.com|example.com|example.com|",
            "v=DMARC1; p=reject|example.com|example.com|a.example.com|",
            "v=DMARC1; p=reject|example.com|a.example.com||example.com",
            "v=DMARC1; p=reject|example.com|a.example.com|b.example.com|evil.example",
            "v=DMARC1; p=reject|example.com|example.com|evil.example|",
            "v=DMARC1; p=reject|example.com|example.com|notexample.com|example.com.evil.example",
            "v=DMARC1; p=quarantine; pct=100; rua=mailto:a@example.com|example.com|example.com||evil.example",
            "v=DMARC1; p=reject; sp=quarantine|example.com|a.example.com|evil.example|",
            "v=DMARC1; p=none; sp=reject|example.com|a.example.com||",
            "v=DMARC1; p=none; sp=reject|example.com|example.com||",
            "v=DMARC1; p=Reject ; x=y|example.com|a.example.com||",
            "v=DMARC1; p=bounce|example.com|example.com|evil.example|");

    private static final int CHANCES = 400;

    @TempDir
    Path folder;

    @Test
    void opendmarcDecidesTheSame() throws Exception {
        assertEquals(opendmarc(CASES), ours(CASES));
    }

    /// Records of chance, some of them damaged, and authors and domains of chance.
    @Test
    void opendmarcDecidesTheSameByChance() throws Exception {
        List<String> cases = new ArrayList<>();
        Seeds.forAll(CHANCES, random -> cases.add(chance(random)));
        List<String> theirs = opendmarc(cases);
        List<String> ours = ours(cases);
        assertEquals(cases.size(), theirs.size());
        List<String> wrong = new ArrayList<>();
        int deviations = 0;
        for (int i = 0; i < cases.size(); i++) {
            if (!ours.get(i).equals(theirs.get(i))) {
                deviations++;
                if (reason(cases.get(i)).isEmpty()) {
                    wrong.add(cases.get(i) + ": we " + ours.get(i) + ", opendmarc " + theirs.get(i));
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(deviations <= cases.size() / 5, deviations + " of " + cases.size());
    }

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }

    private static String chance(Random random) {
        List<String> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            String tag = pick(
                    random,
                    "sp=none",
                    "sp=quarantine",
                    "sp=reject",
                    "sp=Reject",
                    "adkim=r",
                    "aspf=r",
                    "pct=100",
                    "fo=1",
                    "ri=3600",
                    "rua=mailto:a@example.com",
                    "x=y");
            String name = tag.substring(0, tag.indexOf('=') + 1);
            if (random.nextInt(10) == 0 || tags.stream().noneMatch(other -> other.startsWith(name))) {
                tags.add(tag);
            }
        }
        String record = "v=DMARC1;" + pick(random, "", " ", "  ")
                + pick(random, "p=none", "p=quarantine", "p=reject", "p = reject", "P=reject", "p=REJECT")
                + (tags.isEmpty()
                        ? ""
                        : ";" + pick(random, "", " ") + String.join(pick(random, ";", "; ", " ; "), tags))
                + pick(random, "", ";", " ;");
        if (random.nextInt(4) == 0) {
            int at = 9 + random.nextInt(record.length() - 9);
            record = record.substring(0, at) + pick(random, "", "x", "=", ";", " ") + record.substring(at + 1);
        }
        String[] vouching = {
            "",
            "example.com",
            "a.example.com",
            "b.example.com",
            "b.a.example.com",
            "evil.example",
            "notexample.com",
            "example.com.evil.example",
            "other.com"
        };
        return String.join(
                "|",
                record,
                "example.com",
                pick(random, "example.com", "a.example.com", "b.a.example.com"),
                pick(random, vouching),
                pick(random, vouching));
    }

    /// Where we differ on purpose; empty when it is none of these.
    private static String reason(String asked) {
        String record = asked.substring(0, asked.indexOf('|'));
        Map<String, String> tags = new HashMap<>();
        for (String tag : record.split(";", -1)) {
            String[] parts = tag.split("=", 2);
            String name = parts[0].strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty()
                    && tags.put(name, parts.length == 1 ? "" : parts[1].strip().toLowerCase(Locale.ROOT)) != null) {
                return "a tag that stands twice makes a list invalid (RFC 6376 §3.2); opendmarc takes the last";
            }
        }
        if (!tags.containsKey("p")) {
            return "RFC 9989 §4.7: p may be missing and is none then; opendmarc holds to RFC 7489, where it must not";
        }
        for (String name : List.of("p", "sp")) {
            if (!List.of("none", "quarantine", "reject").contains(tags.getOrDefault(name, "none"))) {
                return "RFC 9989 §4.10.1: a policy that makes no sense asks for none, or for nothing where nobody is told;"
                        + " opendmarc passes over sp, and over p it says nothing";
            }
        }
        return "";
    }

    private List<String> opendmarc(List<String> cases) throws IOException, InterruptedException {
        Path suffixes = Files.writeString(folder.resolve("suffixes"), "com\nexample\n");
        Process python = new ProcessBuilder("python3", "-c", SCRIPT, suffixes.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = python.outputWriter(UTF_8)) {
            in.write(String.join("\n", cases));
        }
        String said = new String(python.getInputStream().readAllBytes(), UTF_8);
        python.waitFor(30, TimeUnit.SECONDS);
        return said.lines().toList();
    }

    private static List<String> ours(List<String> cases) throws IOException {
        List<String> all = new ArrayList<>();
        for (String line : cases) {
            String[] parts = line.split("\\|", -1);
            try (Zone zone = new Zone()) {
                zone.policy(parts[1], parts[0].replace(";", "\\;"));
                zone.server.put(parts[2], "A", "192.0.2.1");
                DmarcOutcome outcome = zone.dmarc()
                        .evaluate(Zone.mail(
                                parts[2], Zone.spf(AuthResult.PASS, parts[3]), Zone.dkim(AuthResult.PASS, parts[4])));
                all.add(
                        outcome.result() == Result.FAIL
                                ? outcome.wish().disposition().word()
                                : outcome.result().word());
            }
        }
        return all;
    }
}
