package qrate.smoketests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An old qmail and vpopmail move into the containers by `./qrate import`, as docs/migration.md says.
@Timeout(240)
class ImportInContainersTest extends OnStack {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);

    /// SHA-512 crypt of "old horse".
    private static final String HASH =
            "$6$saltstring$62eHz2h/fHVb6y4OLwiDj3bJchOpCuDOoP5GYsiirLeMUUwUyMTAt/XTi.AiMHUQEh9yE6rPKpOVt8UbWh2F5.";

    @TempDir
    static Path folder;

    @BeforeAll
    @Override
    void up() throws IOException {
        file("qmail/control/me", "mx.old.test\n");
        file("qmail/control/rcpthosts", "old.test\n");
        file("qmail/control/virtualdomains", "old.test:old.test\n");
        file("qmail/users/assign", "+old.test-:old.test:89:89:/home/vpopmail/domains/old.test:-::\n.\n");
        String rest = ":" + HASH + ":1:0:x:/home/vpopmail/domains/old.test/";
        file(
                "vpopmail/domains/old.test/vpasswd",
                "postmaster" + rest + "postmaster:NOQUOTA\ndan" + rest + "dan:NOQUOTA\n");
        Files.createDirectories(folder.resolve("old/vpopmail/domains/old.test/postmaster/Maildir/cur"));
        file("vpopmail/domains/old.test/.qmail-sales", "&dan@old.test\n");
        file("vpopmail/domains/old.test/dan/Maildir/new/1600000001.100.old", "Subject: first\n\nold\n");
        file("vpopmail/domains/old.test/dan/Maildir/cur/1600000002.101.old:2,S", "Subject: second\n\nold\n");
        file("vpopmail/domains/old.test/.qmail-team", "|ezmlm-send team\n");
        file("vpopmail/domains/old.test/.qmail-team-default", "|ezmlm-manage team\n");
        file("vpopmail/domains/old.test/team/subscribers/A", "Tdan@old.test\0");
        file("vpopmail/domains/old.test/team/prefix", "[Team #]\n");
        file("vpopmail/domains/old.test/team/archived", "");
        file("vpopmail/domains/old.test/team/num", "41:7\n");
        file("qmail/queue/mess/0/46", "Received: (qmail 17)\nSubject: queued\n\nlate\n");
        file("qmail/queue/info/0/46", "Fsomeone@far.test\0");
        file("qmail/queue/local/0/46", "Told.test-sales@old.test\0Dold.test-postmaster@old.test\0");
        stack = Stack.prepared();
    }

    private static void file(String name, String text) throws IOException {
        Path path = folder.resolve("old").resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Ran qrate(String... arguments) throws IOException {
        return stack.qrate(folder.resolve("state"), arguments);
    }

    private Ran take(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("import"));
        all.addAll(List.of(options));
        all.add(folder.resolve("old/qmail").toString());
        all.add(folder.resolve("old/vpopmail").toString());
        return qrate(all.toArray(String[]::new));
    }

    /// Ids and texts of a mailbox, in POP3's order.
    private List<String> read(String user) throws IOException {
        List<String> all = new ArrayList<>();
        try (RawClient wire =
                RawClient.secured(stack.target(), stack.target().ports().pop3s())) {
            wire.line();
            wire.pop3("USER " + user, "+OK");
            wire.pop3("PASS old horse", "+OK");
            int count = Integer.parseInt(wire.pop3("STAT", "+OK").split(" ", -1)[1]);
            for (int i = 1; i <= count; i++) {
                String id = wire.pop3("UIDL " + i, "+OK").split(" ", -1)[2];
                wire.pop3("RETR " + i, "+OK");
                all.add(id + " " + new String(wire.pop3Lines(), UTF_8));
            }
            wire.pop3("QUIT", "+OK");
        }
        return all;
    }

    @Test
    void usersLogInWithTheirPasswordsFindTheirMailWhatWasQueuedComesAndTheirListGoesOn() throws IOException {
        qrate("up", "--compose").orFail();
        Ran running = take("--apply", "--replace", "--queue");
        assertEquals(111, running.code(), running.text());
        assertTrue(running.text().contains("the containers are running: ./qrate down first"), running.text());
        qrate("down").orFail();
        Ran dry = take("--replace", "--queue");
        assertEquals(0, dry.code(), dry.text());
        assertTrue(dry.text().contains("old.test"), dry.text());
        take("--apply", "--replace", "--queue").orFail();
        Ran again = take("--apply", "--replace", "--queue");
        assertEquals(0, again.code(), again.text());
        assertTrue(again.text().contains("import: nothing to do"), again.text());
        qrate("up").orFail();
        await().atMost(ARRIVAL_MAX).until(() -> read("dan@old.test").size() == 3);
        List<String> box = read("dan@old.test");
        assertTrue(box.get(0).startsWith("1600000001.100.old "), box.getFirst());
        assertTrue(box.get(1).startsWith("1600000002.101.old "), box.get(1));
        assertTrue(box.get(2).contains("Subject: queued"), box.get(2));
        assertEquals(List.of(), read("postmaster@old.test"));
        stack.inside("send", "printf 'Subject: hi\\n\\nx\\n' | qrate qmail-inject -fdan@old.test team@old.test")
                .orFail();
        await().atMost(ARRIVAL_MAX).until(() -> read("dan@old.test").size() == 4);
        String post = read("dan@old.test").get(3);
        assertTrue(post.contains("Subject: [Team 42] hi"), post);
        Ran explained = qrate("explain", "sales@old.test");
        assertEquals(0, explained.code(), explained.text());
        assertTrue(explained.text().contains("dan@old.test"), explained.text());
    }
}
