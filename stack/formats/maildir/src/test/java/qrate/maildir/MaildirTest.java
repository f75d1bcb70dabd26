package qrate.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Program;
import qrate.core.RealDisk;
import qrate.maildir.MaildirQuota.Limit;
import qrate.testkit.Seeds;

class MaildirTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path root;

    private Path maildir;

    @BeforeEach
    void make() throws IOException {
        Maildir.make(new RealDisk(root), "a/Maildir");
        maildir = root.resolve("a/Maildir");
    }

    @Test
    void namesTheSameDeliveryTheSame() throws IOException {
        Body body = Body.of("Subject: a\n\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("1764000000.Q17R2.mail\\057\\072x,S=12,W=14", MaildirName.of(1764000000, 17, 2, "mail/:x", body));
        assertEquals(12, MaildirName.size("1764000000.Q17R2.h,S=12:2,FS"));
        assertEquals("FS", MaildirName.flags("1764000000.Q17R2.h,S=12:2,FS"));
        assertEquals("1764000000.Q17R2.h,S=12", MaildirName.unique("1764000000.Q17R2.h,S=12:2,FS"));
        assertTrue(MaildirName.isDelivery("1764000000.Q17R2.h,S=12"));
        assertFalse(MaildirName.isDelivery("1764000000.M17P2.h,S=12"));
    }

    @Test
    void takesNoSizeThatIsNone() {
        for (String name :
                List.of("1.Q1R0.h", "1.h,S=", "1.h,S=x", "1.h,S=12x", "1.h,S=-1", "1.h,S=" + "9".repeat(40))) {
            assertEquals(-1, MaildirName.size(name), name);
        }
        assertEquals(7, MaildirName.size("1.h,S=7,W=9:2,S"));
        assertEquals(9, MaildirName.sentSize("1.h,S=7,W=9:2,S"));
        assertEquals(-1, MaildirName.sentSize("1.h,S=7:2,W=9"));
    }

    @Test
    void listsNewAndCurByArrivalWithoutOpening() throws IOException {
        put("new/1764000000.Q10R0.h,S=5", "wrong size, not opened");
        put("new/1764000000.Q9R0.h,S=6", "");
        put("cur/999.P1.h:2,S", "1234");
        put("cur/.hidden", "");
        Files.createDirectory(maildir.resolve("cur/folder"));
        assertEquals(
                List.of(
                        new MaildirReader.Entry("999.P1.h", "cur/999.P1.h:2,S", 4),
                        new MaildirReader.Entry("1764000000.Q9R0.h,S=6", "new/1764000000.Q9R0.h,S=6", 6),
                        new MaildirReader.Entry("1764000000.Q10R0.h,S=5", "new/1764000000.Q10R0.h,S=5", 5)),
                MaildirReader.list(maildir));
        assertEquals("S", MaildirReader.list(maildir).getFirst().flags());
    }

    @Test
    void countsAMessageOnItsWayToCurOnce() throws IOException {
        put("new/1.h,S=5", "");
        put("cur/1.h,S=5:2,S", "");
        assertEquals("cur/1.h,S=5:2,S", MaildirReader.list(maildir).getFirst().file());
        assertEquals(1, MaildirReader.list(maildir).size());
    }

    @Test
    void listsNothingWhereNoMaildirIs() throws IOException {
        assertEquals(List.of(), MaildirReader.list(root.resolve("none")));
    }

    @Test
    void sortsAnyNamesInATotalOrder() {
        Seeds.forAll(100, random -> {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                StringBuilder name = new StringBuilder();
                for (int k = random.nextInt(6); k >= 0; k--) {
                    name.append("019aQ.".charAt(random.nextInt(6)));
                }
                names.add(name.toString());
            }
            names.sort(MaildirName.ARRIVAL);
            List<String> again = new ArrayList<>(names);
            Collections.shuffle(again, random);
            again.sort(MaildirName.ARRIVAL);
            assertEquals(names, again);
        });
    }

    @Test
    void listsByArrivalWhateverTheNamesBeginWith() throws IOException {
        Random random = new Random(3);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            StringBuilder name = new StringBuilder();
            for (int k = random.nextInt(24); k >= 0; k--) {
                name.append("0019aQ-".charAt(random.nextInt(random.nextBoolean() ? 4 : 7)));
            }
            String unique = name + ".h,S=" + i;
            names.add(unique);
            put((i % 2 == 0 ? "new/" : "cur/") + unique, "");
        }
        names.sort(MaildirName.ARRIVAL);
        assertEquals(
                names,
                MaildirReader.list(maildir).stream()
                        .map(MaildirReader.Entry::unique)
                        .toList());
    }

    @Test
    void readsASizeOfItsNameAloneAndNotOfItsFlags() {
        assertEquals(5, MaildirName.size("1.h,S=5:2,S"));
        assertEquals(5, MaildirName.size("1.h,S=5,W=6"));
        assertEquals(-1, MaildirName.size("1.h:2,S=5"));
        assertEquals(-1, MaildirName.size("1.h,S=5x:2,"));
        assertEquals(-1, MaildirName.size("1.h,S=:2,S"));
        assertEquals(-1, MaildirName.size("1.h,S=1234567890123456789"));
    }

    @Test
    void cleansOnlyOldLeftovers() throws IOException {
        for (String name : List.of("old", "noted", "fresh")) {
            put("tmp/" + name, "");
            Files.setLastModifiedTime(
                    maildir.resolve("tmp/" + name),
                    FileTime.from(NOW.minus(Duration.ofHours(name.equals("fresh") ? 35 : 37))));
        }
        assertEquals(1, Maildir.cleanTmp(maildir, NOW, "noted"::equals));
        assertFalse(Files.exists(maildir.resolve("tmp/old")));
        assertTrue(Files.exists(maildir.resolve("tmp/noted")));
        assertTrue(Files.exists(maildir.resolve("tmp/fresh")));
    }

    @Test
    void keepsAQuota() throws IOException {
        MaildirQuota quota = new MaildirQuota(maildir, InstantSource.system());
        Limit limit = new Limit(100, 3);
        put("new/1.h,S=40", "");
        put("cur/2.h,S=999:2,ST", "");
        assertTrue(quota.fits(limit, 60));
        assertEquals("100S,3C\n40 1\n", Files.readString(maildir.resolve("maildirsize")));
        assertFalse(quota.fits(limit, 61));
        put("new/3.h,S=50", "");
        quota.changed(50, 1);
        assertFalse(quota.fits(limit, 11));
        assertTrue(quota.fits(limit, 10));
        Files.delete(maildir.resolve("new/1.h,S=40"));
        quota.changed(-40, -1);
        assertEquals(new MaildirQuota.Usage(50, 1), quota.usage());
        assertTrue(quota.fits(new Limit(0, 2), Long.MAX_VALUE / 2));
        assertTrue(Files.readString(maildir.resolve("maildirsize")).startsWith("2C\n50 1\n"));
    }

    @Test
    void honoursTheQuotaThatAnotherProgramKeeps() throws IOException {
        MaildirQuota quota = new MaildirQuota(maildir, InstantSource.system());
        Limit none = new Limit(0, 0);
        assertTrue(quota.fits(none, Long.MAX_VALUE / 2));
        assertFalse(Files.exists(maildir.resolve("maildirsize")), "nobody keeps count");
        for (String unlimited : List.of("\n0 0\n", "0S\n0 0\n", "NOQUOTA\n0 0\n", "")) {
            put("maildirsize", unlimited);
            assertTrue(quota.fits(none, Long.MAX_VALUE / 2), unlimited);
        }
        put("maildirsize", "7C,100S\n90 1\n");
        assertTrue(quota.fits(none, 10));
        quota.changed(10, 1);
        assertEquals("7C,100S\n90 1\n10 1\n", Files.readString(maildir.resolve("maildirsize")));
        put("new/1.h,S=95", "");
        assertFalse(quota.fits(none, 10));
        assertTrue(quota.fits(new Limit(200, 0), 10), "our own limit comes first");
        assertEquals("200S\n95 1\n", Files.readString(maildir.resolve("maildirsize")));
    }

    @Test
    void countsAnewWhenTheQuotaFileIsLongOrNonsense() throws IOException {
        MaildirQuota quota = new MaildirQuota(maildir, InstantSource.system());
        for (String content : List.of("", "100S\n", "100S\nx y\n", "100S\n-5 1\n", "100S\n" + "0 0\n".repeat(2000))) {
            put("maildirsize", content);
            assertTrue(quota.fits(new Limit(100, 0), 100), content);
            assertEquals("100S\n0 0\n", Files.readString(maildir.resolve("maildirsize")));
        }
    }

    @Test
    void countsAnewBeforeItRefusesOnAnOldCount() throws IOException {
        put("maildirsize", "100S\n90 1\n");
        MaildirQuota now = new MaildirQuota(maildir, InstantSource.system());
        assertFalse(now.fits(new Limit(100, 0), 20));
        Files.setLastModifiedTime(
                maildir.resolve("maildirsize"), FileTime.from(Instant.now().minus(Duration.ofMinutes(16))));
        assertTrue(now.fits(new Limit(100, 0), 20));
    }

    @Test
    void makesAMaildirByHand() throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                Map.of(), new ByteArrayInputStream(new byte[0]), new PrintStream(err), new PrintStream(err));
        String made = root.resolve("made").toString();
        assertEquals(0, Maildir.maildirmake().run(List.of(made), stdio));
        for (String folder : List.of("", "cur", "new", "tmp")) {
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(root.resolve("made").resolve(folder))));
        }
        assertEquals(111, Maildir.maildirmake().run(List.of(made), stdio));
        assertEquals(100, Maildir.maildirmake().run(List.of(), stdio));
        assertTrue(err.toString(java.nio.charset.StandardCharsets.UTF_8).contains("maildirmake: fatal:"));
    }

    /// admin removes what lspawn has made (DECISIONS.md of local).
    @Test
    void makesAMaildirByHandForTheGroupOfAFolderThatGivesIt() throws Exception {
        Path shared = Files.createDirectory(root.resolve("shared"));
        Files.setAttribute(shared, "unix:mode", 02770);
        Program.Stdio stdio = new Program.Stdio(
                Map.of(), new ByteArrayInputStream(new byte[0]), new PrintStream(System.err), System.err);
        assertEquals(0, Maildir.maildirmake().run(List.of(shared.resolve("made").toString()), stdio));
        Path ordinary = Files.createDirectory(shared.resolve("ordinary"));
        assertEquals(
                Files.getPosixFilePermissions(ordinary), Files.getPosixFilePermissions(shared.resolve("made/new")));
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(maildir.resolve(name), content);
    }
}
