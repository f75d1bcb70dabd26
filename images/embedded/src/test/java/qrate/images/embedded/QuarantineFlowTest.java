package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.letter;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.images.queue.Main;
import qrate.testkit.DnsServer;

/// What the gate puts aside stands in quarantine, over a restart too, until it is let out for some and deleted for
/// others; who has it in the Maildir has it once.
class QuarantineFlowTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Installation qrate;

    private int run(String... arguments) {
        said.reset();
        PrintStream out = new PrintStream(said, true, UTF_8);
        return Launcher.run(
                Main.commands(qrate.environment()),
                arguments,
                new Program.Stdio(qrate.environment(), InputStream.nullInputStream(), out, out));
    }

    private List<String> listed(String... more) {
        List<String> words = new ArrayList<>(List.of("quarantine", "list"));
        words.addAll(List.of(more));
        assertEquals(0, run(words.toArray(String[]::new)), said.toString(UTF_8));
        return said.toString(UTF_8).lines().toList();
    }

    @Test
    void whatIsPutAsideArrivesOnceForWhomItIsLetOut(@TempDir Path folder) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (DnsServer dns = DnsServer.start().ttl(0)) {
            dns.put("strict.test", "TXT", "\"v=spf1 -all\"").put("_dmarc.strict.test", "TXT", "\"v=DMARC1; p=reject\"");
            qrate = Installation.prepare(
                    folder, Map.of("QRATE_DNS", dns.hostAndPort(), "QRATE_GATE", "inet:" + port + "@127.0.0.1"));
            Files.writeString(qrate.state().control().resolve("dmarc"), "quarantine\n");
            qrate.start();
            try (Talk talk = qrate.smtp()) {
                String reply =
                        talk.message("boss@strict.test", List.of(ANN, BOB), letter("boss@strict.test", "an offer"));
                assertTrue(reply.startsWith("250 "), reply);
            }
            qrate.logged("put aside");
            assertEquals(1, listed().size(), said.toString(UTF_8));
            qrate.stop();
            qrate.start();
            List<String> kept = listed("--for", ANN);
            assertEquals(1, kept.size(), kept.toString());
            String id = kept.getFirst().split(" ", 2)[0];
            assertEquals(0, run("quarantine", "show", id));
            assertTrue(said.toString(UTF_8).contains("strict.test"), said.toString(UTF_8));
            assertEquals(List.of(), qrate.box(ANN));

            assertEquals(0, run("quarantine", "release", "--for", ANN, id), said.toString(UTF_8));
            String got = qrate.box(ANN, 1).getFirst();
            assertTrue(got.contains("This is an offer") && got.contains("dmarc=fail"), got);
            assertEquals(1, run("quarantine", "release", "--for", ANN, id), "it is let out once");
            assertEquals(1, listed().size(), "it stays for the other");
            assertEquals(0, run("quarantine", "delete", "--force", id), said.toString(UTF_8));
            assertEquals(List.of(), listed());
            qrate.drained();
            assertEquals(1, qrate.box(ANN).size());
            assertEquals(List.of(), qrate.box(BOB));
            assertEquals(0, run("ledger", "check"), said.toString(UTF_8));
        } finally {
            qrate.close();
        }
    }
}
