package qrate.local.deliver;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.address.Found;
import qrate.address.User;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.local.plan.DotQmail;
import qrate.local.plan.Homes;
import qrate.local.plan.Instructions;
import qrate.local.plan.Place;
import qrate.local.plan.Refusals;
import qrate.maildir.MaildirQuota;
import qrate.testkit.Seeds;
import qrate.wordings.Wordings;

class LocalDeliveryTest {
    private static final String ANN = "example.org-ann@example.org";

    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws Exception {
        setting = new Setting(root);
        setting.assign("joe\0", "joe", "joe", "", "");
        setting.assign("joe-", "joe", "joe", "-", "");
        Files.createDirectories(setting.maildirs().resolve("joe"));
        setting.domain("example.org", "ann");
    }

    @AfterEach
    void close() {
        setting.close();
    }

    @Test
    void deliversToAnAssignedUserByDefaultIntoItsMaildir() throws Exception {
        assertEquals('K', setting.deliver("JOE@h").code());
        assertEquals(1, setting.list("joe/Maildir").size());
        assertEquals('D', setting.deliver("joe-x@h").code());
        setting.put("joe/.qmail-x", "./Maildir/\n");
        assertEquals('K', setting.deliver("joe-x@h").code());
        assertEquals(2, setting.list("joe/Maildir").size());
    }

    @Test
    void takesTheLongestPrefixAndKeepsTheCaseOfTheRest() throws Exception {
        setting.assign("joe-list-", "lists", "joe", "-", "list-");
        setting.put("joe/.qmail-list-default", "|echo \"$USER $EXT $DEFAULT\" > out\n");
        assertEquals('K', setting.deliver("joe-list-AbC@h").code());
        assertEquals("lists list-AbC AbC\n", out("joe"));
    }

    @Test
    void givesTheRestToAlias() throws Exception {
        assertEquals('D', setting.deliver("root@h").code());
        setting.put("alias/.qmail-root", "joe@h\n");
        assertEquals('K', setting.deliver("root@h").code());
        assertEquals(
                "joe@h",
                setting.forwarded.getFirst().envelope().recipients().getFirst().address());
        setting.put("alias/.qmail-default", "all@h\n");
        assertEquals('K', setting.deliver("whoever@h").code());
    }

    /// qmail-getpw(8): alias is a user as well, so that virtualdomains may lead to `alias-NAME`.
    @Test
    void givesToAliasByName() throws Exception {
        setting.put("alias/.qmail-shop-default", "shop@h\n");
        assertEquals('K', setting.deliver("Alias-shop-bob@shop.example").code());
        assertEquals('D', setting.deliver("alias-other-bob@shop.example").code());
    }

    @Test
    void waitsWhereTheHomeOrTheUserIsNotOurs() throws Exception {
        setting.assign(
                "abs\0", "abs", "99999", setting.maildirs().resolve("joe").toString(), "", "");
        setting.assign("out\0", "out", "../..", "", "");
        setting.assign("gone\0", "gone", "gone", "", "");
        for (String user : List.of("abs", "out", "gone")) {
            assertEquals('Z', setting.deliver(user + "@h").code(), user);
        }
        assertEquals(
                new Verdict.Later(
                        "Unable to deliver as user abs: uid 99999 is not mine, and I have no power to change it."
                                + " (#4.3.5)"),
                setting.deliver("abs@h"));
        assertEquals(new Verdict.Later("Home of out is not below the maildirs. (#4.3.5)"), setting.deliver("out@h"));
    }

    @Test
    void waitsForADamagedUsersFileAndGoesOnWithTheNext() throws Exception {
        assertEquals('K', setting.deliver("joe@h").code());
        byte[] good = Files.readAllBytes(root.resolve("users/cdb"));
        Files.delete(root.resolve("users/cdb"));
        Files.write(root.resolve("users/cdb"), new byte[100]);
        // whoever stood in the file before is believed to for a second
        Verdict damaged = await().until(() -> setting.deliver("joe@h"), verdict -> verdict.code() == 'Z');
        assertEquals("Temporary trouble with local delivery. (#4.3.0)", damaged.text());
        assertTrue(setting.logged.toString(StandardCharsets.UTF_8).contains("damaged cdb"));
        Files.delete(root.resolve("users/cdb"));
        Files.write(root.resolve("users/cdb"), good);
        assertEquals('K', setting.deliver("joe@h").code());
    }

    @Test
    void waitsForAMaildirThatCannotBeWrittenWhileOthersGoOn() throws Exception {
        setting.put("domains/example.org/ann/Maildir/tmp", "a file where a folder should be");
        List<Verdict> verdicts = setting.deliver(Setting.job(9, "", Setting.MESSAGE, ANN, "joe@h"));
        assertEquals('Z', verdicts.getFirst().code());
        assertEquals('K', verdicts.getLast().code());
        Files.delete(setting.maildirs().resolve("domains/example.org/ann/Maildir/tmp"));
        assertEquals('K', setting.deliver(9, "", Setting.MESSAGE, ANN).code());
        assertEquals(1, setting.list("domains/example.org/ann/Maildir").size());
    }

    @Test
    void refusesASecondOneOnTheSameVolume() throws Exception {
        assertEquals('K', setting.deliver("joe@h").code());
        try (Setting second = new Setting(root)) {
            assertTrue(assertThrows(IOException.class, second::spawner)
                    .getMessage()
                    .contains("another lspawn"));
        }
        setting.restart();
        assertEquals('K', setting.deliver("joe@h").code());
    }

    @Test
    void deliversNothingOnceItIsStopping() throws Exception {
        setting.spawner().close();
        assertEquals(
                new Verdict.Later(Spawner.NO_ANSWER + " lspawn, which is stopping (#4.3.2)"), setting.deliver("joe@h"));
    }

    @Test
    void makesTheMailboxItsOwnFileNames() throws Exception {
        setting.put("domains/example.org/ann/.qmail", "./Maildir/\n&copy@example.net\n");
        assertEquals(new Verdict.Delivered("did 1+1+0\nqp 2"), setting.deliver(ANN));
        assertEquals(1, setting.list("domains/example.org/ann/Maildir").size());
    }

    @Test
    void cleansWhatOthersLeftInTmpButNothingFresh() throws Exception {
        setting.put("joe/Maildir/tmp/old", "");
        setting.put("joe/Maildir/tmp/fresh", "");
        Files.setLastModifiedTime(
                setting.maildirs().resolve("joe/Maildir/tmp/old"),
                FileTime.from(Instant.now().minus(Duration.ofHours(37))));
        assertEquals('K', setting.deliver("joe@h").code());
        assertEquals(
                List.of("fresh"),
                List.of(setting.maildirs().resolve("joe/Maildir/tmp").toFile().list()));
    }

    @Test
    void followsAllLinesInOrderAndForwardsOnce() throws Exception {
        setting.put("joe/.qmail", "./Maildir/\n|cat > out\n./mbox\na@x\n&b@y\n");
        Files.createDirectories(setting.maildirs().resolve("joe/Maildir/tmp"));
        Files.createDirectories(setting.maildirs().resolve("joe/Maildir/new"));
        assertEquals(new Verdict.Delivered("did 2+2+1\nqp 2"), setting.deliver("joe@h"));
        assertEquals(Setting.MESSAGE, out("joe"));
        assertEquals(1, setting.list("joe/Maildir").size());
        assertEquals(1, setting.forwarded.size());
        assertEquals(2, setting.forwarded.getFirst().envelope().recipients().size());
    }

    @Test
    void deliversNoSecondTimeIntoAMaildirWhenALaterLineFailed() throws Exception {
        setting.put("joe/Maildir/tmp/x", "");
        setting.put("joe/.qmail", "./Maildir/\n|exit 111\n");
        for (int attempt = 0; attempt < 3; attempt++) {
            assertEquals('Z', setting.deliver(5, "", Setting.MESSAGE, "joe@h").code());
        }
        assertEquals(1, setting.list("joe/Maildir").size());
    }

    @Test
    void mapsExitCodesAsDocumented() throws Exception {
        for (int code : List.of(100, 64, 65, 70, 76, 77, 78, 112)) {
            setting.put("joe/.qmail", "|echo why not; exit " + code + "\n");
            assertEquals(new Verdict.Never("why not"), setting.deliver("joe@h"));
        }
        for (int code : List.of(1, 71, 74, 75, 111)) {
            setting.put("joe/.qmail", "|echo wait; exit " + code + "\n");
            assertEquals(new Verdict.Later("wait"), setting.deliver("joe@h"));
        }
        setting.put("joe/.qmail", "&before@x\n|exit 99\n&after@x\n");
        assertEquals('K', setting.deliver("joe@h").code());
        assertEquals(1, setting.forwarded.getFirst().envelope().recipients().size());
        setting.put("joe/.qmail", "|kill -9 $$\n");
        assertEquals(new Verdict.Later("Aack, child crashed. (#4.3.0)"), setting.deliver("joe@h"));
    }

    @Test
    void tellsProgramsWhatQmailCommandSaysAndNothingElse() throws Exception {
        setting.put("joe/.qmail-a-default", "|env | sort > out\n");
        setting.deliver("s@sender.org", Setting.MESSAGE, "joe-a-B-c@mail.example.co.org");
        TreeSet<String> names = new TreeSet<>();
        List<String> lines = out("joe").lines().toList();
        lines.stream().filter(l -> l.contains("=")).forEach(l -> names.add(l.substring(0, l.indexOf('='))));
        names.removeAll(List.of("_", "PWD", "SHLVL", "OLDPWD"));
        assertEquals(
                "DEFAULT DTLINE EXT EXT2 EXT3 EXT4 HOME HOST HOST2 HOST3 HOST4 LOCAL NEWSENDER PATH RECIPIENT"
                        + " RPLINE SENDER UFLINE USER",
                String.join(" ", names));
        assertTrue(lines.containsAll(List.of(
                "DEFAULT=B-c",
                "EXT=a-B-c",
                "EXT2=B-c",
                "EXT3=c",
                "EXT4=",
                "HOST2=mail.example.co",
                "HOST3=mail.example",
                "HOST4=mail",
                "LOCAL=joe-a-B-c",
                "SENDER=s@sender.org")));
    }

    @Test
    void runsNoShellWhereNoneIsNeeded() {
        assertEquals(List.of("cat", "-u"), Programs.words(" cat -u"));
        assertEquals(List.of("/bin/x", "a@b"), Programs.words("/bin/x a@b"));
        for (String line : List.of("exit 99", "cat; id", "cat $SENDER", "x > y", "no-such-program a", "'cat'")) {
            assertEquals("/bin/sh", Programs.words(line).getFirst(), line);
        }
    }

    @Test
    void stopsAProgramThatRunsTooLongAndCutsWhatItSays() throws Exception {
        Programs programs = new Programs(Duration.ofMillis(300), 1);
        qrate.core.Body none = qrate.core.Body.of(new byte[0]);
        long start = System.nanoTime();
        assertEquals(
                new Programs.Outcome.Stopped(), programs.run("sleep 60 & sleep 60", root, java.util.Map.of(), none));
        assertTrue(System.nanoTime() - start < 10_000_000_000L);
        Programs patient = new Programs(Duration.ofSeconds(20), 1);
        Programs.Outcome much = patient.run("yes | head -c 300000; exit 1", root, java.util.Map.of(), none);
        assertEquals(1, ((Programs.Outcome.Exited) much).code());
        assertTrue(((Programs.Outcome.Exited) much).output().length() <= Programs.OUTPUT_BYTES_MAX);
        assertEquals(
                new Programs.Outcome.Busy(), new Programs(Duration.ZERO, 0).run("x", root, java.util.Map.of(), none));
    }

    @Test
    void saysWhyAProgramDidNotRunToItsEnd() throws Exception {
        assertEquals(
                new Verdict.Later("The program ran too long. (#4.3.0)"),
                program(new Programs(Duration.ofMillis(100), 1), "sleep 60"));
        assertEquals(
                new Verdict.Later("Too many programs are running. (#4.3.2)"),
                program(new Programs(Duration.ofMillis(100), 0), "true"));
    }

    private Verdict program(Programs programs, String command) throws IOException {
        Homes homes = new Homes(setting.maildirs());
        DotQmail files = new DotQmail(homes);
        Log log = Log.silent();
        Maildirs none = new HandMaildirs(new RealDisk(root), "host", 1, log);
        Actions actions = new Actions(
                homes,
                none,
                Actions.Forwards.byHand((_, _) -> new Verdict.Delivered("ok")),
                new Control(root, InstantSource.system()),
                InstantSource.system(),
                new QuotaWarnings(homes, none, Wordings.builtIn(), InstantSource.system(), log));
        Spawner.Job job = Setting.job(1, "", Setting.MESSAGE, "joe@h");
        Mailing mailing = Mailing.of(job, job.deliveries().getFirst());
        User user = new User("joe", User.OWN, User.OWN, "joe", "", "");
        MaildirQuota.Limit unlimited = new MaildirQuota.Limit(0, 0);
        Place place = new Place(user, setting.maildirs().resolve("joe"), "", Optional.empty(), unlimited, true, false);
        Found.File file = (Found.File) Found.parse("|" + command + "\n", false, Optional.empty());
        return new DotQmailDelivery(files, new Instructions(homes, programs::isKnown), actions, programs, log)
                .run(mailing, place, file);
    }

    @Test
    void tellsAFullDiskFromOtherTrouble() {
        assertEquals(
                new Verdict.Later("Unable to write x: No space left on device. (#4.3.1)"),
                Refusals.trouble("Unable to write x", new FileSystemException("x", null, "No space left on device")));
        assertEquals(
                new Verdict.Later("Unable to deliver to x: Read-only file system. (#4.2.0)"),
                Refusals.undelivered("x", new FileSystemException("x", null, "Read-only file system")));
    }

    @Test
    void refusesProgramsOfADomainUntilTheyAreAllowed() throws Exception {
        setting.put("domains/example.org/.qmail-default", "|cat > out\n");
        Verdict refused = setting.deliver(ANN);
        assertEquals('Z', refused.code());
        assertTrue(refused.text().contains("4.7.0"));
        assertTrue(setting.logged.toString(StandardCharsets.UTF_8).contains("program refused"));
        setting.restart();
        Files.writeString(root.resolve("control/virtualprograms"), "example.org\n");
        assertEquals('K', setting.deliver(ANN).code());
        assertEquals(Setting.MESSAGE, out("domains/example.org"));
    }

    @Test
    void understandsVdelivermail() throws Exception {
        String file = "domains/example.org/.qmail-default";
        setting.put(file, "| /home/vpopmail/bin/vdelivermail '' bounce-no-mailbox\n");
        assertEquals('K', setting.deliver(ANN).code());
        assertEquals('D', setting.deliver("example.org-no@example.org").code());
        setting.put(file, "| vdelivermail '' delete\n");
        assertEquals(
                new Verdict.Delivered("Nobody has this address, and its mail is thrown away.\ndid 0+0+0"),
                setting.deliver("example.org-no@example.org"));
        setting.put(file, "| vdelivermail '' rest@example.net\n");
        assertEquals('K', setting.deliver("example.org-no@example.org").code());
        assertEquals(
                "rest@example.net",
                setting.forwarded.getFirst().envelope().recipients().getFirst().address());
        assertEquals(1, setting.list("domains/example.org/ann/Maildir").size());
    }

    @Test
    void letsTheDomainsFilesAndTheMailboxsOwnFileDecide() throws Exception {
        setting.put("domains/example.org/.qmail-info", "&ann@example.org\n");
        assertEquals('K', setting.deliver("example.org-info@example.org").code());
        assertEquals(1, setting.forwarded.size());
        setting.put("domains/example.org/ann/.qmail", "&elsewhere@example.net\n");
        assertEquals('K', setting.deliver(ANN).code());
        assertEquals(2, setting.forwarded.size());
        assertFalse(Files.exists(setting.maildirs().resolve("domains/example.org/ann/Maildir")));
    }

    @Test
    void namesTheOwnerOfAListAsItsSender() throws Exception {
        setting.put("joe/.qmail-list", "a@x\n");
        setting.put("joe/.qmail-list-owner", "joe@h\n");
        setting.deliver("s@x", Setting.MESSAGE, "joe-list@h");
        setting.deliver("", Setting.MESSAGE, "joe-list@h");
        setting.put("joe/.qmail-list-owner-default", "joe@h\n");
        setting.deliver("s@x", Setting.MESSAGE, "joe-list@h");
        setting.deliver("#@[]", Setting.MESSAGE, "joe-list@h");
        assertEquals(
                List.of("joe-list-owner@h", "", "joe-list-owner-@h-@[]", "#@[]"),
                setting.forwarded.stream().map(f -> f.envelope().sender()).toList());
    }

    /// RFC 3461 §5.2: what has come to a list or a program has arrived; what was sent on for its sender has not.
    @Test
    void tellsASentOnMessageFromOneThatHasArrived() throws Exception {
        setting.put("joe/.qmail-fwd", "a@x\n");
        setting.put("joe/.qmail-both", "|true\na@x\n");
        setting.put("joe/.qmail-list", "a@x\n");
        setting.put("joe/.qmail-list-owner", "joe@h\n");
        Map<String, String> said = Map.of(
                "joe-fwd@h", Spawner.EXPANDED + "\ndid 0+1+0\nqp 2",
                "joe-both@h", "did 0+1+1\nqp 2",
                "joe-list@h", "did 0+1+0\nqp 2");
        for (Map.Entry<String, String> one : said.entrySet()) {
            Spawner.Delivery delivery = new Spawner.Delivery(0, new Recipient(one.getKey(), "NOTIFY=SUCCESS"));
            Spawner.Job job =
                    new Spawner.Job(1, Setting.BIRTH, "s@x", "", Body.of(new byte[] {'\n'}), "", List.of(delivery));
            assertEquals(
                    new Verdict.Delivered(one.getValue()), setting.deliver(job).getFirst());
        }
        assertEquals(
                List.of("", "NOTIFY=NEVER", "NOTIFY=NEVER"),
                setting.forwarded.stream()
                        .map(f -> f.envelope().recipients().getFirst().parameters())
                        .sorted()
                        .toList());
    }

    @Test
    void refusesFilesAndProgramsInAnExecutableFile() throws Exception {
        for (String line : List.of("./Maildir/", "./mbox", "|cat")) {
            setting.put("joe/.qmail", line + "\n");
            Files.setPosixFilePermissions(
                    setting.maildirs().resolve("joe/.qmail"), PosixFilePermissions.fromString("rwxr-----"));
            Verdict waits = setting.deliver("joe@h");
            assertEquals('Z', waits.code());
            assertTrue(waits.text().endsWith(" delivery but has x bit set. (#4.7.0)"), waits.text());
        }
        setting.put("joe/.qmail", "a@b\n");
        assertEquals('K', setting.deliver("joe@h").code());
    }

    @Test
    void writesMboxAsMboxSays() throws Exception {
        setting.put("joe/.qmail", "./mbox\n");
        setting.deliver("s@x", "A: b\n\nFrom me\n>From you\nFromage\nno end", "joe@h");
        setting.deliver("", "A: c\n\n", "joe@h");
        String mbox = Files.readString(setting.maildirs().resolve("joe/mbox"));
        assertEquals(
                """
                From s@x D
                Return-Path: <s@x>
                Delivered-To: joe@h
                A: b

                >From me
                >>From you
                Fromage
                no end

                From MAILER-DAEMON D
                Return-Path: <>
                Delivered-To: joe@h
                A: c


                """,
                mbox.replaceAll("(?m)^(From \\S+) [A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d [\\d:]{8} \\d{4}$", "$1 D"));
    }

    @Test
    void namesNoMailboxOutsideTheMaildirs() throws Exception {
        Files.createDirectories(root.resolve("outside/tmp"));
        Files.createDirectories(root.resolve("outside/new"));
        Files.createSymbolicLink(setting.maildirs().resolve("joe/link"), root.resolve("outside"));
        for (String line :
                List.of("./../../outside/", "../outside/", root + "/outside/", "./link/", "./link/mbox", "./")) {
            setting.put("joe/.qmail", line + "\n");
            assertEquals(
                    new Verdict.Later("Uh-oh: .qmail names a mailbox that is not below the maildirs. (#4.3.5)"),
                    setting.deliver("joe@h"),
                    line);
        }
        assertEquals(List.of(), List.of(root.resolve("outside/new").toFile().list()));
    }

    @Test
    void leavesTheMaildirsForNoAddress() throws Exception {
        setting.assign("", "every", "joe", "-", "");
        setting.put("joe/.qmail-default", "#\n");
        List<String> before = outside();
        Seeds.forAll(400, random -> {
            String local = address(random);
            for (String recipient :
                    List.of(local + "@h", "example.org-" + local + "@example.org", local + "@" + local)) {
                try {
                    setting.deliver(recipient);
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains("1000 bytes"), e.toString());
                } catch (Exception e) {
                    throw new AssertionError(recipient, e);
                }
            }
        });
        assertEquals(before, outside());
    }

    private static String address(Random random) {
        List<String> parts = List.of(
                "..", "/", ".", "-", "\\", "joe", "ann", "default", "\u00e4", "~", "%", "|", "&", " ", "\t", "A");
        StringBuilder local = new StringBuilder();
        for (int i = random.nextInt(9); i >= 0; i--) {
            local.append(parts.get(random.nextInt(parts.size())));
        }
        return random.nextInt(50) == 0 ? local + "x".repeat(600) : local.toString();
    }

    /// Everything below the test's folder, but the notes and the two mailboxes.
    private List<String> outside() throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            return new ArrayList<>(files.map(p -> root.relativize(p).toString())
                    .filter(p -> !p.matches("maildirs/(\\.notes|joe/Maildir|domains/example.org/ann).*"))
                    .sorted()
                    .toList());
        }
    }

    private String out(String home) throws Exception {
        return Files.readString(setting.maildirs().resolve(home).resolve("out"));
    }
}
