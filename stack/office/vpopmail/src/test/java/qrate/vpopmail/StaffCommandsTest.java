package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.directory.Actor;
import qrate.directory.Edit;
import qrate.directory.Json;
import qrate.directory.Password;
import qrate.directory.Principal;
import qrate.directory.Staff;
import qrate.directory.Tokens;

/// Administrators, by the commands that a locked-out one has.
class StaffCommandsTest extends DirectoryByHand {
    private List<String> names() throws IOException {
        return domains.staff().administrators().stream()
                .map(Staff.Administrator::name)
                .toList();
    }

    @Test
    void aLostPasswordIsSetAnewByWhoeverHasTheHost() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("the lost one")));
        String token = domains.tokens()
                .create(new Principal.Administrator("admin"), Tokens.Wish.usual("t"))
                .orElseThrow();
        assertEquals(0, run("admin-password admin found-again"), err.toString(UTF_8));
        assertEquals(
                Optional.of(new Principal.Administrator("admin")),
                domains.accounts().signIn("admin", "found-again"));
        assertEquals(Optional.empty(), domains.accounts().byToken(token));
        assertEquals(0, run("admin-password"));
        assertTrue(domains.accounts().signIn("admin", "from stdin").isPresent());
        assertEquals(0, run("admin-password -r"));
        assertTrue(out.toString(UTF_8).startsWith("Random password: "));
        assertEquals(100, run("admin-password admin short"));
        assertEquals(100, run("admin-password nobody long-enough"));
        assertEquals(List.of("admin"), names());
    }

    @Test
    void aStateWithoutAnAdministratorGetsOne() throws Exception {
        assertEquals(0, run("admin-password -r"), err.toString(UTF_8));
        assertEquals(List.of("admin"), names());
    }

    @Test
    void thereAreSeveralAndTheLastOneStays() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("first of all")));
        assertEquals(0, run("administrators -a eve second-one"), err.toString(UTF_8));
        assertEquals(100, run("administrators -a eve second-one"));
        for (String bad : List.of("command", "init", "Eve", "a@b.test", "../x", "-a")) {
            assertEquals(100, run("administrators -a " + bad + " second-one"), bad);
        }
        assertEquals(0, run("administrators"));
        assertEquals("admin last signed in never\neve last signed in never\n", out.toString(UTF_8));
        assertEquals(0, run("administrators -d admin"));
        assertEquals(100, run("administrators -d eve"));
        assertEquals(
                "administrators: fatal: The last administrator cannot be removed: add another first\n",
                err.toString(UTF_8));
        assertTrue(domains.accounts().signIn("eve", "second-one").isPresent());
    }

    @Test
    void aRecoveryAddressIsSetAndTakenAway() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("first of all")));
        assertEquals(0, run("administrators -R boss@ELSEWHERE.test admin"), err.toString(UTF_8));
        assertEquals(
                "boss@elsewhere.test",
                domains.staff().administrators().getFirst().recovery());
        assertEquals(0, run("administrators --json"));
        assertTrue(out.toString(UTF_8).contains("\"recoveryAddress\":\"boss@elsewhere.test\""), out.toString(UTF_8));
        for (String bad : List.of("-R boss admin", "-R a@b.test nobody", "-R a@b.test", "-R a@b.test -d admin admin")) {
            assertEquals(100, run("administrators " + bad), bad);
        }
        assertEquals(0, run("administrators -R none admin"));
        assertEquals("", domains.staff().administrators().getFirst().recovery());
    }

    @Test
    void tokensAreSeenAndEnded() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("first of all")));
        domains.tokens().create(new Principal.Administrator("admin"), Tokens.Wish.usual("backup"));
        assertEquals(0, run("tokens"));
        assertTrue(out.toString(UTF_8).matches("[0-9a-f]{12} admin role until \\S+ used never backup\n"));
        String id = out.toString(UTF_8).substring(0, 12);
        assertEquals(0, run("tokens nobody"));
        assertEquals("", out.toString(UTF_8));
        assertEquals(0, run("tokens -d " + id));
        assertEquals(100, run("tokens -d " + id));
        assertEquals(100, run("tokens -d %2e%2e/domains"));
    }

    @Test
    void whoChangedWhatIsShownTheNewestFirst() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("first of all")));
        domains.apply(new Edit.AddAdministrator("eve", new Password.Clear("first of all")));
        domains.audit().refused(new Actor("eve", Actor.Door.REST, "192.0.2.7"), "DELETE /x\n", "403");
        assertEquals(0, run("audit -n 2"));
        List<String> lines = out.toString(UTF_8).lines().toList();
        assertEquals(2, lines.size());
        assertTrue(
                lines.getFirst().endsWith("Z eve by REST from 192.0.2.7: DELETE /x\\x0a: not done: 403"),
                lines.getFirst());
        assertTrue(lines.getLast().endsWith(": add administrator eve"), lines.getLast());
        assertEquals(0, run("audit --json -n 500 ADMINISTRATOR"));
        List<Map<String, Object>> shapes =
                Json.objects(Json.object(("{\"all\":" + out.toString(UTF_8) + "}").getBytes(UTF_8)), "all");
        assertEquals("add administrator eve", shapes.getFirst().get("what"));
        assertEquals(
                Set.of("number", "when", "who", "door", "from", "what", "problem"),
                shapes.getFirst().keySet());
        assertEquals(0, run("audit nobody@example.test"));
        assertEquals("", out.toString(UTF_8));
        for (String wrong : List.of("audit -n 0", "audit -n 501", "audit -n x", "audit a b")) {
            assertEquals(100, run(wrong), wrong);
        }
    }

    @Test
    void sessionsAreSeenAndEnded() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("first of all")));
        Actor actor = new Actor("admin", Actor.Door.PAGE, "192.0.2.7");
        domains.as(actor).signIns().begin("secret", "a browser\n", Duration.ofHours(1));
        assertEquals(0, run("sessions"));
        String line = out.toString(UTF_8);
        assertTrue(
                line.matches("[0-9a-f]{12} admin from 192\\.0\\.2\\.7 since \\S+ used \\S+ a browser\\\\x0a\n"), line);
        assertEquals(0, run("administrators"));
        assertTrue(out.toString(UTF_8).startsWith("admin last signed in 20"), out.toString(UTF_8));
        assertEquals(0, run("sessions nobody"));
        assertEquals("", out.toString(UTF_8));
        assertTrue(domains.signIns().lives("secret", "admin"));
        assertEquals(0, run("sessions -d " + line.substring(0, 12)));
        assertFalse(domains.signIns().lives("secret", "admin"));
        assertEquals(100, run("sessions -d " + line.substring(0, 12)));
        assertEquals(100, run("sessions -d " + line.substring(0, 12) + " more"));
        assertEquals("end session", domains.audit().newest(1).getFirst().what().substring(0, 11));
    }
}
