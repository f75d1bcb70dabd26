package qrate.smoketests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.PostgresqlServer;

/// The stack with every overlay of `compose/`: the directory in PostgreSQL, which runs on this host, and QMTP.
@Timeout(240)
class OverlaysTest extends OnStack {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);
    private static final int QMTP_MILLIS_MAX = 30_000;

    @TempDir
    static Path folder;

    private PostgresqlServer server;
    private int qmtp;

    @BeforeAll
    @Override
    void up() throws IOException, InterruptedException, SQLException {
        // PostgreSQL runs as another user, who may enter and not list
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Path password = Files.writeString(folder.resolve("password"), PostgresqlServer.PASSWORD + "\n");
        Files.setAttribute(password, "unix:uid", 7794);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("r--------"));
        stack = Stack.prepared("postgresql", "qmtp", "gate");
        stack.publish("QMTP");
        qmtp = stack.port("QMTP");
        stack.set("QRATE_DB_URL", "jdbc:postgresql://not-known-yet/qrate");
        stack.set("QRATE_DB_PASSWORD_FILE", password.toString());
        stack.compose("create", "init").orFail(); // makes its network, whose gateway is this host
        String gateway = stack.network("database", "{{(index .IPAM.Config 0).Gateway}}");
        server = new PostgresqlServer(folder, "127.0.0.1," + gateway);
        server.database("directory");
        stack.set("QRATE_DB_URL", "jdbc:postgresql://" + gateway + ":" + server.port() + "/directory");
        stack.started();
    }

    @AfterAll
    @Override
    void down() throws IOException {
        super.down();
        if (server != null) {
            server.close();
        }
    }

    private int messages(Target.Login box) throws IOException {
        try (RawClient wire =
                RawClient.secured(stack.target(), stack.target().ports().pop3s())) {
            wire.line();
            wire.pop3("USER " + box.address(), "+OK");
            wire.pop3("PASS " + box.password(), "+OK");
            int count = Integer.parseInt(wire.pop3("STAT", "+OK").split(" ", -1)[1]);
            wire.pop3("QUIT", "+OK");
            return count;
        }
    }

    @Test
    void theDirectoryIsInPostgresqlAndNowhereElse() throws IOException {
        Target.Login box = stack.mailbox("bob");
        stack.compose("restart", "admin").orFail();
        stack.start();
        assertEquals(0, messages(box));
        assertTrue(stack.inside("admin", "qrate vuserinfo " + box.address())
                .orFail()
                .text()
                .contains("name:   bob"));
        List<String> files = stack.inside("admin", "ls /var/qmail/db").orFail().lines();
        assertTrue(files.contains("kind"), files.toString());
        assertFalse(files.stream().anyMatch(name -> name.startsWith("vpopmail")), files.toString());
        stack.compose("run", "--rm", "-T", "init").orFail();
    }

    @Test
    void theGateMarksStrangersMailAndReachesNothingButDns() throws IOException {
        Target.Login box = stack.mailbox("gwen");
        try (RawClient wire =
                RawClient.plain(stack.target(), stack.target().ports().smtp())) {
            wire.line();
            for (String command :
                    List.of("HELO far.invalid", "MAIL FROM:<someone@far.invalid>", "RCPT TO:<" + box.address() + ">")) {
                wire.smtp(command, "250");
            }
            wire.smtp("DATA", "354");
            wire.smtp("From: someone@far.invalid\r\n\r\nhello\r\n.", "250");
            wire.smtp("QUIT", "221");
        }
        String find = "cat /var/qmail/maildirs/domains/" + Stack.DOMAIN + "/gwen/Maildir/new/*";
        await().atMost(ARRIVAL_MAX)
                .until(() ->
                        stack.inside("lspawn", find).text().contains("\nAuthentication-Results: mail." + Stack.DOMAIN));
        assertEquals("true", stack.network("filters", "{{.Internal}}"));
        assertNotEquals(0, stack.inside("gate", "nc -w 1 send 628 </dev/null").code());
        for (String address : stack.inspect("rspawn", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}")
                .strip()
                .split(" ", -1)) {
            assertNotEquals(
                    0,
                    stack.inside("gate", "nc -w 1 " + address + " 630 </dev/null")
                            .code(),
                    "mail to rspawn past the queue");
        }
        assertNotEquals(
                0, stack.inside("gate", "ls /var/qmail/users /var/qmail/keys").code());
        stack.inside("gate", "touch /var/qmail/gate/reports/x.new").orFail();
        stack.inside("admin", "rm /var/qmail/gate/reports/x.new").orFail();
        assertNotEquals(0, stack.inside("admin", "touch /var/qmail/gate/x").code(), "it takes reports and no more");
    }

    @Test
    void theDatabasesNetworkLeadsNowhereElse() throws IOException {
        assertEquals("true", stack.network("database", "{{.Internal}}"));
        assertNotEquals(
                0, stack.inside("smtpd", "test -e /run/secrets/database").code());
    }

    /// A session of QMTP: one message, one recipient; the answer says that it is queued.
    @Test
    void mailComesInByQmtpUnderTheRulesOfSmtp() throws IOException {
        Target.Login box = stack.mailbox("quentin");
        assertEquals('K', qmtp("someone@far.invalid", box.address()).charAt(0));
        await().atMost(ARRIVAL_MAX).until(() -> messages(box) == 1);
        assertEquals(
                'D', qmtp("someone@far.invalid", "someone@elsewhere.invalid").charAt(0));
        assertEquals('D', qmtp("someone@far.invalid", "nobody@" + Stack.DOMAIN).charAt(0));
    }

    private String qmtp(String from, String to) throws IOException {
        String said = netstring("\nSubject: by QMTP\n\nbody\n") + netstring(from) + netstring(netstring(to));
        try (Socket socket = new Socket("127.0.0.1", qmtp)) {
            socket.setSoTimeout(QMTP_MILLIS_MAX);
            socket.getOutputStream().write(said.getBytes(US_ASCII));
            socket.shutdownOutput();
            String heard = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return heard.substring(heard.indexOf(':') + 1);
        }
    }

    private static String netstring(String text) {
        return text.length() + ":" + text + ",";
    }
}
