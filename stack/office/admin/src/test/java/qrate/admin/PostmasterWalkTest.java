package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Words;

/// The ten things that the postmaster of a domain does most.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
class PostmasterWalkTest extends WalkOnPages {
    @Test
    void thePostmasterOfADomain() throws IOException {
        each(1280, this::postmaster);
    }

    private void postmaster() throws IOException {
        task("postmaster: sign in, and see the mailboxes", 2, () -> {
            signIn("postmaster@example.test");
            assertTrue(walker.text("tbody").contains(ANN));
        });
        task("postmaster: add a mailbox, and hand it over", 2, () -> addMailbox("zoe"));
        task("postmaster: give somebody a new password", 3, this::newPassword);
        task("postmaster: give a mailbox more room", 3, () -> {
            walker.press(ANN);
            walker.type(words(Property.QUOTA), "1 GB");
            walker.press(say("save"), say("settings"));
            assertEquals(
                    Quota.typed("1 GB").orElseThrow(),
                    rig.domains.mailbox(ANN).orElseThrow().quota());
        });
        task("postmaster: add an alias", 4, () -> {
            walker.press(say("domain-tab-aliases"));
            walker.type(say("name-before", "example.test"), "office");
            walker.type(say("goes-to"), ANN);
            walker.press(say("alias-add"));
            assertTrue(rig.domains.aliases("example.test").stream()
                    .anyMatch(line -> line.address().equals("office@example.test")));
        });
        task("postmaster: add many mailboxes from a file", 4, () -> {
            walker.press(say("csv-link"));
            walker.type(say("csv-text"), "address\nuno@example.test\ndue@example.test");
            walker.press(say("csv-look"));
            walker.look("csv-looked-at");
            walker.press(say("csv-do"));
            walker.look("csv-done");
            assertTrue(rig.domains.mailbox("due@example.test").isPresent());
        });
        task("postmaster: make a mailing list with its first members", 6, () -> {
            walker.press(say("domain-tab-lists"));
            walker.press(say("list-add"));
            walker.type(say("name-before", "example.test"), "parents");
            walker.press(say("list-add"));
            walker.type(say("member-addresses"), "mum@far.test\ndad@far.test");
            walker.press(say("add"));
            assertTrue(walker.text("tbody").contains("dad@far.test"), walker.text("main"));
        });
        task("postmaster: accept a message that waits for a list", 4, () -> {
            walker.press(say("domain-tab-lists"));
            walker.press("1");
            walker.press(say("show-what", HostileList.SCRIPT));
            walker.press(say("post-accept"));
            assertEquals(1, rig.told.size());
        });
        task("postmaster: let out a message that was put aside", 3, () -> letOut(say("domain-tab-quarantine")));
        task("postmaster: remove a mailbox", 2, () -> {
            walker.press(say("remove-what", BOB));
            walker.press(say("remove-what", BOB));
            assertTrue(rig.domains.mailbox(BOB).isEmpty());
        });
    }

    private String words(Property property) {
        return Words.in(walker.language).of(property, "example.test");
    }
}
