package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.snapshots.Directory;

/// One message for many mailboxes, with common syncs, and others among them.
class TogetherTest {
    private static final int MAILBOXES = 2 * LocalSpawner.TOGETHER_MAX + 7;
    private static final Verdict KEPT = new Verdict.Delivered("did 1+0+0");

    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws Exception {
        setting = new Setting(root);
        setting.domain("example.org", "u0");
        for (int i = 1; i < MAILBOXES; i++) {
            setting.route("u" + i + "@example.org", Setting.mailbox("example.org", "u" + i, 0, List.of(), true));
        }
    }

    @AfterEach
    void close() {
        setting.close();
    }

    private static String to(int number) {
        return "example.org-u" + number + "@example.org";
    }

    private static Spawner.Job job(long id, List<String> recipients) {
        return Setting.job(id, "", Setting.MESSAGE, recipients.toArray(String[]::new));
    }

    private static List<String> everybody() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < MAILBOXES; i++) {
            all.add(to(i));
        }
        return all;
    }

    private int messages(int number) throws Exception {
        return setting.list("domains/example.org/u" + number + "/Maildir").size();
    }

    @Test
    void comesToEachMailboxOnceHoweverOftenItIsAskedFor() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<Verdict> verdicts = setting.deliver(job(7, everybody()));
            assertEquals(List.of(KEPT), verdicts.stream().distinct().toList());
            setting.restart();
        }
        for (int i = 0; i < MAILBOXES; i++) {
            assertEquals(1, messages(i), to(i));
        }
        assertEquals(
                "Return-Path: <>\nDelivered-To: " + to(3) + "\n" + Setting.MESSAGE,
                setting.read("domains/example.org/u3/Maildir", 0));
    }

    @Test
    void answersTwoJobsOfTheSameDeliveriesAtTheSameTime() throws Exception {
        List<CompletableFuture<List<Verdict>>> all = new ArrayList<>();
        setting.spawner();
        for (int i = 0; i < 6; i++) {
            List<String> recipients = i % 2 == 0 ? everybody() : everybody().subList(0, 10);
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return setting.deliver(job(7, recipients));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<List<Verdict>> one : all) {
            assertEquals(
                    List.of(KEPT),
                    one.get(60, TimeUnit.SECONDS).stream().distinct().toList());
        }
        for (int i = 0; i < MAILBOXES; i++) {
            assertEquals(1, messages(i), to(i));
        }
    }

    @Test
    void tellsThoseFromTheOthersThatDoSomethingElseOrCannot() throws Exception {
        setting.route("full@example.org", Setting.mailbox("example.org", "full", 1, List.of(), true));
        setting.route("copy@example.org", Setting.mailbox("example.org", "copy", 0, List.of("x@far.test"), true));
        setting.route(
                "out@example.org", new Directory.Route.Mailbox("out@example.org", "../out", 0, 0, List.of(), true));
        Files.writeString(root.resolve("control/virtualprograms"), "example.org\n");
        setting.put("domains/example.org/.qmail-slow", "|sleep 1; echo ran\n");
        setting.put("domains/example.org/u5/Maildir/tmp", "a file where a folder should be");
        List<String> all = new ArrayList<>(everybody());
        all.addAll(List.of(
                "example.org-full@example.org",
                "example.org-copy@example.org",
                "example.org-out@example.org",
                "example.org-slow@example.org",
                "example.org-nobody@example.org"));
        List<Verdict> verdicts = setting.deliver(job(7, all));
        for (int i = 0; i < MAILBOXES; i++) {
            assertEquals(i == 5 ? 'Z' : 'K', verdicts.get(i).code(), to(i) + ": " + verdicts.get(i));
        }
        List<Verdict> rest = verdicts.subList(MAILBOXES, verdicts.size());
        assertTrue(rest.get(0).text().contains("(#5.2.2)"), rest.toString());
        assertEquals("did 1+1+0 ok 1 qp 2", rest.get(1).text());
        assertTrue(rest.get(2).text().contains("not below the maildirs"), rest.toString());
        assertEquals("ran\ndid 0+0+1", rest.get(3).text());
        assertEquals('D', rest.get(4).code());
    }

    @Test
    void knowsAMessageThatGoesRoundForEachOfThem() throws Exception {
        String message = "Delivered-To: " + to(1) + "\n" + Setting.MESSAGE;
        List<Verdict> verdicts = setting.deliver(Setting.job(7, "", message, to(0), to(1), to(2)));
        assertEquals("KDK", verdicts.stream().map(v -> "" + v.code()).reduce("", String::concat));
        assertEquals(0, messages(1));
    }
}
