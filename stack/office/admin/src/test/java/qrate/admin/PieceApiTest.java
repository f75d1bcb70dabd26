package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;

/// Mailing lists and control files by the REST API: what `apply` would do, by whoever may.
class PieceApiTest extends AdminOnRig {
    private static final String LIST = "/api/v1/lists/team@example.test";
    private static final String MEMBERS = LIST + "/members";
    private static final String CONTROL = "/api/v1/control/";

    private static String admin;

    @BeforeEach
    void startAnew() throws IOException {
        for (String name : new String[] {"admin", "postmaster@example.test", "postmaster@other.test"}) {
            rig.domains.apply(new Edit.EndTokens(name));
        }
        admin = rig.token("admin");
        Files.createDirectories(rig.state.maildirs().resolve("domains/example.test"));
    }

    private static HttpResponse<String> asAdmin(String method, String path, String body) throws IOException {
        return rig.api(method, path, admin, body);
    }

    private static String done(String method, String path, String body) throws IOException {
        HttpResponse<String> response = asAdmin(method, path, body);
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    private static void refused(int status, String why, String method, String path, String body) throws IOException {
        HttpResponse<String> response = asAdmin(method, path, body);
        assertEquals(status, response.statusCode(), response.body());
        assertTrue(response.body().contains(why), response.body());
    }

    private static String audit() throws IOException {
        return rig.domains.audit().newest(5).toString();
    }

    private static Path control(String name) {
        return rig.state.control().resolve(name);
    }

    @Test
    void aListIsMadeChangedReadAndRemoved() throws IOException {
        String made = done(
                "PUT",
                LIST,
                "{\"owner\":\"ann@example.test\",\"moderated\":true,\"subscribers\":[\"ann@example.test\"]}");
        assertTrue(made.contains("add list team@example.test"), made);
        assertTrue(audit().contains("list team@example.test: made, "), audit());
        assertTrue(rig.domains
                .aliases("example.test")
                .contains(new EditableDirectory.Alias("team@example.test", "postmaster@example.test")));
        String read = done("GET", LIST, "");
        assertTrue(read.contains("\"owner\":\"ann@example.test\"") && read.contains("\"moderated\":true"), read);
        assertTrue(read.contains("\"subscribers\":[\"ann@example.test\"]"), read);
        assertTrue(done("PUT", LIST, "{\"moderated\":true}").contains("\"changed\":false"));
        assertTrue(done("PUT", LIST + "?check=true", "{\"prefix\":\"[team]\"}").contains("prefix  -> [team]"));
        assertTrue(done("GET", LIST, "").contains("\"prefix\":\"\""), "a look changes nothing");
        assertTrue(done("GET", "/api/v1/domains/example.test/lists", "").contains("team@example.test"));
        refused(409, "subscribers and archive", "DELETE", LIST, "");
        done("DELETE", LIST + "?force=true", "");
        refused(404, "no such list", "GET", LIST, "");
        assertTrue(rig.domains.aliases("example.test").isEmpty(), "its addresses are nobody's any more");
    }

    @Test
    void membersComeAndGo() throws IOException {
        done("PUT", LIST, "{}");
        done("POST", MEMBERS, "{\"addresses\":[\"Bob@Far.test\",\"eve@far.test\"]}");
        assertTrue(done("POST", MEMBERS, "{\"addresses\":[\"bob@far.test\"]}").contains("\"changed\":false"));
        done("POST", MEMBERS, "{\"set\":\"moderators\",\"addresses\":[\"ann@example.test\"]}");
        assertTrue(done("DELETE", MEMBERS + "?check=true", "{\"addresses\":[\"bob@far.test\"]}")
                .contains("bob@far.test"));
        done("DELETE", MEMBERS, "{\"addresses\":[\"bob@far.test\"]}");
        String read = done("GET", LIST, "");
        assertTrue(read.contains("\"subscribers\":[\"eve@far.test\"]"), read);
        assertTrue(read.contains("\"moderators\":[\"ann@example.test\"]"), read);
        done("PUT", LIST, "{\"subscribers\":[\"new@far.test\"]}");
        assertTrue(done("GET", LIST, "").contains("[\"eve@far.test\",\"new@far.test\"]"), "nobody leaves by that");
        done("PUT", LIST + "?exact=true", "{\"subscribers\":[\"new@far.test\"]}");
        assertTrue(done("GET", LIST, "").contains("\"subscribers\":[\"new@far.test\"]"));
        done("DELETE", LIST + "?force=true", "");
    }

    @Test
    void aListThatCannotBeIsRefusedByWhatIsWrong() throws IOException {
        refused(400, "owner", "PUT", LIST, "{\"owner\":null}");
        refused(400, "owner: is no address", "PUT", LIST, "{\"owner\":\"nobody\"}");
        refused(400, "moderated", "PUT", LIST, "{\"moderated\":\"yes\"}");
        refused(400, "subscribers", "PUT", LIST, "{\"subscribers\":[1]}");
        refused(400, "is no address", "PUT", LIST, "{\"subscribers\":[\"a b\"]}");
        refused(400, "prefix", "PUT", LIST, "{\"prefix\":\"a\\nb\"}");
        refused(400, "set: must be one of", "POST", MEMBERS, "{\"set\":\"archive\",\"addresses\":[]}");
        refused(400, "exact: must be true or false", "PUT", LIST + "?exact=1", "{}");
        refused(400, "a mailbox or alias has that name", "PUT", "/api/v1/lists/ann@example.test", "{}");
        refused(404, "no domain", "PUT", "/api/v1/lists/team@none.test", "{}");
        refused(
                404,
                "no such list",
                "POST",
                "/api/v1/lists/none@example.test/members",
                "{\"addresses\":[\"a@b.test\"]}");
        refused(400, "no local part", "PUT", "/api/v1/lists/..%2F..%2Fcontrol@example.test", "{}");
        assertFalse(Files.exists(rig.state.maildirs().resolve("domains/example.test/team")));
    }

    @Test
    void aPostmasterHasTheListsOfHisDomainAndNoOther() throws IOException {
        String own = rig.token("postmaster@example.test");
        String other = rig.token("postmaster@other.test");
        assertEquals(200, rig.api("PUT", LIST, own, "{}").statusCode());
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            assertEquals(403, rig.api(method, LIST, other, "").statusCode(), method);
        }
        assertEquals(403, rig.api("POST", MEMBERS, other, "{}").statusCode());
        assertEquals(
                403, rig.api("GET", LIST, rig.token("ann@example.test"), "").statusCode());
        assertEquals(401, rig.api("GET", LIST, "", "").statusCode());
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            assertEquals(403, rig.api(method, CONTROL + "databytes", own, "").statusCode(), method);
        }
        assertEquals(403, rig.api("GET", "/api/v1/control", own, "").statusCode());
        done("DELETE", LIST + "?force=true", "");
    }

    @Test
    void aControlFileIsSetReadAndRemoved() throws IOException {
        String said = done("PUT", CONTROL + "databytes?check=true", "{\"lines\":[\"5000000\"]}");
        assertTrue(said.contains("add control file databytes: 5000000"), said);
        assertFalse(Files.exists(control("databytes")), "a look changes nothing");
        done("PUT", CONTROL + "databytes", "{\"lines\":[\"5000000\"]}");
        assertEquals("5000000\n", Files.readString(control("databytes")));
        assertTrue(audit().contains("set control file databytes: 5000000"), audit());
        assertTrue(
                done("PUT", CONTROL + "databytes", "{\"lines\":[\"5000000\"]}").contains("\"changed\":false"));
        String read = done("GET", CONTROL + "databytes", "");
        assertTrue(read.contains("\"there\":true") && read.contains("\"lines\":[\"5000000\"]"), read);
        assertTrue(
                done("PUT", CONTROL + "queuelifetime", "{\"lines\":[\"1000\"]}").contains("read at the start"));
        done("DELETE", CONTROL + "queuelifetime", "");
        done("DELETE", CONTROL + "databytes", "");
        assertFalse(Files.exists(control("databytes")));
        assertTrue(done("DELETE", CONTROL + "databytes", "").contains("\"changed\":false"));
        assertTrue(done("GET", "/api/v1/control", "").contains("\"name\":\"badmailfrom\""));
    }

    @Test
    void aPasswordInAControlFileIsNeverShown() throws IOException {
        String route = "{\"lines\":[\"far.test:relay.test:587 alice secret-of-alice\"]}";
        String said = done("PUT", CONTROL + "smtproutes", route);
        assertFalse(said.contains("secret-of-alice"), said);
        assertTrue(Files.readString(control("smtproutes")).contains("secret-of-alice"));
        String read = done("GET", CONTROL + "smtproutes", "");
        assertTrue(read.contains("\"secret\":true") && read.contains("\"lines\":[]"), read);
        assertFalse(done("GET", "/api/v1/control", "").contains("secret-of-alice"));
        assertFalse(audit().contains("secret-of-alice"), audit());
        assertTrue(
                done("PUT", CONTROL + "smtproutes", route).contains("\"changed\":false"),
                "it is compared all the same");
        done("DELETE", CONTROL + "smtproutes", "");
    }

    @Test
    void aControlFileThatCannotBeIsRefusedByWhatIsWrong() throws IOException {
        refused(400, "databytes", "PUT", CONTROL + "databytes", "{\"lines\":[\"lots\"]}");
        refused(400, "must be one value", "PUT", CONTROL + "databytes", "{\"lines\":[\"1\",\"2\"]}");
        refused(400, "lines: must be a list of texts", "PUT", CONTROL + "databytes", "{\"lines\":[1]}");
        refused(400, "lines: must be a list of texts", "PUT", CONTROL + "databytes", "{}");
        refused(404, "no such control file", "PUT", CONTROL + "no-such", "{\"lines\":[\"1\"]}");
        refused(404, "no such control file", "PUT", CONTROL + "..%2Fdb%2Flocal-token", "{\"lines\":[\"1\"]}");
        refused(400, "is made of tcp.smtp", "PUT", CONTROL + "tcp.smtp.cdb", "{\"lines\":[\"1\"]}");
        refused(400, "is never removed", "DELETE", CONTROL + "me", "");
        refused(400, "whose mailboxes would get no mail", "PUT", CONTROL + "locals", "{\"lines\":[\"example.test\"]}");
        for (String name : new String[] {"acmehook", "defaultdelivery", "tcp.smtp", "virtualprograms"}) {
            refused(400, "can name a program to run", "PUT", CONTROL + name, "{\"lines\":[\"x\"]}");
            refused(400, "can name a program to run", "DELETE", CONTROL + name, "");
            assertTrue(done("GET", CONTROL + name, "").contains("\"settable\":false"));
        }
        assertFalse(Files.exists(control("databytes")));
    }
}
