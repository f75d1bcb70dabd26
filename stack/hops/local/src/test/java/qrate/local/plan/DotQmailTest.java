package qrate.local.plan;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.address.Found;
import qrate.core.Steps;
import qrate.dotqmail.Line;

class DotQmailTest {
    @TempDir
    Path root;

    /// Files that are there (each forwards to its own name), the extension, the file that decides, and DEFAULT.
    @ParameterizedTest
    @CsvSource({
        "'.qmail-a-b .qmail-a-default .qmail-default', a-b, .qmail-a-b, NONE",
        "'.qmail-a-default .qmail-default', a-b, .qmail-a-default, b",
        "'.qmail-a-default .qmail-default', a-b-c, .qmail-a-default, b-c",
        "'.qmail-a-b-default .qmail-a-default', a-b-c, .qmail-a-b-default, c",
        "'.qmail-a-b-default .qmail-default', a-b, .qmail-default, a-b",
        "'.qmail-a-default', a-, .qmail-a-default, ''",
        "'.qmail-default', '', .qmail-default, ''",
        "'.qmail-default', ab, .qmail-default, ab",
        "'.qmail-a-default', ab, NOBODY, NONE",
        "'.qmail-x:y', X.Y, .qmail-x:y, NONE",
        "'.qmail-default', Mixed.Case, .qmail-default, Mixed.Case",
        "'.qmail', x, NOBODY, NONE",
        "'', x, NOBODY, NONE",
    })
    void findsTheFileThatDecides(String files, String ext, String decides, String rest) throws Exception {
        for (String file : files.split(" ", -1)) {
            if (!file.isEmpty()) {
                put(file, "&" + file + "@x\n", "rw-r-----");
            }
        }
        Found found = find("-", ext);
        if (decides.equals("NOBODY")) {
            assertEquals(new Found.Nobody(), found);
        } else {
            Found.File file = assertInstanceOf(Found.File.class, found);
            assertEquals(List.of(new Line.Forward(decides + "@x")), file.lines());
            assertEquals(rest.equals("NONE") ? Optional.empty() : Optional.of(rest), file.rest());
        }
    }

    /// What is remembered of a home counts until anything in it changes.
    @Test
    void seesAFileThatComesChangesAndGoes() throws Exception {
        DotQmail files = new DotQmail(new Homes(root), () -> Instant.now().plusSeconds(3600)); // all is old enough
        assertInstanceOf(Found.Nobody.class, files.find(root, "-", "ann", Steps.none()));
        tick();
        put(".qmail-ann", "&one@x\n", "rw-r-----");
        assertEquals(List.of(new Line.Forward("one@x")), lines(files));
        tick();
        put(".qmail-ann", "&two@x\n", "rw-r-----");
        assertEquals(List.of(new Line.Forward("two@x")), lines(files));
        tick();
        Files.setPosixFilePermissions(root.resolve(".qmail-ann"), PosixFilePermissions.fromString("rw-r---w-"));
        assertInstanceOf(Found.Wait.class, files.find(root, "-", "ann", Steps.none()));
        Files.delete(root.resolve(".qmail-ann"));
        assertInstanceOf(Found.Nobody.class, files.find(root, "-", "ann", Steps.none()));
    }

    private List<Line> lines(DotQmail files) throws IOException {
        return assertInstanceOf(Found.File.class, files.find(root, "-", "ann", Steps.none()))
                .lines();
    }

    /// Waits until the file system's clock shows another time.
    private void tick() throws IOException {
        Path file = root.resolve("tick");
        Files.write(file, new byte[0]);
        Object before = Files.getAttribute(file, "unix:ctime");
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            Files.write(file, new byte[0]);
            return !Files.getAttribute(file, "unix:ctime").equals(before);
        });
    }

    @Test
    void readsEveryKindOfLine() {
        String content = """
            # comment
            |program with words
            ./mbox
            ./Maildir/  \t
            &ann@example.org
            bob@example.org

            +unknown
            """;
        assertEquals(
                new Found.File(
                        List.of(
                                new Line.Program("program with words"),
                                new Line.Mbox("./mbox"),
                                new Line.Maildir("./Maildir/"),
                                new Line.Forward("ann@example.org"),
                                new Line.Forward("bob@example.org")),
                        false,
                        Optional.empty()),
                Found.parse(content, false, Optional.empty()));
    }

    @Test
    void takesAnEmptyFileForTheDefaultAndACommentForNothing() {
        assertEquals(new Found.Default(Optional.empty()), Found.parse("", false, Optional.empty()));
        assertEquals(new Found.File(List.of(), false, Optional.empty()), Found.parse("#\n", false, Optional.empty()));
    }

    @Test
    void waitsForAFileThatStartsWithAnEmptyLine() {
        assertInstanceOf(Found.Wait.class, Found.parse("\n./Maildir/\n", false, Optional.empty()));
        assertInstanceOf(Found.Wait.class, Found.parse(" \t\nx\n", false, Optional.empty()));
    }

    @Test
    void allowsOnlyForwardsInAListOrAnExecutableFile() {
        assertEquals(
                new Found.File(List.of(), true, Optional.empty()), Found.parse("+list\n", false, Optional.empty()));
        assertEquals(new Found.File(List.of(), true, Optional.empty()), Found.parse("#\n", true, Optional.empty()));
    }

    @Test
    void waitsWhereSomebodyElseCouldHaveWritten() throws Exception {
        put(".qmail-w", "./Maildir/\n", "rw-rw-rw-");
        assertInstanceOf(Found.Wait.class, find("-", "w"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxr-x"));
        put(".qmail-g", "./Maildir/\n", "rw-rw-r--");
        assertInstanceOf(Found.File.class, find("-", "g"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-x-w-"));
        assertInstanceOf(Found.Wait.class, find("-", "g"));
    }

    @Test
    void waitsWhileTheHomeIsSticky() throws Exception {
        put(".qmail-g", "./Maildir/\n", "rw-r-----");
        Files.setAttribute(root, "unix:mode", 01700);
        assertInstanceOf(Found.Wait.class, find("-", "g"));
        Files.setAttribute(root, "unix:mode", 0700);
        assertInstanceOf(Found.File.class, find("-", "g"));
    }

    @Test
    void needsNoFileWithoutADash() throws Exception {
        assertEquals(new Found.Default(Optional.empty()), find("", ""));
        put(".qmail", "x@y\n", "rw-r-----");
        assertInstanceOf(Found.File.class, find("", ""));
    }

    @Test
    void followsNoLinkOutOfTheMaildirs() throws Exception {
        Path home = Files.createDirectories(root.resolve("maildirs/home"));
        Path outside = Files.writeString(root.resolve("secret"), "|cat\n");
        Files.createSymbolicLink(home.resolve(".qmail-x"), outside);
        Files.writeString(home.resolve("inside"), "a@b\n");
        Files.createSymbolicLink(home.resolve(".qmail-y"), home.resolve("inside"));
        DotQmail files = new DotQmail(new Homes(root.resolve("maildirs")));
        Files.createSymbolicLink(home.resolve(".qmail-nowhere"), Path.of("gone"));
        Files.createDirectory(home.resolve(".qmail-folder"));
        for (String faulty : List.of("x", "nowhere", "folder")) {
            assertInstanceOf(Found.Wait.class, files.find(home, "-", faulty, Steps.none()), faulty);
        }
        assertInstanceOf(Found.File.class, files.find(home, "-", "y", Steps.none()));
    }

    private Found find(String dash, String ext) throws Exception {
        return new DotQmail(new Homes(root)).find(root, dash, ext, Steps.none());
    }

    private void put(String name, String content, String permissions) throws Exception {
        Files.writeString(root.resolve(name), content);
        Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString(permissions));
    }
}
