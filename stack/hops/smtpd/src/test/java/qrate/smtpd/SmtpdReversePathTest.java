package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.srs.Srs;
import qrate.srs.SrsResult;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

/// What we made of another's address for mail sent on (SRS) is there for bounces; what only looks so is not.
class SmtpdReversePathTest {
    private static final String SECRET = "a secret of ours";
    private static final String NONE = "550 5.1.1 sorry, no mail comes back by that address: ";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
        house.control("srs_secrets", SECRET);
        house.control("virtualdomains", "example.test:example.test");
    }

    private static String made(InstantSource clock) {
        Srs.Terms terms = new Srs.Terms(List.of(SECRET), Srs.AGE_DAYS_USUAL);
        SrsResult result = new Srs("example.test", terms, _ -> false, clock).forward("zoe@far.example");
        return assertInstanceOf(SrsResult.Changed.class, result).address();
    }

    private void recipient(String sender, String address, String reply) throws IOException {
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(
                    List.of(
                            "S: 220 mail.example.test ESMTP",
                            "C: HELO x",
                            "S: 250 mail.example.test",
                            "C: MAIL FROM:<" + sender + ">",
                            "S: 250 2.1.0 ok",
                            "C: RCPT TO:<" + address + ">",
                            "S: " + reply,
                            "C: QUIT",
                            "S: 221 2.0.0 good bye",
                            "S!"),
                    listener.port());
        }
    }

    @Test
    void whatWeMadeIsTakenFromWhomeverItComes() throws IOException {
        String ours = made(InstantSource.system());
        recipient("", ours, "250 2.1.5 ok");
        recipient("answers@far.example", ours.toLowerCase(Locale.ROOT), "250 2.1.5 ok");
        assertEquals(List.of(), house.accepted);
    }

    @Test
    void whatAStrangerMadeUpIsRefused() throws IOException {
        String forged = made(InstantSource.system()).replace("=zoe@", "=eve@");
        recipient("", forged, NONE + "its hash is wrong: we did not make it");
        recipient("", "SRS0=abcd@example.test", NONE + "it lacks a hash, a day, a host or a name");
    }

    @Test
    void whatIsTooOldIsRefused() throws IOException {
        recipient(
                "",
                made(InstantSource.offset(InstantSource.system(), Duration.ofDays(-22))),
                NONE + "it is older than 21 days");
    }

    @Test
    void aDomainThatIsNotOursIsNotMadeOursByIt() throws IOException {
        recipient(
                "",
                made(InstantSource.system()).replace("@example.test", "@else.test"),
                "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts");
    }
}
