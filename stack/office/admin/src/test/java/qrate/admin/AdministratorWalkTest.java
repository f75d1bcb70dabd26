package qrate.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The ten things that the administrator of the system does most.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
class AdministratorWalkTest extends WalkOnPages {
    @Test
    void theAdministratorOfTheSystem() throws IOException {
        each(1280, this::administrator);
    }

    private void administrator() throws IOException {
        task("administrator: sign in, and see what needs somebody", 2, () -> {
            signIn("admin");
            assertTrue(walker.text(".needs").contains("postmaster@example.test"));
        });
        task("administrator: add a domain", 4, () -> {
            walker.press(say("domains"));
            String form = say("domain-add");
            walker.type(say("domain"), "new.test", form);
            walker.type(say("password-postmaster"), Rig.PASSWORD, form);
            walker.press(say("domain-add"), form);
            assertTrue(rig.domains.domain("new.test").isPresent());
        });
        task("administrator: add a mailbox, and hand it over", 4, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            addMailbox("zoe");
        });
        task("administrator: give somebody a new password", 5, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            newPassword();
        });
        task("administrator: raise the limit of a domain", 5, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            walker.press(say("domain-tab-settings"));
            walker.type(say("limit-mailboxes"), "40", say("limits"));
            walker.press(say("save"), say("limits"));
            assertEquals(
                    40,
                    rig.domains.domain("example.test").orElseThrow().limits().mailboxes());
        });
        administratorLooksAfterTheSystem();
        task("administrator: remove a domain", 4, () -> {
            walker.press(say("domains"));
            walker.press(say("remove-what", "new.test"));
            walker.type(say("removal-type", "new.test"), "new.test");
            walker.press(say("remove-what", "new.test"));
            assertTrue(rig.domains.domain("new.test").isEmpty());
        });
    }

    private void administratorLooksAfterTheSystem() throws IOException {
        task("administrator: see why a message waits, and try it now", 2, () -> {
            walker.press(say("queue"));
            assertTrue(walker.text("article").contains("552 5.2.2 over quota"));
            walker.press(say("queue-try-what", "7"));
            assertEquals(List.of("retry 7"), rig.queue.asked);
        });
        task("administrator: give a message up, and tell its sender", 3, () -> {
            walker.press(say("queue"));
            walker.press(say("queue-bounce-what", "7") + "…");
            walker.press(say("queue-bounce"));
            assertEquals("bounce 7", rig.queue.asked.getLast());
        });
        task("administrator: see what is missing in a domain's DNS", 4, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            walker.press(say("domain-tab-dns"));
            assertTrue(walker.text("pre.copy").contains("example.test"));
            Set<String> asked = new CopyOnWriteArraySet<>();
            rig.looking = (rows, _, _) -> {
                asked.add(rows.domain());
                return List.of();
            };
            walker.press(say("dns-look"));
            await().until(() -> asked.contains("example.test"));
        });
        task("administrator: find who changed what", 3, () -> {
            walker.press(say("audit"));
            walker.type(say("search"), "new.test");
            walker.press(say("search"));
            assertTrue(walker.text("tbody").contains("new.test"), walker.text("main"));
        });
    }
}
