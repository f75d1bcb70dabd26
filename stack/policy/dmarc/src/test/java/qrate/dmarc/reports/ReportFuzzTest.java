package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class ReportFuzzTest {
    private static List<byte[]> reports() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String name : List.of("rfc9990.xml", "rfc7489-two-spf.xml", "draft-prefixed.xml")) {
            byte[] xml = Samples.file(name);
            all.addAll(List.of(xml, Samples.gzip(xml), Samples.zip(xml)));
        }
        all.addAll(Fuzz.corpus("<!DOCTYPE f [<!ENTITY a \"b\">]><feedback>&a;<![CDATA[x]]>&#x41;</feedback>"));
        return all;
    }

    /// Entry point: {@link ReportReader#read}.
    @Test
    void attachments() throws IOException {
        Fuzz.Outcome outcome = Fuzz.run("dmarc reports", reports(), bytes -> {
            if (ReportReader.read(new ByteArrayInputStream(bytes)) instanceof ReportReader.Read.Good(var report)) {
                Samples.good(ReportXml.write(report));
            }
        });
        assertTrue(outcome.runs() > 0);
    }

    /// Entry points: {@link ReportDay#read}, {@link ReportLine#row}.
    @Test
    void days() {
        Fuzz.Outcome outcome = Fuzz.run("dmarc days", Fuzz.corpus("""
                        row domain=example.com&record=v%3DDMARC1&ip=192.0.2.1&d=pass%2Ca%2Cb&why=x%2Cy&s=fail%2Cz
                        add 0 5
                        left example.com 2
                        row domain=b.example&record=v%3DDMARC1
                        add 1 1
                        """, "row a=b&c\nadd 0 1\n"), bytes -> {
            ReportDay day = new ReportDay();
            long whole = ReportDay.read(new ByteArrayInputStream(bytes), day);
            assertTrue(whole <= bytes.length);
            day.counts().forEach((line, count) -> {
                Map<String, List<String>> fields = ReportLine.fields(line);
                ReportLine.policy(fields);
                ReportLine.row(fields, count);
            });
            day.add("example.com", "domain=example.com");
            new String(day.unwritten(), ISO_8859_1)
                    .lines()
                    .forEach(line -> assertTrue(line.startsWith("row ") || line.startsWith("add "), line));
        });
        assertTrue(outcome.runs() > 0);
    }
}
