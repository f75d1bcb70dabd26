package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.dmarc.reports.AggregateReport.Dkim;
import qrate.dmarc.reports.AggregateReport.Evaluated;
import qrate.dmarc.reports.AggregateReport.Identifiers;
import qrate.dmarc.reports.AggregateReport.Reason;
import qrate.dmarc.reports.AggregateReport.Row;
import qrate.dmarc.reports.AggregateReport.Spf;
import qrate.testkit.Seeds;

/// RFC 9990 §3.1.1, §3.5.
class ReportXmlTest {
    private static final Row ROW = new Row(
            "192.0.2.1",
            2,
            new Evaluated("none", "fail", "fail", List.of(new Reason("local_policy", "a friend"))),
            new Identifiers("mail.example.com", "", ""),
            List.of(new Dkim("example.com", "s1", "fail")),
            new Spf("helo.example", "mfrom", "none"));

    @Test
    void elementsStandInTheOrderOfTheSchemaWithOneSpf() {
        assertEquals("""
                <?xml version="1.0" encoding="UTF-8"?>
                <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">
                  <version>1.0</version>
                  <report_metadata>
                    <org_name>Ours</org_name>
                    <email>dmarc@mx.example</email>
                    <report_id>1.0.example.com@mx.example</report_id>
                    <date_range>
                      <begin>1764374400</begin>
                      <end>1764460799</end>
                    </date_range>
                    <generator>Qrate</generator>
                  </report_metadata>
                  <policy_published>
                    <domain>example.com</domain>
                    <discovery_method>treewalk</discovery_method>
                    <p>reject</p>
                    <sp>none</sp>
                    <np>none</np>
                    <fo>0</fo>
                    <adkim>r</adkim>
                    <aspf>s</aspf>
                    <testing>n</testing>
                  </policy_published>
                  <record>
                    <row>
                      <source_ip>192.0.2.1</source_ip>
                      <count>2</count>
                      <policy_evaluated>
                        <disposition>none</disposition>
                        <dkim>fail</dkim>
                        <spf>fail</spf>
                        <reason>
                          <type>local_policy</type>
                          <comment>a friend</comment>
                        </reason>
                      </policy_evaluated>
                    </row>
                    <identifiers>
                      <header_from>mail.example.com</header_from>
                      <envelope_from></envelope_from>
                    </identifiers>
                    <auth_results>
                      <dkim>
                        <domain>example.com</domain>
                        <selector>s1</selector>
                        <result>fail</result>
                      </dkim>
                      <spf>
                        <domain>helo.example</domain>
                        <scope>mfrom</scope>
                        <result>none</result>
                      </spf>
                    </auth_results>
                  </record>
                </feedback>
                """, new String(ReportXml.write(Samples.report(List.of(ROW))), UTF_8));
    }

    @Test
    void whatIsWrittenIsReadBackAlike() throws IOException {
        AggregateReport report = Samples.report(List.of(ROW, ROW));
        assertEquals(report, Samples.good(ReportXml.write(report)));
        assertEquals(report, Samples.good(ReportXml.packed(report)));
    }

    @Test
    void theSameReportIsTheSameFileEachTime() {
        AggregateReport report = Samples.report(List.of(ROW));
        assertArrayEquals(ReportXml.packed(report), ReportXml.packed(report));
    }

    @Test
    void noTextOfAStrangerBreaksTheXml() {
        Seeds.forAll(200, random -> {
            StringBuilder odd = new StringBuilder("x");
            for (int i = random.nextInt(30); i > 0; i--) {
                String signs = "<>&'\"]]>\u0000\u0001\t\n\r\u007f\u0085\u2028\ufffe\uffff\ud800\udc00aé€";
                odd.append(signs.charAt(random.nextInt(signs.length())));
            }
            String text = odd + "</selector><x>y";
            Row row = new Row(
                    "192.0.2.1",
                    1,
                    new Evaluated("none", "fail", "fail", List.of(new Reason("other", text))),
                    new Identifiers("example.com", text, ""),
                    List.of(new Dkim(text, text, "fail")),
                    new Spf(text, "mfrom", "fail"));
            try {
                AggregateReport read = Samples.good(ReportXml.write(Samples.report(List.of(row))));
                assertTrue(read.rows().getFirst().dkim().getFirst().selector().endsWith("</selector><x>y"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void namesFollowTheRfc() {
        AggregateReport report = Samples.report(List.of(ROW));
        assertEquals(
                "mx.example!example.com!1764374400!1764460799!0.xml.gz", ReportNames.file(report, 0, "mx.example"));
        assertEquals(
                "Report Domain: example.com\n\tSubmitter: mx.example\n\tReport-ID: <1.0.example.com@mx.example>",
                ReportNames.subject(report, "mx.example"));
        assertEquals(
                "1764374400.1.example.com@mx.example", ReportNames.id("example.com", Samples.DAY, 1, "mx.example"));
    }
}
