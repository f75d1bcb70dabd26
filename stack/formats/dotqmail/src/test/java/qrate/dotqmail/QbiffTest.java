package qrate.dotqmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.testkit.BrokenInput;

/// Files stand in for terminals.
class QbiffTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream utmp = new ByteArrayOutputStream();
    private final Map<String, String> environment =
            new TreeMap<>(Map.of("USER", "joe", "SENDER", "ann@example.org", "EXT", ""));

    private Path terminal(String name, String mode) throws IOException {
        Path file = folder.resolve("dev").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void login(int type, String user, String line) {
        ByteBuffer entry = ByteBuffer.allocate(384).order(ByteOrder.nativeOrder());
        entry.putShort(0, (short) type);
        entry.put(8, line.getBytes(UTF_8));
        entry.put(44, user.getBytes(UTF_8));
        utmp.writeBytes(entry.array());
    }

    @BeforeEach
    void makeDevices() throws IOException {
        Files.createDirectories(folder.resolve("dev"));
    }

    private int run(String message) throws IOException {
        Path file = Files.write(folder.resolve("utmp"), utmp.toByteArray());
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Qbiff(file, folder.resolve("dev"))
                .run(
                        List.of(),
                        new Program.Stdio(
                                environment, new ByteArrayInputStream(message.getBytes(UTF_8)), nowhere, nowhere));
    }

    @Test
    void writesToEachTerminalThatWantsIt() throws IOException {
        Path one = terminal("pts/1", "rwx-w----");
        Path two = terminal("pts/2", "rwx-w----");
        Path without = terminal("pts/3", "rw--w----");
        Path bobs = terminal("tty1", "rwx-w----");
        Path gone = terminal("tty2", "rwx-w----");
        login(7, "joe", "pts/1");
        login(7, "joe", "pts/2");
        login(7, "joe", "pts/3");
        login(7, "joe", "pts/9");
        login(7, "bob", "tty1");
        login(8, "joe", "tty2"); // he has logged out
        assertEquals(0, run("Subject: x\n\nHello,\nyou there.\n"));
        String line = "\r\n*** TO <joe> FROM <ann@example.org> Hello, you there.\r\n";
        assertEquals(line, Files.readString(one));
        assertEquals(line, Files.readString(two));
        for (Path other : List.of(without, bobs, gone)) {
            assertEquals("", Files.readString(other));
        }
    }

    @Test
    void letsNothingThroughThatATerminalObeys() throws IOException {
        Path one = terminal("pts/1", "rwx-w----");
        login(7, "joe", "pts/1");
        environment.put("EXT", "list\33[2J");
        environment.put("SENDER", "\7@x");
        assertEquals(0, run("\n\33]0;title\7 " + "x".repeat(200)));
        String said = Files.readString(one);
        assertEquals("\r\n*** TO <list_[2J> FROM <_@x> _]0;title_ ", said.substring(0, 42));
        assertEquals(Qbiff.LINE_CHARS_MAX + 4, said.length());
    }

    @Test
    void doesNotTakeAMessageItCannotReadForOneThatNobodyWants() {
        InputStream broken = new BrokenInput("disk");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        int code = Launcher.run(
                Map.of("qbiff", new Qbiff(folder.resolve("utmp"), folder)),
                new String[] {"qbiff"},
                new Program.Stdio(Map.of("USER", "joe"), broken, nowhere, nowhere));
        assertEquals(111, code);
    }

    @Test
    void isContentWithNobodyThere() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxrwxrwx"));
        login(7, "joe", "../outside");
        utmp.writeBytes(new byte[100]); // half an entry
        assertEquals(0, run("no body"));
        assertEquals("", Files.readString(outside));
        environment.remove("USER");
        assertEquals(0, run(""));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Program.Stdio stdio =
                new Program.Stdio(Map.of("USER", "joe"), new ByteArrayInputStream(new byte[0]), nowhere, nowhere);
        assertEquals(0, new Qbiff(folder.resolve("no utmp"), folder).run(List.of(), stdio));
    }
}
