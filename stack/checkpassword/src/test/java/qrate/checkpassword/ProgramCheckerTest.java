package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.posix.Posix;
import qrate.testkit.Seeds;

class ProgramCheckerTest {
    /// Keeps descriptor 3 and lets ann in with the password `secret`; exit codes for other names.
    private static final String CHECKER = """
            #!/bin/sh
            here=$(dirname "$0")
            cat <&3 >"$here/said.$$"
            mv "$here/said.$$" "$here/said"
            case $(tr '\\0' ' ' <"$here/said") in
                'ann secret '*) USER=ann HOME=$here SHELL=/bin/sh; export USER HOME SHELL; exec "$@" ;;
                'misuse '*) exit 2 ;;
                'later '*) exit 111 ;;
                'crash '*) kill -9 $$ ;;
                'homeless secret '*) USER=x; export USER; exec "$@" ;;
                *) exit 1 ;;
            esac
            """;

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", Posix.PATH_USUAL, "HOME", "/root");

    @TempDir
    Path folder;

    private String program(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("checker"), script);
        file.toFile().setExecutable(true);
        return file.toString();
    }

    private static Answer check(PasswordChecker checker, String login, String password) {
        return checker.check(login, password.getBytes(StandardCharsets.UTF_8), Asker.POP3, "192.0.2.1");
    }

    @Test
    void letsMoreInAtOnceThanItRunsAtATime() throws Exception {
        ProgramChecker checker = ProgramChecker.probed(new Posix(), program(CHECKER), ENVIRONMENT);
        List<Callable<Answer>> all =
                Collections.nCopies(2 * ProgramChecker.RUNNING_MAX, () -> check(checker, "ann", "secret"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(all)) {
                assertInstanceOf(Answer.Accepted.class, answer.get());
            }
        }
    }

    @Test
    void letsInWhomTheProgramLetsInAndLearnsTheirHome() throws IOException {
        ProgramChecker checker = ProgramChecker.probed(new Posix(), program(CHECKER), ENVIRONMENT);
        assertEquals(new Answer.Accepted("ann", folder), check(checker, "ann", "secret"));
        assertEquals("ann\0secret\0\0", Files.readString(folder.resolve("said")));
        assertEquals(new Answer.Refused(), check(checker, "ann", "wrong"));
        assertEquals(new Answer.Refused(), check(checker, "nobody", "secret"));
        assertEquals(new Answer.Refused(), check(checker, "ann\0secret", "secret"));
        assertEquals(new Answer.Refused(), check(checker, "ann", "secret\0"));
        assertEquals(new Answer.Refused(), check(checker, "ann", ""));
        assertEquals(new Answer.Refused(), check(checker, "ann", "x".repeat(600)));
    }

    @Test
    void callsEveryOtherEndTrouble() throws IOException {
        String program = program(CHECKER);
        ProgramChecker checker = ProgramChecker.probed(new Posix(), program, ENVIRONMENT);
        assertEquals(new Answer.Unavailable(program + " exited 2"), check(checker, "misuse", "x"));
        assertEquals(new Answer.Unavailable(program + " exited 111"), check(checker, "later", "x"));
        assertEquals(new Answer.Unavailable(program + " died of signal 9"), check(checker, "crash", "x"));
        assertEquals(
                new Answer.Unavailable(program + " set no HOME, or did not run its argument"),
                check(checker, "homeless", "secret"));
    }

    @Test
    void handsAnApopResponseOverWithItsTimestamp() throws IOException {
        ProgramChecker checker = ProgramChecker.probed(new Posix(), program(CHECKER), ENVIRONMENT);
        assertTrue(checker.apop());
        PasswordChecker.Apop response = new PasswordChecker.Apop("<1.2@host>", "c4c9334bac560ecc979e58001b3e22fb");
        assertEquals(new Answer.Refused(), checker.apop("ann", response, Asker.POP3, "192.0.2.1"));
        assertEquals("ann\0c4c9334bac560ecc979e58001b3e22fb\0<1.2@host>\0", Files.readString(folder.resolve("said")));
    }

    @Test
    void doesNotStartWithACheckerThatAcceptsAnyoneOrCannotRun() {
        IOException all =
                assertThrows(IOException.class, () -> ProgramChecker.probed(new Posix(), "/bin/true", ENVIRONMENT));
        assertEquals("/bin/true: accepts a login that does not exist: not starting", all.getMessage());
        assertThrows(IOException.class, () -> ProgramChecker.probed(new Posix(), "env -u X", ENVIRONMENT));
        IOException none =
                assertThrows(IOException.class, () -> ProgramChecker.probed(new Posix(), "/no/checker", ENVIRONMENT));
        assertTrue(none.getMessage().startsWith("unable to run /no/checker: "), none.getMessage());
    }

    @Test
    void isNamedByTheEnvironmentOrNotAtAll() throws IOException {
        assertEquals(Optional.empty(), ProgramChecker.named(new Posix(), ENVIRONMENT));
        Map<String, String> named =
                Map.of("PATH", Posix.PATH_USUAL, ProgramChecker.VARIABLE, program(CHECKER) + " ignored");
        assertTrue(ProgramChecker.named(new Posix(), named).isPresent());
    }

    @Test
    void goesByTheExitCodeAloneWhereTheProgramIsAskedToRunTrue() throws IOException {
        PasswordChecker checker = ProgramChecker.silent(new Posix(), List.of(program(CHECKER), "true"), ENVIRONMENT);
        assertInstanceOf(Answer.Accepted.class, check(checker, "ann", "secret"));
        assertEquals(new Answer.Refused(), check(checker, "ann", "wrong"));
        assertEquals(
                new Answer.Unavailable("true: accepts a login that does not exist: not starting"),
                check(ProgramChecker.silent(new Posix(), List.of("true", "true"), ENVIRONMENT), "ann", "secret"));
    }

    @Test
    void readsWhateverAProgramTells() {
        assertEquals(
                Map.of("A", "b=c", "HOME", "/x"),
                ProgramChecker.variables("A=b=c\0HOME=/x\0nonsense\0=x\0".getBytes(StandardCharsets.UTF_8)));
        Seeds.forAll(2000, random -> {
            byte[] told = new byte[random.nextInt(40)];
            random.nextBytes(told);
            assertTrue(ProgramChecker.variables(told).keySet().stream().noneMatch(String::isEmpty));
        });
    }
}
