package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.PASSWORD;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.files;
import static qrate.images.embedded.Installation.letter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;

/// Each thing that can break: the log says what, the other side is told to come back, everybody else goes on, and
/// when it is mended so does the rest, with nothing lost.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
    /// Ways a file may be spoilt.
    enum Damage {
        /// as a file system leaves it that lost its data in a crash
        ZEROS {
            @Override
            byte[] of(byte[] good) {
                return new byte[good.length];
            }
        },
        /// anything
        NOISE {
            @Override
            byte[] of(byte[] good) {
                byte[] bytes = new byte[good.length];
                new Random(1).nextBytes(bytes);
                return bytes;
            }
        },
        /// cut short
        HALF {
            @Override
            byte[] of(byte[] good) {
                return Arrays.copyOf(good, good.length / 2);
            }
        },
        /// nothing in it
        EMPTY {
            @Override
            byte[] of(byte[] good) {
                return new byte[0];
            }
        };

        abstract byte[] of(byte[] good);
    }

    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        qrate = Installation.start(folder);
        qrate.people(20);
    }

    @BeforeEach
    void forgetLog() {
        qrate.forgetLog();
    }

    @AfterAll
    void stop() {
        qrate.close();
    }

    /// What is so while a file is damaged.
    @FunctionalInterface
    private interface Claim {
        void check(Damage damage) throws Exception;
    }

    /// Damages a file in one way after another, and mends it.
    private void whileDamaged(Path file, List<Damage> ways, Claim claim) throws Exception {
        byte[] good = Files.readAllBytes(file);
        for (Damage damage : ways) {
            qrate.forgetLog();
            qrate.replace(file, damage.of(good));
            claim.check(damage);
        }
        qrate.replace(file, good);
    }

    private void assertArrivesOnce(String user, String mark) {
        assertTrue(qrate.box(user, 1).getFirst().endsWith(letter(mark)));
        qrate.drained();
        assertEquals(1, qrate.box(user).size());
    }

    @Test
    void aMaildirThatCannotBeWrittenHoldsUpNobodyElse() throws IOException {
        String user = qrate.someone();
        String other = qrate.someone();
        Path inbox = qrate.maildir(user).resolve("new");
        Files.delete(inbox);
        Files.writeString(inbox, "in the way");
        assertTrue(qrate.send("blocked", user, other).startsWith("250 "));
        qrate.logged("deferral: Unable_to_deliver_to_domains/example.test/"
                + Address.of(user).local() + "/Maildir:_Not_a_directory");
        assertArrives(other, "blocked");
        assertEquals(1, qrate.running().send().stat().messages(), "bob's waits");
        Files.delete(inbox);
        Files.createDirectory(inbox);
        qrate.running().send().retryNow();
        assertArrivesOnce(user, "blocked");
        assertEquals(1, qrate.box(other).size(), "and ann has it once");
        assertEquals(List.of(), files(qrate.maildir(user).resolve("tmp")));
    }

    private void assertArrives(String user, String mark) {
        assertTrue(qrate.box(user, 1).getFirst().endsWith(letter(mark)));
    }

    @Test
    void aDamagedDomainFileIsATemporaryAnswer() throws Exception {
        String user = qrate.someone();
        Path file = qrate.state().users().resolve("domains/example.test.cdb");
        whileDamaged(file, List.of(Damage.values()), damage -> {
            String reply = qrate.send("damaged", user);
            assertTrue(reply.startsWith("451 4.3.0 "), damage + ": " + reply);
            assertTrue(qrate.log().contains("unable to check recipient: " + file + ": damaged"), qrate.log());
        });
        assertTrue(qrate.send("mended", user).startsWith("250 "));
        assertArrivesOnce(user, "mended");
    }

    @Test
    void aFileThatIsOverwrittenWhileItIsReadIsATemporaryAnswer() throws Exception {
        String user = qrate.someone();
        String other = qrate.someone();
        Path file = qrate.state().users().resolve("domains/example.test.cdb");
        byte[] good = Files.readAllBytes(file);
        assertTrue(qrate.send("mapped", user).startsWith("250 "));
        assertArrivesOnce(user, "mapped");
        try (Talk talk = qrate.smtp()) {
            talk.say("MAIL FROM:<>");
            assertTrue(talk.say("RCPT TO:<" + user + ">").startsWith("250 "));
            Files.write(file, new byte[0]); // the file that is mapped has no pages any more
            String reply = talk.say("RCPT TO:<" + other + ">");
            assertTrue(reply.startsWith("451 "), reply);
            Installation.settle();
            reply = talk.say("RCPT TO:<" + other + ">");
            assertTrue(reply.startsWith("451 "), reply);
            qrate.replace(file, good);
            reply = talk.say("RCPT TO:<" + other + ">");
            assertTrue(reply.startsWith("250 "), reply);
        }
    }

    @Test
    void aDamagedUsersFileIsATemporaryAnswer() throws Exception {
        String user = qrate.someone();
        Path file = qrate.state().users().resolve("cdb");
        assertTrue(qrate.send("good", user).startsWith("250 "));
        assertArrivesOnce(user, "good");
        List<Damage> ways = List.of(Damage.ZEROS, Damage.HALF);
        whileDamaged(file, ways, damage -> {
            String reply = qrate.send("waits", user);
            assertTrue(reply.startsWith("451 "), damage + ": nobody can tell who exists: " + reply);
            qrate.logged(file + ": damaged");
            assertEquals(1, qrate.box(user).size());
        });
        assertTrue(qrate.send("mended", user).startsWith("250 "));
        assertEquals(2, qrate.box(user, 2).size());
        qrate.drained();
    }

    @Test
    void withoutAUsersFileTheDirectoryDecides() throws Exception {
        String user = qrate.someone();
        Path file = qrate.state().users().resolve("cdb");
        byte[] good = Files.readAllBytes(file);
        Files.delete(file);
        assertTrue(qrate.send("directory", user).startsWith("250 "));
        assertArrivesOnce(user, "directory");
        qrate.replace(file, good);
    }

    @Test
    void withoutTheFolderOfTheDomainsNobodyIsTurnedAway() throws Exception {
        String user = qrate.someone();
        Path domains = qrate.state().users().resolve("domains");
        Path away = domains.resolveSibling("away");
        Files.move(domains, away);
        Installation.settle();
        String reply = qrate.send("folder", user);
        assertTrue(reply.startsWith("451 4.3.0 "), reply);
        Files.move(away, domains);
        Installation.settle();
        assertTrue(qrate.send("folder", user).startsWith("250 "));
        assertArrivesOnce(user, "folder");
    }

    @Test
    void aControlFileThatCannotBeReadIsATemporaryAnswer() throws Exception {
        String user = qrate.someone();
        List<String> names = List.of("badmailfrom", "badrcptto", "rcpthosts"); // in the order they are asked
        for (String name : names) {
            Path file = qrate.state().control().resolve(name);
            Files.deleteIfExists(file);
            Files.createDirectory(file);
        }
        for (String name : names) {
            Installation.settle();
            String reply = qrate.send("unreadable", "zoe@far.test");
            assertTrue(reply.startsWith("451 4.3.0 "), name + ": " + reply);
            assertTrue(qrate.log().contains(": control/" + name + ": "), "the log names it: " + qrate.log());
            Files.delete(qrate.state().control().resolve(name));
        }
        Installation.settle();
        assertTrue(qrate.send("stranger", "zoe@far.test").startsWith("553 "));
        assertTrue(qrate.send("readable", user).startsWith("250 "));
        assertArrivesOnce(user, "readable");
    }

    @Test
    void theDoorAnswersLaterWhileTheFilesThatSayWhoExistsCannotBeRead() throws Exception {
        String user = qrate.someone();
        Path file = qrate.state().control().resolve("virtualdomains");
        String good = Files.readString(file);
        Files.delete(file);
        Files.createDirectory(file);
        Installation.settle();
        String reply = qrate.send("unrouted", user);
        assertTrue(reply.startsWith("451 "), "nobody can tell who exists: " + reply);
        Files.delete(file);
        Files.writeString(file, good);
        Installation.settle();
        assertTrue(qrate.send("routed", user).startsWith("250 "));
        assertArrivesOnce(user, "routed");
    }

    @Test
    void whatTheDoorCannotSayWithoutItsNameItSaysLater() throws Exception {
        String user = qrate.someone();
        Path file = qrate.state().control().resolve("me");
        String good = Files.readString(file);
        Files.delete(file);
        Installation.settle();
        try (Talk talk = Talk.to(qrate.running().smtp().smtp().port())) {
            String greeting = talk.hear();
            assertTrue(greeting.startsWith("421 4.3.0 "), greeting);
        }
        assertTrue(qrate.log().contains("unable to read controls: control/me: missing"), qrate.log());
        Files.writeString(file, good);
        Installation.settle();
        assertTrue(qrate.send("named", user).startsWith("250 "));
        assertArrivesOnce(user, "named");
    }

    @Test
    void damagedPasswordsAreATemporaryAnswer() throws Exception {
        String user = qrate.someone();
        Path file = qrate.state().root().resolve("passwords/example.test.cdb");
        List<Damage> ways = List.of(Damage.ZEROS, Damage.NOISE);
        whileDamaged(file, ways, damage -> {
            String pop = qrate.login(user);
            assertTrue(pop.startsWith("-ERR [SYS/TEMP] "), damage + ": " + pop);
            try (Talk talk = Talk.submission(qrate.running().smtp().submission().port())) {
                String smtp = talk.auth(user, PASSWORD);
                assertTrue(smtp.startsWith("454 4.7.0 "), damage + ": " + smtp);
            }
            qrate.logged("checkpassword: password snapshot: " + file + ": damaged");
            qrate.logged("auth unavailable");
            assertTrue(qrate.send("mail", user).startsWith("250 "), "mail needs no password");
        });
        assertEquals(ways.size(), qrate.box(user, ways.size()).size());
    }

    @Test
    void mailAndLoginsGoOnWithoutTheDatabase() throws Exception {
        String user = qrate.someone();
        String other = qrate.someone();
        String third = qrate.someone();
        qrate.running().admin().close();
        Path db = qrate.state().db();
        Files.move(db, db.resolveSibling("away"));
        Files.writeString(db, "in the way");
        assertTrue(qrate.send("without", user, third).startsWith("250 "));
        assertArrivesOnce(user, "without");
        assertArrives(third, "without");
        try (Talk talk = qrate.submission(other)) {
            assertTrue(talk.message(other, List.of(other), letter(other, "own")).startsWith("250 "));
        }
        assertTrue(qrate.box(other, 1).getFirst().endsWith(letter(other, "own")));
        qrate.stop();
        qrate.start();
        qrate.logged("admin: alert: unable to start, will try again");
        String fourth = qrate.someone();
        assertTrue(qrate.send("restarted without", fourth).startsWith("250 "));
        assertArrivesOnce(fourth, "restarted without");
        Files.delete(db);
        Files.move(db.resolveSibling("away"), db);
        Awaitility.await()
                .atMost(SOON)
                .until(() -> qrate.running().admin().door().isPresent());
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddMailbox("again@example.test", new Password.Clear(PASSWORD))));
        }
        Awaitility.await()
                .atMost(SOON)
                .until(() -> qrate.send("again", "again@example.test").startsWith("250 "));
        assertArrivesOnce("again@example.test", "again");
    }

    @Test
    void aDamagedRecordOfTheJournalCostsNoOtherMessage(@TempDir Path folder) throws IOException {
        String user = "bob@example.test";
        try (Installation held = Installation.prepare(folder, Map.of())) {
            Path hold = held.state().control().resolve("concurrencylocal");
            Files.writeString(hold, "0\n");
            held.start();
            for (String mark : List.of("first", "second", "third")) {
                assertTrue(held.send(mark, user).startsWith("250 "));
            }
            held.stop();
            Files.delete(hold);
            damage(held.state().queue(), "This is second");
            held.start();
            List<String> box = held.box(user, 2);
            held.drained();
            assertEquals(2, held.box(user).size());
            assertTrue(box.stream().anyMatch(text -> text.endsWith(letter("first"))));
            assertTrue(box.stream().anyMatch(text -> text.endsWith(letter("third"))));
            assertTrue(held.log().contains("damaged bytes at"), held.log());
            List<Path> aside = files(held.state().queue().resolve("corrupt"));
            assertEquals(1, aside.size(), "set aside");
            assertTrue(new String(Files.readAllBytes(aside.getFirst()), UTF_8).contains("Subject: second"));
            assertTrue(held.send("fourth", user).startsWith("250 "), "and the queue goes on");
            held.box(user, 3);
        }
    }

    /// Flips one bit where a text stands in the journal.
    private static void damage(Path queue, String text) throws IOException {
        for (Path segment : files(queue.resolve("journal"))) {
            byte[] bytes = Files.readAllBytes(segment);
            int at = new String(bytes, ISO_8859_1).indexOf(text);
            if (at >= 0) {
                bytes[at] ^= 0x10;
                Files.write(segment, bytes);
                return;
            }
        }
        throw new IOException("no segment holds " + text);
    }
}
