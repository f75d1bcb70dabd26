package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openqa.selenium.By;
import qrate.directory.EditableDirectory;

/// What a domain's postmaster does most.
class PostmasterWalkTest extends WalkOnPages {
    private static final String COLLEAGUE = "m42@example.test";

    @Override
    void walk() throws IOException {
        as("postmaster@example.test", "/domains/example.test");
        task("adds a mailbox", new Most(2, 16), () -> {
            walker.open("Add a mailbox");
            walker.type(Walker.field("Add a mailbox", "local"), "zoe");
            walker.send("Add a mailbox");
            String password = walker.sees().text(".handover dd:nth-of-type(2)");
            assertTrue(rig.domains.signIn("zoe@example.test", password).isPresent());
        });
        task("gives somebody a new password", new Most(5, 30), () -> {
            colleague();
            walker.type(Walker.field("Password", "password"), "battery staple");
            walker.send("Password");
            assertEquals("Saved.", walker.sees().notice());
            assertTrue(rig.domains.signIn(COLLEAGUE, "battery staple").isPresent());
        });
        task("makes an alias of three people", new Most(4, 22), () -> {
            walker.open("Aliases");
            walker.jump("Add an alias");
            walker.type(Walker.field("Add an alias", "local"), "office");
            walker.type(Walker.field("Add an alias", "target"), "ann@example.test\nm01@example.test\nx@far.test");
            walker.send("Add an alias");
            assertEquals("Added.", walker.sees().notice());
            assertEquals(
                    new TreeSet<>(List.of("ann@example.test", "m01@example.test", "x@far.test")),
                    rig.domains.aliases("example.test").stream()
                            .filter(alias -> alias.address().equals("office@example.test"))
                            .map(EditableDirectory.Alias::target)
                            .collect(Collectors.toCollection(TreeSet::new)));
        });
        task("makes a list with its members", new Most(5, 35), () -> {
            walker.open("Lists");
            walker.open("Make a mailing list");
            walker.type(Walker.field("Make a mailing list", "name"), "choir");
            walker.send("Make a mailing list");
            walker.jump("Add people");
            walker.type(Walker.field("Add people", "addresses"), "ann@example.test\nx@far.test");
            walker.send("Add people");
            assertEquals("Added.", walker.sees().notice());
            assertTrue(walker.sees().text("tbody").contains("x@far.test"));
        });
        task("answers for a colleague who is away", new Most(7, 39), () -> {
            colleague();
            walker.open("Out of office");
            walker.tick(Walker.field("Out of office", "on"));
            walker.type(Walker.field("Out of office", "text"), "Back in May.");
            walker.send("Out of office");
            assertEquals("Saved.", walker.sees().notice());
            assertTrue(rig.domains.vacation(COLLEAGUE).on());
        });
        task("adds many mailboxes at once", new Most(4, 25), () -> {
            walker.open("CSV in and out");
            walker.type(Walker.field("Add many mailboxes", "text"), "address\numa@example.test\nvic@example.test");
            walker.send("Add many mailboxes");
            walker.send("Add all of them");
            assertTrue(
                    walker.sees().notice().startsWith("Added: 2."),
                    walker.sees().notice());
            assertTrue(rig.domains.mailbox("vic@example.test").isPresent());
        });
        task("gives somebody more room", new Most(5, 35), () -> {
            colleague();
            walker.type(Walker.field("Settings", "quota"), "2 GB");
            walker.send("Settings");
            assertEquals("Saved.", walker.sees().notice());
            assertEquals(
                    2L << 30,
                    rig.domains.mailbox(COLLEAGUE).orElseThrow().quota().bytes());
        });
        task("decides about a letter that waits", new Most(4, 30), () -> {
            walker.open("Lists");
            walker.open(By.cssSelector("tbody td.num a[href*='/waiting']"));
            walker.open(By.cssSelector("tbody td.num a"));
            walker.send("Accept: it goes out to the list");
            assertEquals(
                    "The list has been told: it is done in a moment.",
                    walker.sees().notice());
            assertEquals(1, rig.told.size());
        });
        task("sees what DNS must say", new Most(1, 9), () -> {
            walker.open("DNS");
            assertTrue(
                    walker.sees().text("main").contains("v=spf1"), walker.sees().text("main"));
        });
        task("has mail for names that nobody has", new Most(4, 29), () -> {
            walker.open("Settings");
            walker.tick(By.cssSelector("form[aria-label='Catch-all'] [value=to]"));
            walker.type(Walker.field("Catch-all", "target"), "ann@example.test");
            walker.send("Catch-all");
            assertEquals("Saved.", walker.sees().notice());
            assertEquals(
                    "ann@example.test",
                    rig.domains.domain("example.test").orElseThrow().catchAll());
        });
    }

    /// To the mailbox of a colleague, whose row is one of many.
    private void colleague() {
        walker.type(Walker.field("Search", "q"), "m42");
        walker.send("Search");
        walker.open(COLLEAGUE);
    }
}
