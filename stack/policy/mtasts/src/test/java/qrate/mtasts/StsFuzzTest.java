package qrate.mtasts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class StsFuzzTest {
    /// Entry points: {@link StsPolicy#read}, {@link StsPolicy#names}.
    @Test
    void policies() {
        Fuzz.Outcome outcome = Fuzz.run(
                "mta-sts policies",
                Fuzz.corpus(
                        "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n",
                        "version:STSv1\r\nmode:none\r\nmax_age:1\r\nx: y:z\r\n",
                        "version: STSv1\nmode: testing\nmx: *.bücher.example.\nmax_age: 31557600"),
                bytes -> {
                    switch (StsPolicy.read(bytes)) {
                        case StsPolicy.Read.Good(var policy) -> {
                            assertTrue(policy.exchangers().size() <= StsPolicy.EXCHANGERS_MAX);
                            assertTrue(policy.maxAge().toSeconds() <= StsPolicy.AGE_SECONDS_MAX);
                            for (String one : policy.exchangers()) {
                                assertTrue(policy.names(one.startsWith("*.") ? "a" + one.substring(1) : one), one);
                            }
                            assertFalse(policy.names("a.b.nowhere.invalid"));
                        }
                        case StsPolicy.Read.Bad(var why) -> assertFalse(why.isEmpty());
                    }
                });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry point: {@link StsRecord#id}.
    @Test
    void records() {
        Fuzz.Outcome outcome = Fuzz.run(
                "mta-sts records",
                Fuzz.corpus("v=STSv1; id=20160831085700Z;", "v=STSv1 ;\tx=y; id = 1", "v=STSv1;id=1;id=2"),
                bytes -> {
                    String text = new String(bytes, ISO_8859_1);
                    StsRecord.id(List.of(text)).ifPresent(id -> {
                        assertTrue(!id.isEmpty() && id.length() <= 32);
                        assertEquals(java.util.Optional.of(id), StsRecord.id(List.of("other", "v=STSv1;id=" + id)));
                    });
                });
        assertTrue(outcome.runs() > 0);
    }
}
