package qrate.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Log;
import qrate.queue.Journal;

class QueuePartTest extends OnOldTree {
    @BeforeEach
    @Override
    void prepare() throws Exception {
        super.prepare();
        here.directory(Installation.directory());
    }

    @Test
    void onlyWhoIsOwedGetsItAndVirtualDomainsLoseTheirPrefix() throws Exception {
        old.queued(
                46,
                "x@far.test",
                "Told.test-ann@old.test|Dold.test-bob@old.test|Troot@mx.old.test|",
                "Ty@far.test|Dz@far.test|");
        old.queued(47, "#@[]", "Dold.test-ann@old.test|", "");
        old.file("qmail/queue/mess/2/48", "Received: x\nSubject: new\n\nx\n");
        old.file("qmail/queue/todo/48", "u1000\0p17\0Fbob@old.test\0Tann@old.test\0Tq@far.test\0");
        old.file("qmail/queue/mess/3/49", "Received: x\nSubject: half\n\nx\n");
        old.file("qmail/queue/intd/49", "u1000\0p17\0Fbob@old.test\0Tann@old.test\0");
        assertEquals(0, here.take(old, "--apply", "--replace", "--queue"), here.said());
        assertEquals(
                List.of(
                        "x@far.test to ann@old.test, root@mx.old.test, y@far.test: Subject: queued 46",
                        "bob@old.test to ann@old.test, q@far.test: Subject: new"),
                here.queued().stream().sorted((a, b) -> b.compareTo(a)).toList());
        assertTrue(here.said().contains("note: queue/mess/49: never accepted, so its sender will try again\n"));
    }

    @Test
    void aSecondRunHandsOverOnlyWhatIsNew() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test|", "");
        assertEquals(0, here.take(old, "--apply", "--replace", "--queue"), here.said());
        old.queued(70, "y@far.test", "", "Ty@far.test|");
        assertEquals(0, here.take(old, "--apply", "--replace", "--queue"), here.said());
        assertEquals(2, here.queued().size(), here.queued().toString());
        assertEquals(0, here.take(old, "--apply", "--replace", "--queue"), here.said());
        assertTrue(here.said().endsWith("import: nothing to do\n"), here.said());
    }

    @Test
    void withoutAskingTheQueueStays() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test|", "");
        assertEquals(0, here.take(old, "--apply", "--replace"), here.said());
        assertEquals(List.of(), here.queued());
        assertTrue(here.said().contains("note: queue: 1 messages for 1 recipients wait: --queue takes them"));
    }

    @Test
    void brokenEnvelopesAndBouncesThatWereNotSentAreNamed() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test", "");
        old.queued(47, "x@far.test", "", "Dz@far.test|");
        old.file("qmail/queue/bounce/47", "<z@far.test>:\nno such user\n\n");
        old.file("qmail/queue/mess/2/48", "Subject: x\n\nx\n");
        old.file("qmail/queue/todo/48", "Xwhat\0");
        assertEquals(100, here.take(old, "--apply", "--replace", "--queue"), here.said());
        assertEquals(List.of(), here.queued());
        for (String line : List.of(
                "left out: queue/mess/46: it ends within a record",
                "left out: queue/mess/48: a record that begins with X",
                "left out: queue/bounce/47: its sender has not heard: <z@far.test>:\\x0ano such user")) {
            assertTrue(here.said().contains("import: " + line + "\n"), line + "\n" + here.said());
        }
    }

    @Test
    void aQueueThatSendHasOpenIsTemporary() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test|", "");
        try (Journal send = Journal.open(here.state().queue(), InstantSource.system(), Log.silent())) {
            assertEquals(0, send.size());
            assertEquals(111, here.take(old, "--apply", "--replace", "--queue"));
        }
        assertTrue(here.said().contains("(send must be down while the old queue is taken)"), here.said());
        assertEquals(0, here.take(old, "--apply", "--replace", "--queue"), here.said());
        assertEquals(1, here.queued().size());
    }

    @Test
    void anOldQmailSendThatRunsIsSeenByItsLock() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test|", "");
        Path mutex = old.file("qmail/queue/lock/sendmutex", "");
        Process holder = new ProcessBuilder("flock", mutex.toString(), "sh", "-c", "echo held; read x").start();
        try {
            assertEquals("held", holder.inputReader().readLine());
            assertEquals(111, here.take(old, "--apply", "--replace", "--queue"));
            assertTrue(here.said().contains("the old qmail-send is running"), here.said());
        } finally {
            holder.getOutputStream().close();
            holder.waitFor();
        }
        assertEquals(0, here.take(old, "--apply", "--replace", "--queue"), here.said());
    }

    @Test
    void messagesThatWereDeletedFromTheQueueInBetweenAreNotHandedOverTwice() throws Exception {
        old.queued(46, "x@far.test", "Told.test-ann@old.test|", "");
        old.queued(70, "y@far.test", "Told.test-bob@old.test|", "");
        here.steps(what -> {
            if (what.startsWith("handed mess 46")) {
                throw new Killed();
            }
        });
        try {
            here.take(old, "--apply", "--replace", "--queue");
        } catch (Killed _) {
            // as it should be
        }
        here.steps(ChangeListener.unheard());
        try (Journal send = Journal.open(here.state().queue(), InstantSource.system(), Log.silent())) {
            List<Long> ids = new java.util.ArrayList<>();
            send.owed(owed -> ids.add(owed.id()));
            for (long id : ids) {
                send.drop(id);
            }
        }
        assertEquals(100, here.take(old, "--apply", "--replace", "--queue"), here.said());
        assertTrue(here.said().contains("whether it was handed over cannot be told"), here.said());
        assertEquals(List.of(), here.queued());
        assertTrue(Files.exists(old.qmail().resolve("queue/mess/0/46")));
    }
}
