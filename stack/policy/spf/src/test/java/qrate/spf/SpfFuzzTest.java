package qrate.spf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.testkit.Fuzz;

class SpfFuzzTest {
    private static final SpfSubject SUBJECT = SpfSubject.mailFrom(
            new SpfClient(InetAddress.ofLiteral("2001:db8::1"), "mail.client.test"), "ann+b=c@a.b.test");

    private static final SpfMacroValues VALUES =
            new SpfMacroValues(SUBJECT, "a.b.test", "mx.here.test", Instant.EPOCH, () -> "unknown");

    /// Entry points: {@link SpfRecord#parse}, {@link SpfRecord#advice}.
    @Test
    void records() {
        Fuzz.Outcome outcome = Fuzz.run(
                "spf records",
                Fuzz.corpus(
                        "v=spf1 a mx:b.test/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all",
                        "v=spf1 include:%{ir}.%{v}.%{l1r-}._spf.%{d2} ~exists:%{s}.test ?ptr redirect=%{d}.test",
                        "v=spf1 exp=e.test x-y.z_1=%{c}%%%_%- +all"),
                bytes -> {
                    String text = new String(bytes, ISO_8859_1);
                    switch (SpfRecord.parse(text)) {
                        case SpfRecord.Parsed.Good(var record) -> {
                            assertEquals(text, record.text());
                            assertTrue(record.advice().size() < 8 && record.lookups() >= 0);
                        }
                        case SpfRecord.Parsed.Bad(var faults) -> assertFalse(faults.isEmpty());
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry points: {@link SpfMacro#domain}, {@link SpfMacro#explanation}.
    @Test
    void macros() {
        Fuzz.Outcome outcome = Fuzz.run(
                "spf macros",
                Fuzz.corpus("%{ir}.%{v}._spf.%{d2}", "%{L10r.-+,/_=}%%%_%-.b.test", "see http://%{o}/?%{S}&%{c}&%{t}"),
                bytes -> {
                    String text = new String(bytes, ISO_8859_1);
                    SpfMacro.domain(text, new SpfFaults())
                            .ifPresent(read -> assertTrue(read.name(VALUES).length() <= SpfMacro.NAME_CHARS_MAX));
                    SpfMacro.explanation(text, new SpfFaults())
                            .flatMap(read -> read.text(VALUES, 450))
                            .ifPresent(told -> assertTrue(told.length() <= 450));
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry points: {@link Spf#mailFrom}, {@link Spf#helo}, in a world where every name has the same text.
    @Test
    void everyNameHasTheSameRecord() {
        Fuzz.Outcome outcome = Fuzz.run(
                "spf checks",
                Fuzz.corpus(
                        "v=spf1 include:b.test a:%{p}.%{h} -all exp=%{l}.test",
                        "v=spf1 redirect=%{d}.%{l}.test", "v=spf1 exists:%{s}.%{p}.test ptr mx/0 -all exp=e.test"),
                bytes -> {
                    String text = new String(bytes, ISO_8859_1);
                    Dns dns = new Same(text);
                    Spf spf = new Spf(
                            dns,
                            () -> Instant.EPOCH,
                            SpfPolicy.of("").withRules("a:r.test").withGuess("mx ?all"));
                    int half = text.length() / 2;
                    SpfClient client = new SpfClient(InetAddress.ofLiteral("192.0.2.1"), text.substring(half));
                    for (SpfResult result : List.of(
                            spf.helo(client),
                            spf.mailFrom(client, text.substring(0, half)),
                            spf.mailFrom(client, "ann@b.test"))) {
                        assertFalse(result.receivedSpf("mx.here.test").contains("\n\n"));
                        assertTrue(result.findings().lookups().size() <= SpfLookups.TRACE_MAX);
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Asks a name's texts only, and has no other records.
    private record Same(String text) implements Dns {
        @Override
        @SuppressWarnings("unchecked") // a question about texts has texts for an answer
        public <T> Reply<T> ask(Question<T> question, Duration longest) {
            Answer<T> answer = question.kind().equals("TXT")
                    ? (Answer<T>) new Answer.Found<>(List.of(text))
                    : new Answer.NoData<>();
            return new Reply<>(answer, false, "");
        }
    }
}
