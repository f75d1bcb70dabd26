package qrate.checkpassword;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.PasswordChecker.Answer;
import qrate.checkpassword.PasswordChecker.Asker;
import qrate.core.Control;
import qrate.core.ExchangeDoor;
import qrate.core.Log;
import qrate.core.State;
import qrate.testkit.Seeds;

class OracleTest {
    private static final String HERE = "2001:db8::1";

    @TempDir
    Path folder;

    private record Asked(String login, byte[] password, Asker asker, String remote) {}

    private final AtomicReference<Asked> asked = new AtomicReference<>();
    private volatile Answer answer = new Answer.Refused();

    private Path maildirs() {
        return folder.resolve("maildirs");
    }

    private Path socket() {
        return folder.resolve("vchkpw.sock");
    }

    private ExchangeDoor start() throws IOException {
        PasswordChecker checker = (login, password, asker, remote) -> {
            asked.set(new Asked(login, password.clone(), asker, remote));
            return answer;
        };
        return Oracle.start(checker, socket(), maildirs(), Log.silent());
    }

    private Answer ask(String login, byte[] password) {
        return new OracleClient(socket(), maildirs()).check(login, password, Asker.SMTP, HERE);
    }

    private Answer ask() {
        return ask("ann@example.test", "secret".getBytes(UTF_8));
    }

    @Test
    void answersAsTheCheckerBehindItWouldItself() throws IOException {
        try (ExchangeDoor _ = start()) {
            for (Answer each : List.of(
                    new Answer.Refused(),
                    new Answer.Throttled(),
                    new Answer.Accepted("ann@example.test", maildirs().resolve("domains/example.test/ann")))) {
                answer = each;
                assertEquals(each, ask());
            }
            answer = new Answer.Unavailable("torn");
            assertEquals(new Answer.Unavailable("vchkpw: torn"), ask());
            assertEquals("ann@example.test", asked.get().login);
            assertEquals(Asker.SMTP, asked.get().asker);
            assertEquals(HERE, asked.get().remote);
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
        }
        assertFalse(Files.exists(socket()));
    }

    @Test
    void carriesEveryPasswordAsItIsAndNoNulIntoAnotherField() throws IOException {
        try (ExchangeDoor _ = start()) {
            Seeds.forAll(300, random -> {
                byte[] password = new byte[1 + random.nextInt(Vchkpw.PASSWORD_BYTES_MAX)];
                random.nextBytes(password);
                for (int i = 0; i < password.length; i++) {
                    password[i] = password[i] == 0 ? 1 : password[i];
                }
                assertEquals(new Answer.Refused(), ask("b\u00fcro@example.test", password));
                assertEquals("b\u00fcro@example.test", asked.get().login);
                assertArrayEquals(password, asked.get().password);
            });
            for (byte[] bad : List.of("x\0\0POP3\0192.0.2.9\0".getBytes(ISO_8859_1), new byte[600])) {
                ask("ann@example.test", bad);
                assertEquals("impossible", asked.get().login);
                assertEquals(HERE, asked.get().remote);
            }
            ask("ann@example.test\0secret", new byte[] {'x'});
            assertEquals("impossible", asked.get().login);
        }
    }

    @Test
    void isAwayWithoutAnybodyBeingRefused() throws IOException {
        assertInstanceOf(Answer.Unavailable.class, ask());
        start().close();
        assertInstanceOf(Answer.Unavailable.class, ask());
    }

    /// Those who only hold the line, and those who say nonsense.
    @Test
    void givesNobodyMoreThanItsShareAndHoldsNobodyUp() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        try (ExchangeDoor _ = start()) {
            for (int i = 0; i < Oracle.PER_USER_MAX; i++) {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
                channel.write(ByteBuffer.wrap("ann@example.test\0".getBytes(UTF_8)));
                silent.add(channel);
            }
            await().untilAsserted(() -> assertEquals(new Answer.Refused(), ask()));
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void dropsWhatIsNoQuestion() throws IOException {
        try (ExchangeDoor _ = start()) {
            Seeds.forAll(200, random -> {
                byte[] nonsense = new byte[random.nextInt(2 * Oracle.QUESTION_BYTES_MAX)];
                random.nextBytes(nonsense);
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                    channel.write(ByteBuffer.wrap(nonsense));
                    channel.shutdownOutput();
                    assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
                } catch (IOException _) {
                    // cut before it was read
                }
            });
            assertEquals(new Answer.Refused(), ask());
        }
    }

    /// A checker that is slow for one does not keep another waiting.
    @Test
    void answersManyAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(50);
        PasswordChecker meeting = (_, _, _, _) -> {
            all.countDown();
            try {
                all.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return new Answer.Refused();
        };
        try (ExchangeDoor _ = Oracle.start(meeting, socket(), maildirs(), Log.silent())) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                threads.add(Thread.ofVirtual().start(this::ask));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void trustsNoHomeOutsideTheMaildirs() throws IOException {
        try (ExchangeDoor _ = start()) {
            answer = new Answer.Accepted("ann@example.test", folder.resolve("passwords"));
            assertInstanceOf(Answer.Unavailable.class, ask());
        }
    }

    @Test
    void isAskedByHandWhereItRunsAndElseTheHashesAre() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.writeString(state.control().resolve("me"), "mail.example.test\n");
        PasswordChecker away = Checkers.byHand(state, Map.of(), Log.silent());
        assertInstanceOf(Answer.Unavailable.class, away.check("ann@x.test", new byte[] {'x'}, Asker.POP3, HERE));
        Files.createDirectories(state.passwords());
        PasswordChecker itself = Checkers.byHand(state, Map.of("QRATE_BCRYPT_COST", "4"), Log.silent());
        assertEquals(new Answer.Refused(), itself.check("ann@x.test", new byte[] {'x'}, Asker.POP3, HERE));
        Files.createDirectories(state.vchkpw());
        PasswordChecker slow = (_, _, _, _) -> new Answer.Throttled();
        try (ExchangeDoor _ =
                Oracle.start(slow, state.vchkpw().resolve(Oracle.SOCKET), state.maildirs(), Log.silent())) {
            PasswordChecker asking = Checkers.byHand(state, Map.of(), Log.silent());
            assertEquals(new Answer.Throttled(), asking.check("ann@x.test", new byte[] {'x'}, Asker.POP3, HERE));
        }
    }

    @Test
    void takesTheNamesThatVpopmailTakes() throws IOException {
        Control control = new Control(folder, InstantSource.system());
        assertEquals("ann@example.test", Checkers.whole("ann@example.test", control));
        assertEquals("ann%sub@example.test", Checkers.whole("ann%sub@example.test", control));
        assertEquals("ann@example.test", Checkers.whole("ann%example.test", control));
        assertEquals("ann@example.test", Checkers.whole("ann/example.test", control));
        assertEquals("", Checkers.whole("", control));
        Files.writeString(folder.resolve("me"), "mail.example.test\n");
        assertEquals("ann@mail.example.test", Checkers.whole("ann", control));
        Files.writeString(folder.resolve("defaulthost"), "example.test\n");
        assertEquals("ann@example.test", Checkers.whole("ann", new Control(folder, InstantSource.system())));
    }
}
