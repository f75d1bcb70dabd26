package qrate.milter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Log;

/// Our client and the milter of rspamd's proxy (package rspamd), which scans by itself, with no module and no DNS: what
/// it makes of its own test patterns.
@Tag("peer")
@Timeout(120)
class RspamdPeerTest {
    private static final String HEADER = "From: ann@here.test\nTo: bob@here.test\nSubject: hi\n";
    private static final String PATTERN = "JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n";

    @TempDir
    Path folder;

    private Process rspamd;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("s");
        Files.writeString(folder.resolve("tld"), "test\n"); // the whole list takes seconds to be compiled
        Path conf = Files.writeString(folder.resolve("rspamd.conf"), """
                options {
                  pidfile = "%1$s/pid";
                  tempdir = "%1$s";
                  hs_cache_dir = "%1$s";
                  cache_file = "%1$s/cache";
                  control_socket = "%1$s/control mode=0600";
                  url_tld = "%1$s/tld";
                  filters = "";
                  enable_test_patterns = true;
                  dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }
                }
                logging { type = "console"; level = "notice"; }
                actions { reject = 15; add_header = 6; }
                worker "rspamd_proxy" {
                  bind_socket = "%1$s/s mode=0600";
                  count = 1;
                  milter = yes;
                  upstream "local" { default = yes; self_scan = yes; }
                }
                """.formatted(folder));
        rspamd = new ProcessBuilder("/usr/bin/rspamd", "-f", "-i", "-c", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Awaitility.await().until(() -> Files.exists(socket) || !rspamd.isAlive());
        assertTrue(rspamd.isAlive(), Files.readString(folder.resolve("out")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        rspamd.destroy();
        assertTrue(rspamd.waitFor(60, TimeUnit.SECONDS));
    }

    private interface Look {
        void at(MilterOutcome outcome, String text) throws IOException;
    }

    private void shown(String message, Look look) throws IOException {
        try (Milters milters =
                        Scenes.milters(folder, Log.silent(), MilterSetting.parse("unix:" + socket + " timeout=30"));
                MilterSession session = Scenes.session(milters)) {
            session.connect(MilterCommand.Connect.of("stranger.test", "198.51.100.9", 25));
            session.helo("stranger.test");
            try (MilterOutcome outcome = Scenes.message(session, Body.of(message.getBytes(ISO_8859_1)))) {
                look.at(outcome, Scenes.text(outcome.message()));
            }
        }
    }

    @Test
    void whatItRefusesIsRefusedInItsWords() throws IOException {
        shown(
                HEADER + "\nX" + PATTERN,
                (outcome, _) ->
                        assertEquals(new MilterVerdict.Refuse(554, List.of("5.7.1 Gtube pattern")), outcome.verdict()));
    }

    @Test
    void whatItMarksIsSpamWhateverAStrangerWrote() throws IOException {
        for (String forged : List.of("", "X-Spam: No\n")) {
            shown(forged + HEADER + "\nY" + PATTERN, (outcome, text) -> {
                assertEquals(new MilterVerdict.Pass(), outcome.verdict());
                assertTrue(outcome.spam());
                assertTrue(text.contains("\nX-Spam: Yes\n"), text);
                assertFalse(text.contains("X-Spam: No"), text);
            });
        }
    }

    @Test
    void whatItLetsPassIsNoSpamWhateverAStrangerWrote() throws IOException {
        for (String header : List.of(HEADER, "X-Spam: Yes\n" + HEADER)) {
            shown(header + "\nhello\n", (outcome, _) -> {
                assertEquals(new MilterVerdict.Pass(), outcome.verdict());
                assertFalse(outcome.spam());
            });
        }
    }

    @Test
    void aSubjectThatItRewritesIsHandedOn() throws IOException {
        shown(HEADER + "\nZ" + PATTERN, (_, text) -> assertTrue(text.contains("\nSubject: *** SPAM *** hi\n"), text));
    }
}
