package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Program;
import qrate.posix.Posix;
import qrate.testkit.Seeds;

/// `qmail-popup` and `qmail-pop3d` as programs; what they do behind real servers is shown in images/embedded.
class QmailPopupTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_764_000_000_123L);
    private static final String STAMP = "<" + ProcessHandle.current().pid() + ".1.1764000000123@pop.example.test>";
    private static final String GREETING = "+OK " + STAMP + "\r\n";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void makeControls() throws IOException {
        Files.createDirectory(folder.resolve("control"));
        Files.writeString(folder.resolve("control/me"), "mail.example.test\n");
        Files.writeString(folder.resolve("control/pop3plaintext"), "yes\n");
    }

    private int run(Program program, String in, String... arguments) throws Exception {
        out.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        ByteArrayInputStream bytes = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
        Map<String, String> environment = Map.of("PATH", Posix.PATH_USUAL, "USER", "ann@example.test");
        return program.run(List.of(arguments), new Program.Stdio(environment, bytes, print, nowhere));
    }

    private Control control() {
        return new Control(folder.resolve("control"), () -> NOW);
    }

    private int popup(String in, String... arguments) throws Exception {
        return run(
                new QmailPopup(new QmailPopup.Parts(control(), new Posix(), Optional::empty, () -> NOW)),
                in,
                arguments);
    }

    /// A subprogram that keeps descriptor 3 and exits as told.
    private int checked(String in, int code) throws Exception {
        return popup(
                in,
                "pop.example.test",
                "sh",
                "-c",
                "cat <&3 >'" + folder + "/three'; grep -q ^probe- '" + folder + "/three' && exit 1; exit " + code);
    }

    private String three() throws IOException {
        return Files.readString(folder.resolve("three")).replace('\0', '|');
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void handsUserAndPasswordOverOnDescriptorThree() throws Exception {
        assertEquals(0, checked("USER ann@example.test\r\nPASS two words\r\n", 0));
        assertEquals("ann@example.test|two words|" + STAMP + "|", three());
        assertEquals(GREETING + "+OK\r\n", said());
    }

    @Test
    void handsAnApopResponseOverAsItIs() throws Exception {
        assertEquals(0, checked("APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n", 0));
        assertEquals("mrose|c4c9334bac560ecc979e58001b3e22fb|" + STAMP + "|", three());
        assertEquals(1, checked("APOP mrose\r\nQUIT\r\n", 0));
        assertEquals(GREETING + "-ERR APOP needs a name and a digest\r\n+OK goodbye\r\n", said());
    }

    @Test
    void takesSaslPlainAtOnceAndWithAChallenge() throws Exception {
        String plain = Base64.getEncoder().encodeToString("\0ann\0secret".getBytes(StandardCharsets.UTF_8));
        assertEquals(0, checked("AUTH PLAIN " + plain + "\r\n", 0));
        assertEquals("ann|secret|" + STAMP + "|", three());
        assertEquals(0, checked("AUTH PLAIN\r\n" + plain + "\r\n", 0));
        assertEquals(GREETING + "+ \r\n", said());
        checked("AUTH PLAIN\r\n*\r\nAUTH PLAIN x\r\nAUTH\r\nQUIT\r\n", 0);
        assertEquals(
                GREETING + "+ \r\n-ERR given up\r\n-ERR not base64\r\n+OK\r\nPLAIN\r\n.\r\n+OK goodbye\r\n", said());
    }

    @Test
    void saysWhatEachEndOfTheSubprogramMeans() throws Exception {
        String login = "USER ann\r\nPASS x\r\n";
        assertEquals(1, checked(login, 1));
        assertEquals(GREETING + "+OK\r\n-ERR [AUTH] authorization failed\r\n", said());
        for (int code : new int[] {2, 111, 77}) {
            assertEquals(1, checked(login, code));
            assertEquals(GREETING + "+OK\r\n-ERR [SYS/TEMP] unable to check the password now\r\n", said());
        }
        assertEquals(1, popup(login, "pop.example.test", "sh", "-c", "kill -9 $$"));
        assertEquals(GREETING + "+OK\r\n-ERR [SYS/TEMP] the program that checks passwords crashed\r\n", said());
        assertEquals(1, popup(login, "pop.example.test", "/no/such/checkpassword"));
        assertEquals(GREETING + "+OK\r\n-ERR [SYS/TEMP] unable to check the password now\r\n", said());
        assertEquals(1, checked("USER ann\r\nPASS " + "x".repeat(600) + "\r\n", 0));
        assertEquals(GREETING + "+OK\r\n-ERR [AUTH] authorization failed\r\n", said());
    }

    @Test
    void answersEverythingElseBeforeALogin() throws Exception {
        assertEquals(1, checked("NOOP\r\nSTLS\r\nPASS x\r\nCAPA\r\nUTF8\r\nQUIT\r\n", 0));
        assertEquals(
                GREETING + "-ERR log in first\r\n-ERR TLS is on already or not to be had\r\n-ERR USER first\r\n"
                        + "+OK capabilities follow\r\nUSER\r\nSASL PLAIN\r\nTOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\n"
                        + "AUTH-RESP-CODE\r\nEXPIRE NEVER\r\nUTF8\r\nIMPLEMENTATION Qrate\r\n.\r\n"
                        + "+OK UTF8 enabled\r\n+OK goodbye\r\n",
                said());
        assertEquals(1, checked("", 0));
        assertEquals(1, checked("XYZZY\r\n".repeat(Session.WRONG_MAX + 1), 0));
        assertEquals(1, checked("x".repeat(3000), 0));
        assertEquals(GREETING + "-ERR line refused: too long\r\n", said());
        assertEquals(1, popup("", "pop.example.test"));
        assertEquals("-ERR usage: qmail-popup hostname subprogram\r\n", said());
    }

    /// The host name forgotten, and what is no checker in a checker's place.
    @Test
    void letsNobodyInWhereAnybodyWouldGetIn() throws Exception {
        String login = "USER ann\r\nPASS x\r\n";
        String usage = "-ERR usage: qmail-popup hostname subprogram\r\n";
        for (String host : List.of("/home/vpopmail/bin/vchkpw", "./vchkpw", "bin/checkpassword")) {
            assertEquals(1, popup(login, host, "qmail-pop3d", "Maildir"));
            assertEquals(usage, said());
        }
        String refusal = GREETING + "+OK\r\n-ERR [SYS/PERM] no login is possible here\r\n";
        for (List<String> open : List.of(
                List.of("true"),
                List.of("/bin/true", "qmail-pop3d", "Maildir"),
                List.of("sh", "-c", "exit 0"),
                List.of("env", "sh", "-c", "cat <&3 >/dev/null"),
                List.of("sh", "-c", "echo '+OK 3 messages'; exit 1"),
                List.of("echo", "+OK"))) {
            List<String> words = new ArrayList<>(List.of("pop.example.test"));
            words.addAll(open);
            assertEquals(1, popup(login, words.toArray(new String[0])), open.toString());
            assertEquals(refusal, said(), open.toString());
        }
    }

    @Test
    void saysThatItWaitedForTooLong() throws Exception {
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new SocketTimeoutException();
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                throw new SocketTimeoutException();
            }
        };
        QmailPopup popup = new QmailPopup(new QmailPopup.Parts(control(), new Posix(), Optional::empty, () -> NOW));
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(
                1, popup.run(List.of("pop.example.test", "true"), new Program.Stdio(Map.of(), silent, print, print)));
        assertEquals(GREETING + "-ERR idle for too long\r\n", said());
    }

    @Test
    void forbidsPlaintextPasswordsUnlessControlSaysSo() throws Exception {
        Files.delete(folder.resolve("control/pop3plaintext"));
        assertEquals(1, checked("CAPA\r\nAUTH PLAIN AGFubgBzZWNyZXQ=\r\nQUIT\r\n", 0));
        assertFalse(said().contains("USER") || said().contains("SASL"), said());
        assertEquals(1, checked("USER ann\r\nQUIT\r\n", 0));
        assertEquals(GREETING + "-ERR [AUTH] TLS first (STLS, or port 995)\r\n+OK goodbye\r\n", said());
        assertEquals(0, checked("APOP ann c4c9334bac560ecc979e58001b3e22fb\r\n", 0));
    }

    @Test
    void servesABoxThatIsAlreadyOpen() throws Exception {
        Path maildir = folder.resolve("Maildir");
        for (String part : List.of("tmp", "new", "cur")) {
            Files.createDirectories(maildir.resolve(part));
        }
        Files.writeString(maildir.resolve("new/1000.Q1.host,S=20"), "Subject: one\n\nhello\n");
        QmailPop3d pop3d = new QmailPop3d(control(), new Posix(), () -> NOW);
        assertEquals(
                0, run(pop3d, "STAT\r\nLAST\r\nRETR 1\r\nLAST\r\nUSER x\r\nDELE 1\r\nQUIT\r\n", maildir.toString()));
        assertEquals(
                "+OK 1 messages|+OK 1 23|+OK 0|+OK 23 octets|Subject: one||hello|.|+OK 1|"
                        + "-ERR logged in already|+OK marked|+OK goodbye|",
                said().replace("\r\n", "|"));
        assertEquals(0, run(pop3d, "STAT\r\nQUIT\r\n", folder.resolve("none").toString()));
        assertEquals("-ERR [SYS/PERM] there is no Maildir here\r\n", said());
        assertEquals(0, run(pop3d, ""));
    }

    @Test
    void readsAnyCommandLineAndAnyPlainResponse() {
        Seeds.forAll(5000, random -> {
            byte[] line = new byte[random.nextInt(60)];
            random.nextBytes(line);
            List<String> verbs = List.of("APOP ", "USER ", "PASS ", "AUTH PLAIN ", "TOP ", "DELE ", "");
            byte[] verb = verbs.get(random.nextInt(verbs.size())).getBytes(StandardCharsets.US_ASCII);
            byte[] whole = new byte[verb.length + line.length];
            System.arraycopy(verb, 0, whole, 0, verb.length);
            System.arraycopy(line, 0, whole, verb.length, line.length);
            assertTrue(Pop3Parser.parse(whole) != null);
            assertTrue(Plain.read(Base64.getEncoder().encodeToString(line)) != null);
            assertTrue(Plain.read(new String(line, StandardCharsets.ISO_8859_1)) != null);
        });
    }
}
