package qrate.dmarc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.message.Field;
import qrate.testkit.Fuzz;

class DmarcFuzzTest {
    private static final List<byte[]> RECORDS = Fuzz.corpus(
            "v=DMARC1; p=reject; sp=none; np=quarantine; psd=y; t=y; adkim=s; fo=1:d; rua=mailto:a%21@b.example!10m",
            "v=DMARC1; p=bounce; ruf=mailto:a@b.example,https://c.example; rua=mailto:d@e.example",
            "v = DMARC1 ;psd=n");

    /// Entry point: {@link DmarcRecord#parse}.
    @Test
    void records() {
        Fuzz.Outcome outcome = Fuzz.run("dmarc records", RECORDS, bytes -> {
            Optional<DmarcRecord> record = DmarcRecord.parse(new String(bytes, ISO_8859_1));
            record.ifPresent(found -> {
                for (ReportAddress address : found.rua()) {
                    assertEquals(Optional.of(address.host()), DomainNames.of(address.host()));
                    assertTrue(address.address().chars().noneMatch(c -> c <= ' '), address.address());
                }
            });
        });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry point: {@link Dmarc#evaluate}, with the same record at every name.
    @Test
    void messages() {
        Fuzz.Outcome outcome = Fuzz.run(
                "dmarc authors",
                Fuzz.corpus(
                        "Ann <ann@mail.example.com>\nmail.example.com\nv=DMARC1; p=reject; psd=n",
                        "a@b.example, c: d@e.example;\nexample.com\nv=DMARC1; p=none; psd=y; np=reject",
                        "\"x@y\" <a@b.c.d.e.f.g.h.i.j.example>\nb.example\nv=DMARC1; p=reject; t=y"),
                bytes -> {
                    String[] parts = new String(bytes, ISO_8859_1).split("\n", 3);
                    String domain = parts.length > 1 ? parts[1] : "";
                    Dmarc dmarc = new Dmarc(
                            new SameEverywhere(parts.length > 2 ? parts[2] : ""),
                            InstantSource.system(),
                            _ -> Optional.empty());
                    DmarcOutcome outcome2 = dmarc.evaluate(new Evidence(
                            List.of(Field.of("From", parts[0])),
                            new Evidence.Spf(AuthResult.PASS, domain, "helo.example"),
                            List.of(new Evidence.Dkim(AuthResult.TEMPERROR, domain, "s"))));
                    boolean failed = outcome2.result() == DmarcOutcome.Result.FAIL;
                    assertTrue(failed || outcome2.wish().disposition() == Disposition.NONE);
                    outcome2.trace().forEach(line -> assertTrue(line.chars().noneMatch(c -> c < ' '), line));
                });
        assertTrue(outcome.runs() > 0);
    }

    private record SameEverywhere(String text) implements Dns {
        @Override
        @SuppressWarnings("unchecked")
        public <T> Reply<T> ask(Question<T> question, Duration longest) {
            return new Reply<>((Answer<T>) new Answer.Found<>(List.of(text)), false, "");
        }
    }
}
