package qrate.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openqa.selenium.By;
import qrate.directory.Property;

/// What an administrator does most.
class AdministratorWalkTest extends WalkOnPages {
    private static final String SEARCH = "Search everything";

    @Override
    void walk() throws IOException {
        as("admin", "/overview");
        task("sees what needs him, and mends it", new Most(2, 11), () -> {
            walker.open(called("Look: postmaster@example.test may not send"));
            walker.send(called("Let postmaster@example.test send again"));
            assertEquals("The account may send again.", walker.sees().notice());
            assertEquals(List.of("let postmaster@example.test"), rig.queue.asked);
        });
        task("adds a domain", new Most(4, 11), () -> {
            walker.open("Domains");
            walker.jump("Add a domain");
            walker.type(Walker.field("Add a domain", "name"), "new.test");
            walker.type(Walker.field("Add a domain", "password"), "battery staple");
            walker.send("Add a domain");
            assertTrue(rig.domains.domain("new.test").isPresent());
        });
        task("adds a mailbox and hands it over", new Most(4, 19), () -> {
            look("new.test");
            walker.open("Add a mailbox");
            walker.type(Walker.field("Add a mailbox", "local"), "zoe");
            walker.send("Add a mailbox");
            String password = walker.sees().text(".handover dd:nth-of-type(2)");
            assertTrue(rig.domains.signIn("zoe@new.test", password).isPresent());
        });
        task("finds an address", new Most(2, 4), () -> {
            look("m42@example.test");
            assertEquals("m42@example.test", walker.sees().heading());
        });
        task("has the queue tried again", new Most(2, 11), () -> {
            walker.open("Queue");
            walker.send(By.cssSelector("form[action='/queue/retry'] button"));
            assertEquals("All messages are being tried now.", walker.sees().notice());
            assertTrue(rig.queue.asked.contains("retry all"));
        });
        task("traces a message", new Most(3, 18), () -> {
            walker.open("Trace");
            walker.type(Walker.field("Look", "q"), "ann@example.test");
            walker.send("Look");
            assertEquals("ann@example.test", rig.queue.traced.getLast().word());
            assertTrue(walker.sees().text("article").contains("delivered"));
        });
        task("looks whether DNS has what a domain needs", new Most(4, 25), () -> {
            AtomicInteger looks = new AtomicInteger();
            rig.looking = (_, _, _) -> {
                looks.incrementAndGet();
                return List.of();
            };
            look("new.test");
            walker.open("DNS");
            walker.send("Look at DNS now");
            await().until(() -> looks.get() == 1);
        });
        task("limits a domain", new Most(5, 32), () -> {
            look("new.test");
            walker.open("Settings");
            walker.type(Walker.field("Limits", "mailboxes"), "30");
            walker.send("Limits");
            assertEquals("Saved.", walker.sees().notice());
            assertEquals(
                    30, rig.domains.domain("new.test").orElseThrow().limits().mailboxes());
        });
        task("reads what was done to an address", new Most(3, 14), () -> {
            walker.open("Audit log");
            walker.type(By.cssSelector("main [name=q]"), "zoe@new.test");
            walker.send("Search");
            assertTrue(walker.sees().text("tbody").contains("zoe@new.test"));
        });
        task("suspends a mailbox", new Most(5, 23), () -> {
            look("m42@example.test");
            walker.tick(Walker.field("Settings", Property.POP.word()));
            walker.tick(Walker.field("Settings", Property.SMTP.word()));
            walker.send("Settings");
            assertEquals("Saved.", walker.sees().notice());
            var mailbox = rig.domains.mailbox("m42@example.test").orElseThrow();
            assertTrue(!mailbox.is(Property.POP) && !mailbox.is(Property.SMTP));
        });
    }

    private void look(String what) {
        walker.search(SEARCH, what);
    }
}
