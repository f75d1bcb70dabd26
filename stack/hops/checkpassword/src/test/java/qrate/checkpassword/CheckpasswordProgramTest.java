package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.core.Program;
import qrate.posix.Posix;
import qrate.testkit.Seeds;

class CheckpasswordProgramTest {
    private static final Path HOME = Path.of("/home/of/ann");

    private static Answer check(String login, byte[] password, PasswordChecker.Asker asker, String remote) {
        return switch (login) {
            case "ann@a.test" ->
                new String(password, StandardCharsets.UTF_8).equals("secret")
                        ? new Answer.Accepted(login, HOME)
                        : new Answer.Refused();
            case "busy@a.test" -> new Answer.Throttled();
            case "torn@a.test" -> new Answer.Unavailable("torn snapshot");
            case "smtp@a.test" ->
                asker == PasswordChecker.Asker.SMTP ? new Answer.Accepted(login, HOME) : new Answer.Refused();
            default -> new Answer.Refused();
        };
    }

    private static int run(CheckpasswordProgram program, Map<String, String> environment, String... arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return program.run(
                List.of(arguments), new Program.Stdio(environment, InputStream.nullInputStream(), nowhere, nowhere));
    }

    private static int run(String three, String... arguments) {
        CheckpasswordProgram program = new CheckpasswordProgram(
                _ -> CheckpasswordProgramTest::check,
                () -> new ByteArrayInputStream(three.getBytes(StandardCharsets.UTF_8)),
                (_, _) -> 77);
        return run(program, Map.of(), arguments);
    }

    @Test
    void exitsAsDocumented() {
        assertEquals(77, run("ann@a.test\0secret\0<1@b>\0", "program"));
        assertEquals(77, run("ann@a.test\0secret\0", "program"));
        assertEquals(1, run("ann@a.test\0wrong\0<1@b>\0", "program"));
        assertEquals(1, run("nobody\0secret\0\0", "program"));
        assertEquals(2, run("ann@a.test\0secret\0<1@b>\0"));
        assertEquals(2, run("ann@a.test\0secret", "program"));
        assertEquals(2, run("", "program"));
        assertEquals(2, run("ann@a.test\0secret\0" + "x".repeat(500), "program"));
        assertEquals(111, run("busy@a.test\0secret\0\0", "program"));
        assertEquals(111, run("torn@a.test\0secret\0\0", "program"));
    }

    @Test
    void exitsWith2WhenThereIsNoDescriptorThreeAndWith111WhenItsArgumentCannotRun() {
        CheckpasswordProgram.Login none = () -> {
            throw new IOException("no descriptor");
        };
        assertEquals(
                2,
                run(new CheckpasswordProgram(_ -> CheckpasswordProgramTest::check, none, (_, _) -> 0), Map.of(), "x"));
        CheckpasswordProgram.Login ann =
                () -> new ByteArrayInputStream("ann@a.test\0secret\0\0".getBytes(StandardCharsets.UTF_8));
        CheckpasswordProgram.Next broken = (_, _) -> {
            throw new IOException("no such program");
        };
        assertEquals(
                111, run(new CheckpasswordProgram(_ -> CheckpasswordProgramTest::check, ann, broken), Map.of(), "x"));
    }

    @Test
    void runsItsArgumentsInTheHomeWithTheUsersEnvironment() {
        CheckpasswordProgram program = new CheckpasswordProgram(
                _ -> CheckpasswordProgramTest::check,
                () -> new ByteArrayInputStream("ann@a.test\0secret\0\0".getBytes(StandardCharsets.UTF_8)),
                (Posix.Command command, Path home) -> {
                    assertEquals(List.of("qmail-pop3d", "Maildir"), command.words());
                    assertEquals(HOME, home);
                    assertEquals(
                            Map.of(
                                    "USER", "ann@a.test",
                                    "HOME", HOME.toString(),
                                    "SHELL", "/bin/sh",
                                    "TCPREMOTEIP", "192.0.2.9"),
                            command.environment());
                    return 0;
                });
        assertEquals(0, run(program, Map.of("TCPREMOTEIP", "192.0.2.9"), "qmail-pop3d", "Maildir"));
    }

    @Test
    void asksForTheDoorThatTheClientCameBy() {
        CheckpasswordProgram program = new CheckpasswordProgram(
                _ -> CheckpasswordProgramTest::check,
                () -> new ByteArrayInputStream("smtp@a.test\0secret\0\0".getBytes(StandardCharsets.UTF_8)),
                (_, _) -> 0);
        assertEquals(0, run(program, Map.of("TCPLOCALPORT", "587"), "true"));
        assertEquals(1, run(program, Map.of("TCPLOCALPORT", "110"), "true"));
    }

    @Test
    void readsBackWhateverWasWrittenAndRefusesWhatIsNoLogin() {
        Seeds.forAll(3000, random -> {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = 0;
            }
            CheckpasswordProgram.Said.parse(bytes).ifPresent(said -> assertTrue(said.password().length < bytes.length));
            String login = "user" + random.nextInt();
            byte[] password = Arrays.toString(bytes).substring(0, 2).getBytes(StandardCharsets.UTF_8);
            CheckpasswordProgram.Said said = CheckpasswordProgram.Said.parse(
                            ProgramChecker.login(login, password, "<x>"))
                    .orElseThrow();
            assertEquals(login, said.login());
            assertTrue(Arrays.equals(password, said.password()));
        });
    }
}
