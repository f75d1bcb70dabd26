package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.qcontrol.Trace;
import qrate.qcontrol.Trace.Kind;
import qrate.qcontrol.Trace.Step;

/// What became of messages: whose is asked for, and what is shown of it.
class TracePagesTest {
    private static final String SCRIPT = "<script>alert(1)</script>";

    /// A message of which each field is a stranger's.
    static final Trace.Way HOSTILE = new Trace.Way(
            7,
            SCRIPT + "@evil.test",
            1234,
            "<" + SCRIPT + "@evil.test>",
            Map.of("client", "192.0.2.7", "login", SCRIPT, "tls", SCRIPT),
            List.of(
                    new Step(Instant.EPOCH, Kind.ACCEPTED, "", ""),
                    new Step(Instant.EPOCH, Kind.PUT_OFF, SCRIPT + "@x.test", "192.0.2.9_said:_" + SCRIPT + "/"),
                    new Step(Instant.EPOCH, Kind.REFUSED, "you@gmail.com", "Remote host said: 552 5.2.2 over quota"),
                    new Step(Instant.EPOCH, Kind.DELIVERED, "ann@example.test", "did_1+0+0/"),
                    new Step(Instant.EPOCH, Kind.BOUNCED, "", "8"),
                    new Step(Instant.EPOCH, Kind.ENDED, "", "")));

    private static final String API = "/api/v1";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder);
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Trace.Query asked() {
        return rig.queue.traced.getLast();
    }

    @Test
    void anAdministratorLooksAtAllAndIsToldInSentences() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        String page = admin.get("/trace?q=You@Gmail.com&days=7").body();
        assertEquals("you@gmail.com", asked().word());
        assertEquals(List.of("@"), asked().whose().words());
        assertEquals(7, Duration.between(asked().since(), Instant.now()).toDays());
        assertFalse(page.contains("<script>"), page);
        assertTrue(page.contains("put off") && page.contains("192.0.2.9 said: &lt;script"), page);
        assertFalse(page.contains("did_1+0+0"), "that is no sentence");
        assertTrue(page.contains("What it means:"), page);
        assertTrue(page.contains("href=\"/trace?q=8\""), "the bounce is one step away");
        assertTrue(page.contains("href=\"/trace?q=You%40Gmail.com&amp;days=7&amp;before=6\""), page);
        admin.get("/trace?before=6");
        assertEquals(6, asked().before());
        assertTrue(admin.get("/queue").body().contains("href=\"/trace\""));
    }

    @Test
    void aPostmasterAndAnOwnerAreShownTheirsAlone() throws IOException {
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        assertEquals(200, postmaster.get("/domains/alias.test/trace").statusCode());
        assertEquals(List.of("@example.test", "@alias.test"), asked().whose().words());
        assertEquals(403, postmaster.get("/trace").statusCode());
        assertEquals(403, postmaster.get("/domains/other.test/trace").statusCode());
        Rig.Browser ann = rig.browser().signIn("ann@example.test");
        assertTrue(ann.get("/account").body().contains("href=\"/mailboxes/ann%40example.test/trace\""));
        String page = ann.get("/mailboxes/ann@example.test/trace?address=ann@example.test")
                .body();
        assertEquals(
                List.of("ann@example.test", "ann@alias.test"), asked().whose().words());
        assertFalse(page.contains("What would happen?"), page);
        assertEquals(403, ann.get("/domains/example.test/trace").statusCode());
        assertEquals(403, ann.get("/mailboxes/bob@example.test/trace").statusCode());
        assertEquals(404, postmaster.get("/mailboxes/nobody@example.test/trace").statusCode());
    }

    @Test
    void saysWhatWouldHappenToMailOfThePlaceAlone() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        String page = admin.get("/trace?address=sales@far.test").body();
        assertTrue(page.contains("would be delivered: sales@far.test") && page.contains("smtpd: 250 ok"), page);
        Rig.Browser postmaster = rig.browser().signIn("postmaster@example.test");
        page = postmaster
                .get("/domains/example.test/trace?address=sales@ALIAS.test")
                .body();
        assertTrue(page.contains("would be delivered: sales@ALIAS.test"), page);
        HttpResponse<String> other = postmaster.get("/domains/example.test/trace?address=eve@other.test");
        assertEquals(400, other.statusCode());
        assertTrue(other.body().contains("This page is about example.test: ask for an address there."));
        other = admin.get("/trace?address=sales");
        assertEquals(400, other.statusCode());
        assertTrue(other.body().contains("That is no address"));
    }

    @Test
    void whereNothingFitsThatIsSaid() throws IOException {
        rig.queue.empty = true;
        assertTrue(rig.browser().signIn("admin").get("/trace").body().contains("No message fits."));
    }

    @Test
    void restSaysTheSame() throws IOException {
        String admin = rig.token("admin");
        HttpResponse<String> all = rig.api("GET", API + "/trace?q=ann@example.test&limit=9", admin, "");
        assertEquals(200, all.statusCode(), all.body());
        assertEquals(9, asked().limit());
        assertTrue(all.body().contains("\"event\":\"put-off\"") && all.body().contains("\"kind\":\""), all.body());
        String link = all.headers().firstValue("Link").orElseThrow();
        assertEquals("</api/v1/trace?q=ann%40example.test&limit=9&before=6>; rel=\"next\"", link);
        for (String bad : List.of("days=31", "days=0", "days=x", "before=x", "limit=0", "hours=1")) {
            assertEquals(400, rig.api("GET", API + "/trace?" + bad, admin, "").statusCode(), bad);
        }
        HttpResponse<String> fate = rig.api("GET", API + "/explain?address=sales@far.test", admin, "");
        assertEquals(
                "{\"address\":\"sales@far.test\",\"outcome\":\"delivered\",\"text\":\"would be delivered: sales@far.test\","
                        + "\"steps\":[{\"part\":\"smtpd\",\"depth\":0,\"text\":\"250 ok\"},"
                        + "{\"part\":\"local\",\"depth\":1,\"text\":\"sales@far.test\"}]}",
                fate.body().strip());
        assertEquals(400, rig.api("GET", API + "/explain", admin, "").statusCode());
        String postmaster = rig.token("postmaster@example.test");
        assertEquals(403, rig.api("GET", API + "/trace", postmaster, "").statusCode());
        String domain = API + "/domains/example.test";
        assertEquals(200, rig.api("GET", domain + "/trace", postmaster, "").statusCode());
        assertEquals(
                200,
                rig.api("GET", domain + "/explain?address=a@example.test", postmaster, "")
                        .statusCode());
        assertEquals(
                400,
                rig.api("GET", domain + "/explain?address=a@other.test", postmaster, "")
                        .statusCode());
        assertEquals(
                404, rig.api("GET", API + "/domains/none.test/trace", admin, "").statusCode());
        rig.queue.down = true;
        assertEquals(503, rig.api("GET", API + "/trace", admin, "").statusCode());
    }
}
