package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.testkit.Seeds;

class GateFuzzTest {
    private static final int RUNS = 60;

    private static final List<String> WORDS = List.of(
            "v=1; a=rsa-sha256; d=author.test; s=k; h=From; bh=; b=",
            "i=1; cv=none; d=other.test; s=k; a=rsa-sha256; b=AAAA",
            "mx.here.test; dmarc=pass",
            "other.test; spf=pass",
            "Ann <ann@author.test>",
            "a@x.test, b@y.test",
            "<<@",
            "\"",
            "(((",
            "=?utf-8?q?=40?=",
            "\u00e9\u00ff",
            "%n%s",
            ";",
            "");
    private static final List<String> NAMES = List.of(
            "From",
            "DKIM-Signature",
            "ARC-Seal",
            "ARC-Message-Signature",
            "ARC-Authentication-Results",
            "Authentication-Results",
            "Received-SPF",
            "List-Id",
            "Subject");

    @TempDir
    Path folder;

    /// Answers of a stranger's servers.
    private record Odd(Random random) implements Dns {
        private static final List<String> TEXTS = List.of(
                "v=spf1 -all",
                "v=spf1 include:%{d2r}.x.test exists:%{l}.%{ir}.y.test redirect=z.test",
                "v=DMARC1; p=reject; sp=none; psd=y",
                "v=DMARC1; p=",
                "v=DKIM1; p=",
                GateFixture.record(),
                "\u0000\u00ff");

        @Override
        @SuppressWarnings("unchecked")
        public <T> Reply<T> ask(Question<T> question, Duration longest) {
            Answer<T> answer = switch (random.nextInt(4)) {
                case 0 -> new Answer.NoSuchName<>();
                case 1 -> new Answer.Failed<>("odd\r\nnews");
                default ->
                    question.kind().equals("TXT")
                            ? new Answer.Found<>((List<T>) List.of(TEXTS.get(random.nextInt(TEXTS.size()))))
                            : new Answer.NoData<>();
            };
            return new Reply<>(answer, false, question.name());
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(3);
        for (int i = 0; i < pieces; i++) {
            text.append(random.nextInt(8) == 0 ? (char) (' ' + random.nextInt(0xe0)) : ' ')
                    .append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString().replace('\u007f', ' ');
    }

    private static String message(Random random) {
        List<String> lines = new ArrayList<>();
        int fields = random.nextInt(12);
        for (int i = 0; i < fields; i++) {
            String fold = random.nextInt(4) == 0 ? "\n\t" : "";
            lines.add(NAMES.get(random.nextInt(NAMES.size())) + ":" + fold + text(random));
        }
        lines.add("");
        lines.add(text(random));
        return String.join("\n", lines) + "\n";
    }

    /// Whole sessions over the wire: whatever comes in, a message that is only marked goes on, changed by nothing but
    /// our field on top and forged ones that go; there is no fault in the log.
    @Test
    void noSessionBreaksItAndNothingGetsIntoTheHeaderButOurField() {
        Seeds.forAll(RUNS, random -> {
            try (GateFixture gate = new GateFixture(folder)) {
                gate.asking(new Odd(random), InstantSource.system());
                gate.sender = random.nextBoolean() ? "" : text(random).strip() + "@author.test";
                gate.helo = text(random).strip();
                gate.client = random.nextBoolean() ? "192.0.2.7" : "2001:db8::7";
                String message = message(random);
                GateFixture.Heard heard = gate.shown(message);
                assertEquals("", gate.logged(), message);
                assertEquals(GateFixture.PASS, heard.verdict(), message);
                int ours = heard.message().indexOf("\nReceived: by mx.here.test\n");
                assertTrue(ours > 0, heard.message());
                String field = heard.message().substring(0, ours);
                assertTrue(field.startsWith("Authentication-Results: mx.here.test;\n\tspf="), field);
                assertTrue(field.lines().skip(1).allMatch(line -> line.startsWith("\t") && line.length() < 998), field);
                String rest = heard.message().substring(ours + 1);
                assertFalse(rest.contains("\nAuthentication-Results: mx.here.test"), rest);
                assertTrue(rest.endsWith(message.substring(message.indexOf("\n\n") + 1)) || message.startsWith("\n"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// The same where all is refused that can be: every reply is one.
    @Test
    void everyRefusalIsAReplyOfSmtp() {
        Seeds.forAll(RUNS, random -> {
            try (GateFixture gate = new GateFixture(folder)) {
                gate.control("spfbehavior", "" + random.nextInt(7)).control("dmarc", "refuse");
                gate.asking(new Odd(random), InstantSource.system());
                gate.helo = text(random).strip();
                Ruling ruling = gate.judged(message(random)).ruling();
                if (ruling instanceof Ruling.Refused(var code, var lines)) {
                    assertTrue(code == 451 || code == 550, "" + code);
                    for (String line : lines) {
                        assertTrue(line.matches("[45]\\.7\\.2[0-9] [ -~]{1,490}"), line);
                        assertEquals(code / 100, line.charAt(0) - '0');
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
