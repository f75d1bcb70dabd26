package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.testkit.DnsServer;

/// `queue`, `trace` and `ledger` while the whole system runs, and over its restart.
class QueueByHandTest {
    private static final String LETTER = "Message-ID: <trace-me@far.test>\r\nSubject: x\r\n\r\nhello\r\n";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Installation here;

    private int run(String... arguments) {
        said.reset();
        PrintStream out = new PrintStream(said, true, UTF_8);
        Map<String, String> environment =
                Map.of("QRATE_STATE", here.state().root().toString());
        return Launcher.run(
                qrate.images.queue.Main.commands(environment),
                arguments,
                new Program.Stdio(environment, new ByteArrayInputStream(new byte[0]), out, out));
    }

    private String said() {
        return said.toString(UTF_8);
    }

    private void submit(String to) throws IOException {
        try (Talk talk = here.submission(Installation.ANN)) {
            String reply = talk.message(Installation.ANN, List.of(to), LETTER);
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    private void eventually(String text, int code, String... arguments) {
        Awaitility.await().atMost(Installation.SOON).untilAsserted(() -> {
            assertEquals(code, run(arguments), said());
            assertTrue(said().contains(text), said());
        });
    }

    @Test
    void aMessageIsHeldOverARestartLetGoTracedAndAccountedFor() throws Exception {
        try (DnsServer dns = DnsServer.start();
                Sink sink = new Sink()) {
            here = Installation.prepare(folder, Map.of("QRATE_DNS", dns.hostAndPort()));
            Files.writeString(here.state().control().resolve("smtproutes"), "far.test:127.0.0.1:" + sink.port() + "\n");
            here.start();
            try {
                sink.answer("450 4.2.0 zoe is out");
                submit("zoe@far.test");
                eventually("1 of 1 owed  next ", 0, "queue", "list", "--recipient", "zoe@far.test");
                String id = said().split(" ", 2)[0];
                assertEquals(0, run("queue", "hold", "--domain", "far.test"), said());
                assertEquals("hold: 1 message\n", said());
                eventually("  held", 0, "queue", "show", id);
                here.stop();
                here.start();
                eventually("  held", 0, "queue", "show", id);
                sink.answer("250 ok");
                assertEquals(0, run("queue", "retry", id), said());
                assertEquals(0, run("queue", "release", "--held"), said());
                Awaitility.await()
                        .atMost(Installation.SOON)
                        .until(() -> sink.messages().size() == 1);
                eventually("end msg " + id, 0, "trace", id);
                for (String part : List.of(
                        "from msg " + id + ": client 127.0.0.1 helo ",
                        " with ESMTPSA login " + Installation.ANN + " tls TLSv1.3 door submission",
                        "message-id <trace-me@far.test>",
                        "450_4.2.0_zoe_is_out",
                        "held msg " + id,
                        "released msg " + id,
                        ": success: ")) {
                    assertTrue(said().contains(part), part + " in " + said());
                }
                String way = said();
                for (String question : List.of("zoe@far.test", "trace-me@far.test", "<trace-me@far.test>")) {
                    assertEquals(0, run("trace", question));
                    assertEquals(way, said(), question);
                }
                assertEquals(1, run("queue", "show", id), "it is over");
                sink.answer("550 5.1.1 no zoe here");
                submit("zoe@far.test");
                here.drained();
                eventually("1 bounced", 0, "ledger", "check"); // its lines may be a second late
                assertTrue(said().contains("every one accounted for"), said());
                assertEquals(1, run("trace", "nobody@nowhere.test"));
            } finally {
                here.close();
            }
        }
    }
}
