package qrate.dotqmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Program;
import qrate.core.Verdict;

class QreceiptTest {
    private static final String JOE = "joe@example.test";
    private static final String ASKS =
            "Subject: the news\nMessage-ID: <1@example.org>\nNotice-Requested-Upon-Delivery-To: " + JOE + "\n\nx\n";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>(Map.of("SENDER", "ann@example.org"));
    private final List<Envelope> envelopes = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();
    private Verdict queue = new Verdict.Delivered("ok 1 qp 17");

    private int run(String message, String... arguments) throws IOException {
        PrintStream stream = new PrintStream(said, true, UTF_8);
        return new Qreceipt(_ -> this::accept)
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                environment, new ByteArrayInputStream(message.getBytes(UTF_8)), stream, stream));
    }

    private Verdict accept(Envelope envelope, Body body) {
        envelopes.add(envelope);
        try (InputStream in = body.open()) {
            contents.add(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return queue;
    }

    @Test
    void tellsTheSenderWhoAskedToBeTold() throws IOException {
        assertEquals(0, run(ASKS, JOE));
        assertEquals(List.of(Envelope.of("", "ann@example.org")), envelopes);
        assertEquals("""
                From: Delivery notice <joe@example.test>
                To: <ann@example.org>
                Subject: delivered: the news
                Auto-Submitted: auto-replied
                In-Reply-To: <1@example.org>

                Your message has been delivered to joe@example.test, as you asked to be told.

                Message-ID: <1@example.org>
                """, contents.getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notice-requested-upon-delivery-to: bob@h, JOE@Example.Test\n\n",
                "X: y\nNotice-Requested-Upon-Delivery-To: \"Joe, the man\" <joe@example.test>,\n bob@h",
                "Notice-Requested-Upon-Delivery-To:\n us: bob@h, \"joe\"@example.test (at (the) office);\r\n\r\n",
                "Notice-Requested-Upon-Delivery-To: bob@h\nNotice-Requested-Upon-Delivery-To: <@a,@b:joe@example.test>\n\n",
            })
    void findsTheAddressHoweverItIsWritten(String header) throws IOException {
        assertEquals(0, run(header, JOE));
        assertEquals(1, envelopes.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: x\n\nNotice-Requested-Upon-Delivery-To: joe@example.test\n",
                "Notice-Requested-Upon-Delivery-To: bob@h (joe@example.test)\n\n",
                "Notice-Requested-Upon-Delivery-To: joe@example.test.org, moe@example.test, xjoe@example.test\n\n",
                "Notice-Requested-Upon-Delivery-To:\n\n",
                "",
            })
    void saysNothingToWhoDidNotAsk(String message) throws IOException {
        assertEquals(0, run(message, JOE));
        assertEquals(List.of(), envelopes);
    }

    @Test
    void quotesASenderThatNeedsIt() throws IOException {
        environment.put("SENDER", "a b@example.org");
        assertEquals(0, run(ASKS, JOE));
        assertEquals(List.of(Envelope.of("", "a b@example.org")), envelopes);
        assertTrue(contents.getFirst().contains("\nTo: <\"a b\"@example.org>\n"), contents.getFirst());
    }

    @Test
    void answersNoBounce() throws IOException {
        for (String sender : List.of("", "#@[]")) {
            environment.put("SENDER", sender);
            assertEquals(0, run(ASKS, JOE));
        }
        assertEquals(List.of(), envelopes);
    }

    @Test
    void exitsAsTheQueueAnswers() throws IOException {
        queue = new Verdict.Later("full");
        assertEquals(111, run(ASKS, JOE));
        queue = new Verdict.Never("no");
        assertEquals(100, run(ASKS, JOE));
        assertTrue(said.toString(UTF_8).contains("qreceipt: fatal: unable to send the notice: full\n"));
    }

    @Test
    void refusesAWrongCall() throws IOException {
        assertEquals(100, run(ASKS));
        assertEquals(100, run(ASKS, JOE, "more"));
        environment.put("SENDER", "a\nb@c");
        assertEquals(100, run(ASKS, JOE));
        environment.remove("SENDER");
        assertEquals(100, run(ASKS, JOE));
        assertEquals(List.of(), envelopes);
    }
}
