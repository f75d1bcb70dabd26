package qrate.local.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Envelope;
import qrate.core.Program;
import qrate.core.Verdict;
import qrate.local.plan.DotQmail;
import qrate.maildir.Maildir;

/// The command, as a qmail-lspawn or an administrator runs it.
class QmailLocalTest {
    private static final String MESSAGE = "Subject: hello\n\nhello\nFrom here\n";

    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Envelope> forwarded = new ArrayList<>();
    private Verdict queue = new Verdict.Delivered("ok 1 qp 17");

    @BeforeEach
    void open() throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-x---"));
    }

    @Test
    void followsTheDefaultInstructionsWithoutAFile() throws Exception {
        assertEquals(0, local("-", "", "./Mailbox"), err.toString(UTF_8));
        assertEquals("did 1+0+0\n", out.toString(UTF_8));
        String mbox = Files.readString(home.resolve("Mailbox"));
        assertTrue(mbox.startsWith("From ann@example.org "), mbox);
        assertTrue(
                mbox.contains("\nReturn-Path: <ann@example.org>\nDelivered-To: joe@example.test\nSubject: hello\n"),
                mbox);
        assertTrue(mbox.endsWith("\n>From here\n\n"), mbox);
    }

    @Test
    void deliversIntoAMaildirThatIsThereAndMakesNone() throws Exception {
        assertEquals(111, local("-", "", "./Maildir/"));
        out.reset();
        for (String folder : Maildir.FOLDERS) {
            Files.createDirectories(home.resolve("Maildir").resolve(folder));
        }
        assertEquals(0, local("-", "", "./Maildir/"), err.toString(UTF_8));
        assertEquals(0, local("-", "", home + "/Maildir/"), err.toString(UTF_8));
        assertEquals("did 1+0+0\ndid 1+0+0\n", out.toString(UTF_8));
        try (Stream<Path> files = Files.list(home.resolve("Maildir/new"))) {
            assertEquals(2, files.count());
        }
        try (Stream<Path> files = Files.list(home.resolve("Maildir/tmp"))) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void saysWhatItWouldDoAndDoesNothing() throws Exception {
        put(".qmail", "# comment\n|echo hi \n./Mailbox\n./Maildir/\n&ann@example.org\nbob@example.org\n");
        assertEquals(0, local("-n", "", "./Mailbox"));
        assertEquals("""
            program echo hi
            mbox ./Mailbox
            maildir ./Maildir/
            forward ann@example.org
            forward bob@example.org
            did 2+2+1
            """, out.toString(UTF_8));
        try (Stream<Path> files = Files.list(home)) {
            assertEquals(
                    List.of(".qmail"),
                    files.map(f -> f.getFileName().toString()).toList());
        }
        assertEquals(List.of(), forwarded);
    }

    /// qmail-command(8): what a program's exit code means.
    @ParameterizedTest
    @CsvSource({
        "0, 0, true", "99, 0, false", "100, 100, false", "64, 100, false", "65, 100, false", "70, 100, false",
        "76, 100, false", "77, 100, false", "78, 100, false", "112, 100, false", "111, 111, false", "1, 111, false",
        "2, 111, false", "71, 111, false", "74, 111, false", "75, 111, false", "98, 111, false", "101, 111, false",
        "127, 111, false",
    })
    void takesAProgramsExitCodeForWhatItMeans(int code, int exit, boolean goesOn) throws Exception {
        put(".qmail", "before@example.org\n|echo said; exit " + code + "\nafter@example.org\n");
        assertEquals(exit, local("-", "", "./Mailbox"), err.toString(UTF_8));
        assertTrue((exit == 0 ? out : err).toString(UTF_8).startsWith("said\n"));
        if (exit == 0) {
            assertEquals(
                    goesOn ? List.of("before@example.org", "after@example.org") : List.of("before@example.org"),
                    forwarded.getFirst().recipients().stream()
                            .map(r -> r.address())
                            .toList());
        } else {
            assertEquals(List.of(), forwarded);
        }
    }

    @Test
    void takesASignalForASoftError() throws Exception {
        put(".qmail", "|kill -9 $$\n");
        assertEquals(111, local("-", "", ""));
        assertEquals("Aack, child crashed. (#4.3.0)\n", err.toString(UTF_8));
    }

    @Test
    void limitsAProgramsMemory() throws Exception {
        put(".qmail", "|ulimit -d\n");
        assertEquals(0, local("-", "", ""));
        assertEquals(Programs.MEMORY_KIB_MAX + "\ndid 0+0+1\n", out.toString(UTF_8));
    }

    @Test
    void saysWhatTheQueueSaidOfAForward() throws Exception {
        put(".qmail", "far@example.org\n");
        assertEquals(0, local("-", "", ""));
        assertEquals("did 0+1+0\nqp 17\n", out.toString(UTF_8));
        queue = new Verdict.Later("qq");
        assertEquals(111, local("-", "", ""));
        assertEquals("Unable to forward message: qq\n", err.toString(UTF_8));
        queue = new Verdict.Never("qq");
        assertEquals(100, local("-", "", ""));
        err.reset();
        put(".qmail", "far\0@" + "x".repeat(1000) + "\n");
        assertEquals(111, local("-", "", ""));
        assertTrue(err.toString(UTF_8).startsWith("Unable to forward message: an address is "), err.toString(UTF_8));
        assertTrue(err.toString(UTF_8).endsWith(". (#4.3.5)\n"), err.toString(UTF_8));
    }

    @Test
    void bouncesALoopAndWhoeverIsNobody() throws Exception {
        put(".qmail", "far@example.org\n");
        assertEquals(
                100,
                run(
                        "Delivered-To: joe@example.test\n\n",
                        "joe",
                        home.toString(),
                        "joe",
                        "",
                        "",
                        "example.test",
                        "",
                        "./Mailbox"));
        assertEquals("This message is looping: it already has my Delivered-To line. (#5.4.6)\n", err.toString(UTF_8));
        err.reset();
        assertEquals(100, local("-", "-x", "./Mailbox"));
        assertEquals("Sorry, no mailbox here by that name. (#5.1.1)\n", err.toString(UTF_8));
        err.reset();
        assertEquals(100, run(MESSAGE, "joe", home.toString(), "jo\ne", "", "", "example.test", "", "./Mailbox"));
        assertTrue(err.toString(UTF_8).matches("An address is .*\\. \\(#5\\.1\\.3\\)\n"), err.toString(UTF_8));
    }

    @Test
    void waitsWhileTheHomeIsStickyWritableOrMissing() throws Exception {
        Files.setAttribute(home, "unix:mode", 01700);
        waits("Home directory is sticky: user is editing his .qmail file. (#4.2.1)");
        Files.setAttribute(home, "unix:mode", 0702);
        waits("Uh-oh: home directory is writable. (#4.7.0)");
        Files.setAttribute(home, "unix:mode", 0700);
        put(".qmail", "");
        Files.setAttribute(home.resolve(".qmail"), "unix:mode", 0602);
        waits("Uh-oh: .qmail file is writable. (#4.7.0)");
        Files.setAttribute(home, "unix:mode", 0775);
        Files.setAttribute(home.resolve(".qmail"), "unix:mode", 0664);
        assertEquals(0, local("-", "", "./Mailbox"));
        put(".qmail", "+list\n./Mailbox\n");
        waits("Uh-oh: .qmail has file delivery but has x bit set. (#4.7.0)");
        assertEquals(111, local("-n", "", "./Mailbox"));
        put(".qmail", "\n./Mailbox\n");
        waits("Uh-oh: first line of .qmail file is blank. (#4.2.1)");
        put(".qmail", "#".repeat(DotQmail.FILE_BYTES_MAX + 1));
        waits("Uh-oh: .qmail file is too large. (#4.7.0)");
        put(".qmail", "");
        err.reset();
        assertEquals(111, local("-", "", ""));
        assertEquals("Uh-oh: the default delivery instructions are empty. (#4.3.5)\n", err.toString(UTF_8));
        err.reset();
        assertEquals(111, run(MESSAGE, "joe", home + "/gone", "joe", "", "", "example.test", "", "./Mailbox"));
        assertEquals("Unable to switch to home directory: it is missing. (#4.3.0)\n", err.toString(UTF_8));
    }

    /// dot-qmail(5), safe editing: the sticky bit first, then a new file, then a look at it.
    @Test
    void looksAtInstructionsWhileTheirOwnerEditsThem() throws Exception {
        put(".qmail", "./Mailbox\n");
        Files.setAttribute(home, "unix:mode", 01700);
        assertEquals(0, local("-n", "", "./Mailbox"));
        assertEquals("Warning: home directory is sticky.\n", err.toString(UTF_8));
        assertEquals("mbox ./Mailbox\ndid 1+0+0\n", out.toString(UTF_8));
    }

    @Test
    void quotesASenderInReturnPathAsHeadersDo() throws Exception {
        String[] arguments = {"joe", home.toString(), "joe", "", "", "example.test", "a b\"c@x.test", "./Mailbox"};
        assertEquals(0, run(MESSAGE, arguments));
        String box = Files.readString(home.resolve("Mailbox"));
        assertTrue(box.contains("\nReturn-Path: <\"a b\\\"c\"@x.test>\nDelivered-To: joe@example.test\n"), box);
    }

    @Test
    void takesNothingButExactlyItsOwnLineForALoop() throws Exception {
        String[] arguments = {"joe", home.toString(), "joe", "", "", "example.test", "", "./Mailbox"};
        assertEquals(0, run("Delivered-To: Joe@example.test\n\n", arguments), err.toString(UTF_8));
        assertEquals(0, run("Delivered-To: joe@example.test \n\n", arguments), err.toString(UTF_8));
        assertEquals(0, run("Subject: x\n\nDelivered-To: joe@example.test\n", arguments), err.toString(UTF_8));
        assertEquals(0, run("Subject: x\r\n\r\nDelivered-To: joe@example.test\r\n", arguments), err.toString(UTF_8));
        assertEquals(0, run("X: y\n".repeat(10_000) + "\n", arguments), err.toString(UTF_8));
        for (String round : List.of(
                "Delivered-To: joe@example.test\r\n\r\n",
                "Delivered-To: ann@example.test\nDelivered-To: joe@example.test\n more\n\n",
                "X: y\nno field\nDelivered-To: joe@example.test\n\n",
                "X: y\n".repeat(10_001) + "\n")) {
            assertEquals(100, run(round, arguments));
        }
    }

    @Test
    void tellsAProgramWhatItsFileNameAndAShortHostComeTo() throws Exception {
        put(".qmail-x-default", "|echo $HOST2 $HOST3 $HOST4 ${DEFAULT-unset}\n");
        String[] arguments = {"joe", home.toString(), "joe-x-Default", "-", "x-Default", "a.test", "", ""};
        assertEquals(0, run(MESSAGE, arguments), err.toString(UTF_8));
        assertEquals("a a a Default\ndid 0+0+1\n", out.toString(UTF_8));
    }

    @Test
    void saysNothingForAProgramThatSaidNothing() throws Exception {
        put(".qmail", "|exit 100\n");
        assertEquals(100, local("-", "", ""));
        assertEquals("", err.toString(UTF_8));
    }

    private void waits(String why) throws Exception {
        err.reset();
        assertEquals(111, local("-", "", "./Mailbox"));
        assertEquals(why + "\n", err.toString(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "-n joe", "joe home joe - - h s d", "joe /home joe - - h s d more", "-nx joe"})
    void refusesAWrongCall(String arguments) throws Exception {
        assertEquals(100, run("", arguments.split(" ")));
        assertTrue(err.toString(UTF_8).startsWith("qmail-local: usage: "));
    }

    private int local(String option, String dashExt, String defaultDelivery) throws Exception {
        List<String> arguments = new ArrayList<>();
        if (!option.equals("-")) {
            arguments.add(option);
        }
        String dash = dashExt.isEmpty() ? "" : "-";
        String ext = dashExt.isEmpty() ? "" : dashExt.substring(1);
        arguments.addAll(List.of("joe", home.toString(), "joe" + dashExt, dash, ext));
        arguments.addAll(List.of("example.test", "ann@example.org", defaultDelivery));
        return run(MESSAGE, arguments.toArray(String[]::new));
    }

    private int run(String message, String... arguments) throws Exception {
        Program local = new QmailLocal(
                _ -> (envelope, _) -> {
                    forwarded.add(envelope);
                    return queue;
                },
                InstantSource.system());
        InputStream in = new ByteArrayInputStream(message.getBytes(UTF_8));
        return local.run(
                List.of(arguments),
                new Program.Stdio(Map.of(), in, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)));
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(home.resolve(name), content);
        Files.setPosixFilePermissions(home.resolve(name), PosixFilePermissions.fromString("rw-r-----"));
    }
}
