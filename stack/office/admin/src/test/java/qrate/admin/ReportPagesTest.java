package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.language.Language;
import qrate.qcontrol.QueueControl;
import qrate.reported.Complaint;
import qrate.reported.MessageTally;
import qrate.reported.ReportHead;
import qrate.reported.ReportSummary;
import qrate.reported.ReportSummary.TlsFailure;
import qrate.reported.SenderProof;
import qrate.reported.SessionTally;
import qrate.reported.SummaryFile;

/// What lspawn keeps of reports about a domain, on its page and by REST.
class ReportPagesTest extends AdminOnRig {
    private static final String DOMAIN = "reported.test";
    private static LocalDate day;

    private static MessageTally tally(long messages, long passed, String... vouchers) {
        return new MessageTally(
                messages,
                passed,
                passed,
                passed,
                0,
                0,
                0,
                new TreeSet<>(Set.of("<i>" + DOMAIN)),
                new TreeSet<>(List.of(vouchers)));
    }

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddDomain(DOMAIN, new Password.Clear(Rig.PASSWORD)));
        Files.writeString(rig.state.control().resolve("localips"), "192.0.2.1\n");
        Instant now = Instant.now();
        day = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(2);
        ReportSummary summary = new ReportSummary(now.minus(Duration.ofDays(10)));
        Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        summary.begin(new ReportHead(ReportHead.Kind.DMARC, "<b>Big", "1", "d@r.test", DOMAIN, begin, begin));
        summary.begin(new ReportHead(ReportHead.Kind.TLS, "Big", "2", "", "", begin, begin));
        summary.begin(
                new ReportHead(ReportHead.Kind.TLS, "<u>Forger", "3", "", "", begin, begin, SenderProof.UNSIGNED));
        summary.complain(new Complaint(
                begin,
                DOMAIN,
                new Complaint.Reporter("yahoo.example", "<1@y>"),
                "abuse",
                "198.51.100.7",
                SenderProof.SIGNED));
        summary.complain(new Complaint(
                begin.plusSeconds(1),
                DOMAIN,
                new Complaint.Reporter("<s>evil", "<2@y>"),
                "fraud",
                "",
                SenderProof.UNSIGNED));
        summary.policy("p=none (" + DOMAIN + ")");
        summary.messages(day, "192.0.2.1", tally(10, 8));
        summary.messages(day, "198.51.100.7", tally(1200, 0));
        summary.messages(day, "198.51.100.8", tally(30, 0, "news.example"));
        summary.messages(day, "198.51.100.9", tally(40, 40));
        summary.sessions(day, "sts", new SessionTally(500, 3));
        summary.failures(day, new TlsFailure("certificate-expired", "mx.reported.test"), 3);
        Files.createDirectories(SummaryFile.folder(rig.state));
        SummaryFile.write(rig.state, DOMAIN, summary);
    }

    @Test
    void saysWhoSendsInTheNameOfTheDomainAndWhatToDo() throws IOException {
        var response = rig.browser().signIn("postmaster@" + DOMAIN).get("/domains/" + DOMAIN + "/reports");
        assertEquals(200, response.statusCode(), response.body());
        String page = response.body();
        for (String part : List.of(
                "Reports: 1, by &lt;b&gt;Big",
                "Messages: 1,280. Vouched for: 48, not vouched for: 1,232",
                "This server is yours, and 2 of its messages failed",
                "your policy p=none lets that in",
                "Sent by a service (news.example)",
                "All well: nothing to do",
                "&lt;i&gt;reported.test",
                "Sessions with TLS: 500, failed: 3",
                "The certificate had ended",
                "Reports that are not counted: 1. They say that they are from &lt;u&gt;Forger,",
                "Of how many of these nobody looked who sent them: 1.",
                "<td>yahoo.example</td><td class=\"num\">1</td>",
                "<td>abuse</td><td>198.51.100.7</td><td>signed</td>",
                "<td>&lt;s&gt;evil</td><td>fraud</td><td></td><td>doubtful: not signed</td>",
                "mx.reported.test")) {
            assertTrue(page.contains(part), part + page);
        }
        assertTrue(page.indexOf("198.51.100.7") < page.indexOf("198.51.100.9"), "what fails stands first");
    }

    @Test
    void theSameByRest() throws IOException {
        var response = rig.api("GET", "/api/v1/domains/" + DOMAIN + "/reports", rig.token("postmaster@" + DOMAIN), "");
        assertEquals(200, response.statusCode(), response.body());
        String json = response.body();
        for (String part : List.of(
                "{\"domain\":\"reported.test\",\"refused\":[],\"dmarc\":{\"mailbox\":\"postmaster@reported.test\",\"reports\":1,",
                "\"unsigned\":1,\"unsignedReporters\":[\"<u>Forger\"],\"unchecked\":1,",
                "\"complaints\":{\"mailbox\":\"abuse@reported.test\",\"total\":1,\"reporters\":[{\"domain\":\"reported.test\","
                        + "\"reporter\":\"yahoo.example\",\"complaints\":1,\"since\":\"" + day + "\",\"last\":\"" + day
                        + "\"}]",
                "\"domain\":\"reported.test\",\"reporter\":\"<s>evil\",\"type\":\"fraud\",\"source\":\"\",\"proof\":\"unsigned\"}",
                "\"policy\":\"p=none (reported.test)\",\"total\":{\"messages\":1280,\"pass\":48,\"fail\":1232,",
                "{\"source\":\"198.51.100.7\",\"messages\":1200,",
                "\"since\":\"" + day + "\",\"last\":\"" + day + "\",\"advice\":\"Neither SPF nor a signature",
                "\"failures\":[{\"result\":\"certificate-expired\",\"host\":\"mx.reported.test\",\"sessions\":3,")) {
            assertTrue(json.contains(part), part + json);
        }
    }

    @Test
    void aDomainWithoutReportsSaysWhereTheyWouldCome() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        String page = admin.get("/domains/example.test/reports").body();
        assertTrue(page.contains("rua=mailto:postmaster@example.test"), page);
        assertFalse(page.contains("<table"), page);
        assertEquals(404, admin.get("/domains/no.test/reports").statusCode());
        assertEquals(
                403,
                rig.browser()
                        .signIn("postmaster@example.test")
                        .get("/domains/" + DOMAIN + "/reports")
                        .statusCode());
    }

    @Test
    void aProviderThatRefusesMailStandsOnTheOverviewAndOnThePageOfTheDomain() throws IOException {
        rig.queue.refused.add(new QueueControl.RefusedDomain(
                "other.test",
                "gmail.com",
                Instant.parse("2026-11-28T01:02:03Z"),
                Instant.parse("2026-11-29T01:02:03Z"),
                "192.0.2.1 failed.\nRemote host said: 550 5.7.26 <b>unauthenticated - gsmtp\n"));
        rig.problems = List.of("refused: gmail.com refuses mail from other.test");
        rig.later();
        Rig.Browser admin = rig.browser().signIn("admin");
        String overview = admin.get("/overview").body();
        assertTrue(overview.contains("gmail.com refuses mail from other.test since 28 Nov 2026"), overview);
        assertTrue(overview.contains("/domains/other.test/reports"), overview);
        assertEquals(
                2, overview.split("<strong>✗ gmail.com refuses mail from other.test", -1).length, "once: " + overview);
        String page = admin.get("/domains/other.test/reports").body();
        for (String part :
                List.of("gmail.com refuses mail from other.test", "&lt;b&gt;unauthenticated", "/dns", "SPF")) {
            assertTrue(page.contains(part), part + page);
        }
        assertFalse(admin.get("/domains/example.test/reports").body().contains("gmail.com refuses"));
        String json = rig.api("GET", "/api/v1/domains/other.test/reports", rig.token("admin"), "")
                .body();
        assertTrue(json.contains("\"refused\":[{\"provider\":\"gmail.com\",\"since\":\"2026-11-28T01:02:03Z\""), json);
        assertTrue(json.contains("\"kind\":\"authentication\""), json);
        rig.queue.refused.clear();
        rig.problems = List.of();
    }

    @Test
    void eachKindOfSourceHasItsAdvice() {
        ReportAdvice none = new ReportAdvice("a.test", Set.of(), "p=none (a.test)");
        ReportAdvice strict = new ReportAdvice("a.test", Set.of(), "p=reject (a.test)");
        MessageTally signed = new MessageTally(2, 2, 1, 2, 0, 0, 0, new TreeSet<>(), new TreeSet<>());
        MessageTally unsigned = new MessageTally(2, 2, 2, 0, 0, 0, 0, new TreeSet<>(), new TreeSet<>());
        MessageTally forwarded = new MessageTally(2, 0, 0, 0, 0, 0, 2, new TreeSet<>(), new TreeSet<>());
        assertTrue(says(none.source("192.0.2.9", signed)).startsWith("Nothing to do: each message bears"));
        assertTrue(says(none.source("192.0.2.9", unsigned)).contains("sign its mail as a.test"));
        assertTrue(says(none.source("192.0.2.9", forwarded)).contains("a mailing list"));
        assertTrue(says(none.source("others", forwarded)).startsWith("Sources for which"));
        assertTrue(says(none.source("192.0.2.9", tally(1, 0))).contains("p=none lets that in"));
        assertTrue(says(strict.source("192.0.2.9", tally(1, 0))).contains("keeps that out"));
        assertTrue(says(ReportAdvice.failure("sts-policy-invalid")).contains("The policy on TLS"));
        assertTrue(says(ReportAdvice.failure("new-thing")).startsWith("The reporter could not"));
    }

    private static String says(Said said) {
        return said.in(Language.ENGLISH);
    }
}
