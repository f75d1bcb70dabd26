package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.AppSecret;
import qrate.checkpassword.LoginNotes;
import qrate.core.Log;
import qrate.core.State;

/// Where people have signed in from, from the note of a login to the page.
class LoginsTest extends OpenDirectory {
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");
    private static final String ANN = "ann@example.test";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(said, true, UTF_8), Log.Stamp.NONE, InstantSource.system());

    @BeforeEach
    void fill() throws IOException {
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddMailbox(ANN, PASSWORD));
    }

    private static void tell(Path socket, String note) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(note.getBytes(UTF_8)));
        } catch (IOException _) {
            // too much was said: the other side has hung up
        }
    }

    private List<String> places() throws IOException {
        return domains.logins().of(ANN).stream()
                .map(one -> one.door().word() + " " + one.from() + " " + one.app())
                .sorted()
                .toList();
    }

    @Test
    void keepsWhatIsToldAndNothingElse() throws IOException {
        domains.apply(new Edit.AddAppPassword(
                ANN, new AppPasswords.Wish("phone", true, true), AppSecret.make(new SecureRandom())));
        String id = domains.appPasswords(ANN).getFirst().id();
        assertEquals(Instant.EPOCH, domains.appPasswords(ANN).getFirst().used());
        Path socket = new State(folder).passwords().resolve(LoginNotes.SOCKET);
        try (LoginKeeper _ = LoginKeeper.start(domains, socket, InstantSource.system(), log)) {
            tell(socket, ANN + "\0POP3\000192.0.2.1\0" + id + "\0");
            tell(socket, ANN + "\0POP3\000192.0.2.1\0" + id + "\0");
            for (String odd : List.of(
                    "",
                    "\0\0\0\0",
                    ANN,
                    ANN + "\0POP3\0x\0",
                    ANN + "\0IMAP\0x\0\0",
                    ANN + "\0PAGES\0",
                    "x".repeat(LoginNotes.NOTE_BYTES_MAX + 1))) {
                tell(socket, odd);
            }
            tell(socket, ANN + "\0SMTP\0002001:db8::1\0\0"); // taken in turn: then so were all before it
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertEquals(2, places().size()));
            assertEquals(List.of("pop3 192.0.2.1 " + id, "smtp 2001:db8::1 "), places());
        }
        assertFalse(Files.exists(socket));
        assertEquals("", said.toString(UTF_8));
        assertFalse(domains.appPasswords(ANN).getFirst().used().equals(Instant.EPOCH));
    }

    @Test
    void theOldestPlacesGoAndAllWithTheMailbox() throws IOException {
        Instant now = Instant.now();
        for (int i = 0; i < Logins.PLACES_MAX + 5; i++) {
            domains.logins().note(List.of(login("192.0.2." + i, now.plusSeconds(i))));
        }
        domains.logins().note(List.of(login("192.0.2.3", now.minusSeconds(5))));
        List<Logins.Login> all = domains.logins().of(ANN);
        assertEquals(Logins.PLACES_MAX, all.size());
        assertEquals("192.0.2." + (Logins.PLACES_MAX + 4), all.getFirst().from());
        domains.logins().note(List.of(login("old", now.minus(Logins.KEPT.plus(Duration.ofDays(1))))));
        assertFalse(domains.logins().of(ANN).stream()
                .map(Logins.Login::from)
                .collect(Collectors.toSet())
                .contains("old"));
        domains.apply(new Edit.DeleteMailbox(ANN));
        assertEquals(List.of(), domains.logins().of(ANN));
        domains.logins().note(List.of(login("192.0.2.9", now)));
        assertEquals(List.of(), domains.logins().of(ANN), "what is told late of one that is gone");
    }

    private List<String> fresh(Duration within) throws IOException {
        return domains.logins().fresh(within, "").stream()
                .map(one -> one.holder() + " " + one.from())
                .toList();
    }

    @Test
    void aNetworkIsNewToWhoeverNeverCameFromItBefore() throws IOException {
        Instant now = Instant.now();
        Duration hour = Duration.ofHours(1);
        domains.logins().note(List.of(login("192.0.2.1", now.minusSeconds(60)), login("198.51.100.1", now)));
        assertEquals(List.of(), fresh(hour), "nobody knows yet where he comes from");
        domains.logins().note(List.of(login("203.0.113.9", now.minus(Duration.ofDays(3)))));
        assertEquals(List.of(ANN + " 192.0.2.1", ANN + " 198.51.100.1"), fresh(hour));
        domains.logins().note(List.of(login("203.0.113.77", now), login("2001:db8::1", now)));
        assertEquals(
                List.of(ANN + " 192.0.2.1", ANN + " 198.51.100.1", ANN + " 2001:db8::1"),
                fresh(hour),
                "the next address of a network that is known is none");
        domains.logins().note(List.of(login("192.0.2.1", now.plusSeconds(9000))));
        assertEquals(List.of(), fresh(Duration.ZERO), "used again it is no newer");
        assertEquals(3, domains.logins().fresh(hour, ANN).size());
        assertEquals(List.of(), domains.logins().fresh(hour, "postmaster@example.test"));
    }

    private static Logins.Login login(String from, Instant when) {
        return new Logins.Login(ANN, Logins.Door.POP3, from, "", when);
    }

    @Test
    void signingInToThePagesIsOne() throws IOException {
        domains.as(new Actor(ANN, Actor.Door.PAGE, "192.0.2.9")).signIns().begin("s", "", Duration.ofHours(1));
        assertEquals(List.of("pages 192.0.2.9 "), places());
    }
}
