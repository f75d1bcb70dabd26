package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;

/// The pages of a domain: mailboxes by parts, adding one or many, aliases, settings.
class DomainTabsTest extends AdminOnRig {
    private static final String DOMAIN = "/domains/tabs.test";

    private static Rig.Browser postmaster;

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddDomain("tabs.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.addMailboxes(IntStream.range(100, 220)
                .mapToObj(i -> new Edit.AddMailbox("b" + i + "@tabs.test", new Password.Clear(Rig.PASSWORD)))
                .toList());
        postmaster = rig.browser().signIn("postmaster@tabs.test");
    }

    private static String page(String path) throws IOException {
        HttpResponse<String> response = postmaster.get(path);
        assertEquals(200, response.statusCode(), path + response.body());
        return response.body();
    }

    private static String posted(int status, String path, Map<String, String> fields) throws IOException {
        HttpResponse<String> response = postmaster.post(path, fields);
        assertEquals(status, response.statusCode(), path + response.body());
        return response.body() + response.headers().firstValue("Location").orElse("");
    }

    @Test
    void mailboxesArePagedSearchedAndShowWhatTheyHold() throws IOException {
        rig.domains.apply(new Edit.Modify("b100@tabs.test", Map.of(Property.QUOTA, new Quota(1000, 0))));
        Path maildir = rig.state.maildirs().resolve("domains/tabs.test/b100/Maildir");
        Files.writeString(maildir.resolve("maildirsize"), "1000S\n700 2\n250 1\n");
        String first = page(DOMAIN);
        assertTrue(first.contains("b149@") && !first.contains("b150@") && first.contains("In all: 121"), first);
        assertTrue(first.contains("value=\"95\"") && first.contains("950 bytes"), first);
        assertTrue(first.contains("?after=b149\""), first);
        assertTrue(page(DOMAIN + "?after=b199").contains("?before=b200\""));
        String found = page(DOMAIN + "?q=B21");
        assertTrue(found.contains("b210@") && !found.contains("b100@"), found);
        assertFalse(page(DOMAIN + "?q=%25").contains("b100@"), "a percent sign is no pattern");
    }

    @Test
    void aMailboxIsAddedWithAPasswordThatIsMade() throws IOException {
        postmaster.get(DOMAIN + "/mailboxes/add");
        String sheet = posted(200, DOMAIN + "/mailboxes", Map.of("local", "Fresh", "how", "make", "quota", "1,5 GB"));
        Matcher password =
                Pattern.compile("<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>").matcher(sheet);
        assertTrue(password.find() && sheet.contains("fresh@tabs.test"), sheet);
        assertTrue(rig.domains.signIn("fresh@tabs.test", password.group(1)).isPresent());
        assertEquals(
                3L << 29,
                rig.domains.mailbox("fresh@tabs.test").orElseThrow().quota().bytes());
        assertTrue(posted(409, DOMAIN + "/mailboxes", Map.of("local", "fresh", "how", "make"))
                .contains("value=\"fresh\""));
        assertTrue(posted(400, DOMAIN + "/mailboxes", Map.of("local", "x", "how", "make", "quota", "lots"))
                .contains("A quota looks like"));
        String typed = posted(400, DOMAIN + "/mailboxes", Map.of("local", "x", "how", "type", "password", "secret1"));
        assertFalse(typed.contains("secret1"), "a password is not sent back");
        assertTrue(rig.domains.mailbox("x@tabs.test").isEmpty());
        rig.domains.apply(new Edit.DeleteMailbox("fresh@tabs.test"));
    }

    @Test
    void manyComeByCsvAfterALookAndAllOrNone() throws IOException {
        postmaster.get(DOMAIN + "/csv");
        String text = "Address,Password,quota,pop\r\nc1,,500 MB,no\r\nc2@tabs.test,correct horse,,\r\n";
        String looked = posted(200, DOMAIN + "/csv", Map.of("text", text));
        assertTrue(looked.contains("c1@tabs.test") && looked.contains("will be added"), looked);
        assertTrue(rig.domains.mailbox("c1@tabs.test").isEmpty(), "a look does nothing");
        String bad = posted(
                400,
                DOMAIN + "/csv",
                Map.of("sure", "on", "text", text + "b100,,,\r\nz@other.test,,,\r\nq,,lots,\r\n"));
        assertTrue(bad.contains("b100@tabs.test exists") || bad.contains("exists"), bad);
        assertTrue(bad.contains("z@other.test is in another domain") && bad.contains("quota cannot be lots"), bad);
        assertTrue(rig.domains.mailbox("c1@tabs.test").isEmpty(), "never half done");
        String done = posted(200, DOMAIN + "/csv", Map.of("sure", "on", "text", text));
        Matcher password =
                Pattern.compile("<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>").matcher(done);
        assertTrue(password.find(), done);
        assertTrue(rig.domains.signIn("c1@tabs.test", password.group(1)).isPresent());
        assertFalse(password.find() || done.contains("correct horse"), "what was typed is not shown");
        assertTrue(rig.domains.signIn("c2@tabs.test", "correct horse").isPresent());
        EditableDirectory.Mailbox c1 = rig.domains.mailbox("c1@tabs.test").orElseThrow();
        assertTrue(c1.quota().bytes() == 500L << 20 && !c1.is(Property.POP), c1.toString());
        HttpResponse<String> out = postmaster.get(DOMAIN + "/mailboxes.csv");
        assertTrue(out.headers().firstValue("Content-Type").orElse("").startsWith("text/csv"));
        assertTrue(
                out.body()
                        .startsWith(
                                "address,quota,pop,smtp,postmaster,keep,app_only,must_change,name,language,recovery\r\n"),
                out.body());
        assertTrue(out.body().contains("c1@tabs.test,500MB,false,true,false,"), out.body());
        for (String local : List.of("c1", "c2")) {
            rig.domains.apply(new Edit.DeleteMailbox(local + "@tabs.test"));
        }
    }

    @Test
    void csvThatMakesNoSenseIsRefusedByItsLine() throws IOException {
        postmaster.get(DOMAIN + "/csv");
        assertTrue(
                posted(400, DOMAIN + "/csv", Map.of("text", "address\na\"b\n")).contains("Line 2: a quote"));
        assertTrue(posted(400, DOMAIN + "/csv", Map.of("text", "nome\nx\n")).contains("no column nome"));
        for (String text : List.of("", "address\n", "address,address\nx\n", "quota\n5\n")) {
            assertTrue(posted(400, DOMAIN + "/csv", Map.of("text", text)).contains("first line must name"), text);
        }
        String script = posted(400, DOMAIN + "/csv", Map.of("text", "address\n<script>x</script>\n"));
        assertFalse(script.contains("<script>"), script);
    }

    @Test
    void aliasesArePagedAndWhatWasTypedStays() throws IOException {
        for (int i = 100; i < 160; i++) {
            rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("all@tabs.test", "a" + i + "@far.test")));
        }
        String first = page(DOMAIN + "/aliases");
        assertTrue(first.contains("a149@") && !first.contains("a150@"), first);
        assertTrue(page(DOMAIN + "/aliases?after=all+a149%40far.test").contains("a150@"));
        assertTrue(page(DOMAIN + "/aliases?q=a155").contains("In all: 1"));
        String again = posted(400, DOMAIN + "/aliases", Map.of("local", "x y", "target", "no address"));
        assertTrue(again.contains("value=\"x y\"") && again.contains(">no address</textarea>"), again);
    }

    @Test
    void anAliasOfSeveralIsMadeAtOnceAndWhatCannotBeStaysInTheForm() throws IOException {
        String path = DOMAIN + "/aliases";
        assertEquals(List.of(), targets("many@tabs.test"));
        posted(303, path, Map.of("local", "many", "target", " a@far.test\r\n\r\nb@far.test\n"));
        assertEquals(List.of("a@far.test", "b@far.test"), targets("many@tabs.test"));
        String again = posted(400, path, Map.of("local", "many", "target", "c@far.test\nno address\nd@far.test"));
        assertTrue(again.contains(">no address\nd@far.test</textarea>"), again);
        assertEquals(List.of("a@far.test", "b@far.test", "c@far.test"), targets("many@tabs.test"));
        String tooMany = posted(400, path, Map.of("local", "many", "target", "x@far.test\n".repeat(51)));
        assertTrue(tooMany.contains("At most 50 addresses at once."), tooMany);
        assertEquals(3, targets("many@tabs.test").size());
        posted(400, path, Map.of("local", "many", "target", "\n"));
    }

    private static List<String> targets(String address) throws IOException {
        return rig.domains.aliases("tabs.test").stream()
                .filter(alias -> alias.address().equals(address))
                .map(EditableDirectory.Alias::target)
                .sorted()
                .toList();
    }

    @Test
    void onlyAnAdministratorSetsLimits() throws IOException {
        String own = page(DOMAIN + "/settings");
        assertFalse(own.contains("/limits\""), own);
        posted(403, DOMAIN + "/limits", Map.of("mailboxes", "5"));
        Rig.Browser admin = rig.browser().signIn("admin");
        admin.get(DOMAIN + "/settings");
        assertEquals(
                303,
                admin.post(DOMAIN + "/limits", Map.of("mailboxes", "200", "quota", "1 GB"))
                        .statusCode());
        assertEquals(
                new EditableDirectory.Limits(200, 0, 1L << 30),
                rig.domains.domain("tabs.test").orElseThrow().limits());
        assertEquals(
                400, admin.post(DOMAIN + "/limits", Map.of("mailboxes", "-1")).statusCode());
        assertEquals(
                400, admin.post(DOMAIN + "/limits", Map.of("quota", "much")).statusCode());
        assertTrue(page(DOMAIN).contains("Mailboxes: 121 of 200"), page(DOMAIN));
        admin.post(DOMAIN + "/limits", Map.of());
    }

    @Test
    void mailForNamesThatNobodyHasIsRefusedDeliveredOrThrownAway() throws IOException {
        page(DOMAIN + "/settings");
        posted(303, DOMAIN + "/catch-all", Map.of("how", "drop", "target", "b100@tabs.test"));
        assertEquals("delete", rig.domains.domain("tabs.test").orElseThrow().catchAll());
        assertTrue(page(DOMAIN + "/settings").contains("value=\"drop\" checked"), page(DOMAIN + "/settings"));
        posted(400, DOMAIN + "/catch-all", Map.of("how", "to", "target", ""));
        posted(303, DOMAIN + "/catch-all", Map.of("how", "to", "target", "b100@tabs.test"));
        assertEquals(
                "b100@tabs.test", rig.domains.domain("tabs.test").orElseThrow().catchAll());
        posted(303, DOMAIN + "/catch-all", Map.of("how", "refuse", "target", "b100@tabs.test"));
        assertEquals("", rig.domains.domain("tabs.test").orElseThrow().catchAll());
    }

    /// Each page there is of a domain, so that a new one cannot be open.
    @Test
    void nobodyElseSeesTheDomain() throws IOException {
        List<Rig.Browser> others = List.of(
                rig.browser().signIn("postmaster@other.test"), rig.browser().signIn("b100@tabs.test"));
        int pages = 0;
        for (Router.Route route : rig.routes()) {
            if (route.door() == Router.Door.BROWSER && route.path().startsWith("/domains")) {
                String path = route.path()
                        .replace("{domain}", "tabs.test")
                        .replace("{id}", "7")
                        .replace("{name}", "bounce-failed")
                        .replace("{language}", "en")
                        .replace("{id}", "7");
                for (Rig.Browser other : others) {
                    HttpResponse<String> answer =
                            route.method().equals("GET") ? other.get(path) : other.post(path, Map.of());
                    assertEquals(403, answer.statusCode(), route.toString());
                }
                pages++;
            }
        }
        assertTrue(pages > 20, "pages: " + pages);
    }

    @Test
    void theAuditLogIsPagedAndSearched() throws IOException {
        Rig.Browser admin = rig.browser().signIn("admin");
        for (int i = 0; i < 60; i++) {
            rig.domains.apply(new Edit.SetCatchAll("tabs.test", "b100@tabs.test"));
        }
        String found = admin.get("/audit?q=CATCH-ALL+of+tabs").body();
        Matcher older = Pattern.compile("href=\"(/audit[^\"]+)\"").matcher(found);
        assertTrue(older.find(), found);
        String next = admin.get(older.group(1).replace("&amp;", "&")).body();
        assertTrue(next.contains("catch-all of tabs.test") && !next.contains("rel=\"next\""), next);
        assertFalse(admin.get("/audit?q=%3Cscript%3E").body().contains("<script>"));
        rig.domains.apply(new Edit.SetCatchAll("tabs.test", ""));
    }
}
