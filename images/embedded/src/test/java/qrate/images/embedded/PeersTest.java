package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our programs under the servers of others, and theirs under ours: ucspi-tcp, xinetd, systemd, Dovecot.
/// `provisioning/machine --peers` installs them.
@Tag("peer")
class PeersTest {
    @TempDir
    Path folder;

    private Installation here;
    private Beside beside;

    @BeforeEach
    void start() throws IOException {
        String send = "127.0.0.1:" + Beside.freePort();
        here = Installation.start(folder, Map.of("QRATE_SEND", send));
        beside = new Beside(folder, here.state(), send);
        Files.writeString(here.state().control().resolve("pop3plaintext"), "yes\n");
    }

    @AfterEach
    void stop() {
        beside.close();
        here.close();
    }

    private void sends(int port, String mark) throws IOException {
        try (Talk talk = Talk.smtp(port)) {
            String reply = talk.message("someone@elsewhere.test", List.of(Installation.ANN), Installation.letter(mark));
            assertTrue(reply.startsWith("250 2.0.0 "), reply);
            assertEquals("221 2.0.0 good bye", talk.say("QUIT"));
        }
    }

    private void sendsAsAStranger(int port) throws IOException {
        try (Talk talk = Talk.smtp(port)) {
            talk.say("MAIL FROM:<someone@elsewhere.test>");
            assertEquals(
                    "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts",
                    talk.say("RCPT TO:<x@far.test>"));
        }
    }

    private static String logsIn(Talk talk, String user, String password) throws IOException {
        assertEquals("+OK", talk.say("USER " + user));
        return talk.say("PASS " + password);
    }

    /// Reads ann's one message and deletes it.
    private void reads(int port, String mark) throws IOException {
        here.box(Installation.ANN, 1);
        try (Talk talk = Talk.to(port)) {
            assertTrue(talk.line().matches("\\+OK <.*@pop\\.example\\.test>"));
            assertEquals("+OK 1 messages", logsIn(talk, Installation.ANN, Installation.PASSWORD));
            talk.say("RETR 1");
            assertTrue(talk.text().endsWith("This is " + mark + "\r\n"));
            assertEquals("+OK marked", talk.say("DELE 1"));
            assertEquals("+OK goodbye", talk.say("QUIT"));
        }
        assertEquals(List.of(), here.box(Installation.ANN));
    }

    private int popUnderDebiansTcpserver() throws IOException {
        beside.start(
                "/usr/bin/tcpserver",
                "-R",
                "-H",
                "-1",
                "-l",
                "0",
                "127.0.0.1",
                "0",
                "qmail-popup",
                "pop.example.test",
                "vchkpw",
                "qmail-pop3d",
                "Maildir");
        return beside.port();
    }

    @Test
    void debiansTcpserverRunsOurSmtpdAndOurPop3() throws Exception {
        Path rules = folder.resolve("rules.cdb");
        assertEquals(0, beside.run("127.:allow,WHO=\"a rule\"\n:deny\n", "tcprules", rules.toString(), rules + ".tmp"));
        beside.start(
                "/usr/bin/tcpserver",
                "-v",
                "-R",
                "-H",
                "-1",
                "-l",
                "0",
                "-x",
                rules.toString(),
                "127.0.0.1",
                "0",
                "qmail-smtpd");
        int smtp = beside.port();
        sends(smtp, "under tcpserver");
        sendsAsAStranger(smtp);
        Awaitility.await()
                .atMost(Installation.SOON)
                .untilAsserted(() -> assertTrue(beside.said().contains("status 0"), beside.said()));
        assertTrue(here.box(Installation.ANN, 1).getFirst().contains("with ESMTP"), here.log());
        int pop = popUnderDebiansTcpserver();
        reads(pop, "under tcpserver");
        try (Talk talk = Talk.to(pop)) {
            talk.line();
            assertEquals("-ERR [AUTH] authorization failed", logsIn(talk, Installation.ANN, "wrong"));
        }
    }

    @Test
    void ourPopupKeepsTlsToItselfAndHandsTheRestOn() throws Exception {
        int pop = popUnderDebiansTcpserver();
        here.send("inside TLS", Installation.ANN);
        here.box(Installation.ANN, 1);
        try (Talk talk = Talk.to(pop)) {
            talk.line();
            assertEquals("+OK begin TLS", talk.say("STLS"));
            talk.secure();
            assertEquals("+OK 1 messages", logsIn(talk, Installation.ANN, Installation.PASSWORD));
            talk.say("RETR 1");
            assertTrue(talk.text().endsWith("This is inside TLS\r\n"));
            assertEquals("+OK goodbye", talk.say("QUIT"));
        }
    }

    @Test
    void ourTcpserverRunsOurProgramsByDebiansRules() throws Exception {
        Path theirs = folder.resolve("theirs.cdb");
        Path ours = folder.resolve("ours.cdb");
        beside.script("filter", "sed 's/^Subject: /Subject: [seen] /' | qmail-queue");
        String text = "127.0.0.1:allow,QMAILQUEUE=\"" + beside.bin().resolve("filter")
                + "\"\n=mail.test:deny\n10.1.:allow,A=\"b\",C=/d/\n10.0.0.1-3:deny\n:deny\n";
        assertEquals(0, beside.run(text, "/usr/bin/tcprules", theirs.toString(), theirs + ".tmp"));
        assertEquals(0, beside.run(text, beside.bin().resolve("tcprules").toString(), ours.toString()));
        assertArrayEquals(Files.readAllBytes(theirs), Files.readAllBytes(ours), "the same file from the same rules");
        assertEquals(0, beside.run("", "env", "TCPREMOTEIP=10.1.2.3", "/usr/bin/tcprulescheck", ours.toString()));
        assertEquals(
                "rule 10.1.:\nset environment variable A=b\nset environment variable C=d\nallow connection\n",
                beside.said());

        beside.start(
                beside.bin().resolve("our-tcpserver").toString(),
                "-v",
                "-R",
                "-H",
                "-1",
                "-l",
                "mx",
                "-x",
                theirs.toString(),
                "127.0.0.1",
                "0",
                "qmail-smtpd");
        int port = beside.port();
        sends(port, "filtered");
        assertTrue(here.box(Installation.ANN, 1).getFirst().contains("Subject: [seen] filtered"), here.log());
        Awaitility.await().atMost(Installation.SOON).untilAsserted(() -> {
            List<String> lines = beside.said()
                    .lines()
                    .filter(line -> line.startsWith("tcpserver: "))
                    .map(line -> line.replaceAll("[0-9]{3,}", "N"))
                    .toList();
            assertEquals(
                    List.of(
                            "tcpserver: status: 0/40",
                            "tcpserver: status: 1/40",
                            "tcpserver: pid N from N.0.0.1",
                            "tcpserver: ok N mx:N.0.0.1:N :N.0.0.1::N",
                            "tcpserver: end N status 0",
                            "tcpserver: status: 0/40"),
                    lines);
        });
        assertEquals(0, beside.term());
    }

    @Test
    void xinetdRunsThem() throws Exception {
        int smtp = Beside.freePort();
        int pop = Beside.freePort();
        StringBuilder variables = new StringBuilder();
        beside.environment()
                .forEach((name, value) ->
                        variables.append(name).append('=').append(value).append(' '));
        String service = """
                service %s
                {
                    type = UNLISTED
                    socket_type = stream
                    protocol = tcp
                    wait = no
                    user = root
                    bind = 127.0.0.1
                    port = %d
                    env = %s
                    server = %s
                    server_args = -R %s
                }
                """;
        Path config = Files.writeString(
                folder.resolve("xinetd.conf"),
                service.formatted("smtp", smtp, variables, beside.bin().resolve("tcp-env"), "qmail-smtpd")
                        + service.formatted(
                                "pop3",
                                pop,
                                variables,
                                beside.bin().resolve("tcp-env"),
                                "qmail-popup pop.example.test vchkpw qmail-pop3d Maildir"));
        beside.start(
                "/usr/sbin/xinetd",
                "-dontfork",
                "-f",
                config.toString(),
                "-pidfile",
                folder.resolve("pid").toString(),
                "-filelog",
                folder.resolve("xinetd.log").toString());
        Beside.listens(smtp);
        sends(smtp, "under xinetd");
        reads(pop, "under xinetd");
    }

    @Test
    void systemdPassesTheConnectionOrTheListeningSocket() throws Exception {
        String[] variables = beside.environment().entrySet().stream()
                .map(e -> "--setenv=" + e.getKey() + "=" + e.getValue())
                .toArray(String[]::new);
        for (String[] program : List.of(
                new String[] {"--accept", "--inetd", "tcp-env", "-R", "qmail-smtpd"},
                new String[] {"--accept", "tcp-env", "-R", "qmail-smtpd"},
                new String[] {"our-tcpserver", "-R", "-H", "-l", "0", "0", "0", "qmail-smtpd"})) {
            int port = Beside.freePort();
            List<String> command = new java.util.ArrayList<>(
                    List.of("/usr/bin/systemd-socket-activate", "--listen=127.0.0.1:" + port));
            command.addAll(List.of(variables));
            command.addAll(List.of(program));
            beside.start(command.toArray(String[]::new));
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> beside.said().contains("Listening on"));
            sends(port, "under systemd");
            here.box(Installation.ANN, 1);
            sendsAsAStranger(port);
            beside.close();
            deleteAll();
        }
    }

    private void deleteAll() throws IOException {
        try (Talk talk = Talk.to(here.running().pop().pop3s().port())) {
            talk.secure();
            talk.hear();
            logsIn(talk, Installation.ANN, Installation.PASSWORD);
            talk.say("DELE 1");
            assertEquals("+OK goodbye", talk.say("QUIT"));
        }
    }

    @Test
    void dovecotAsksOurVchkpwAndOpensTheBoxThatItNames() throws Exception {
        here.send("through Dovecot", Installation.ANN);
        here.box(Installation.ANN, 1);
        open(folder);
        int port = Beside.freePort();
        StringBuilder checker = new StringBuilder();
        // Dovecot gives a checker its own variables alone
        beside.environment().forEach((name, value) -> checker.append("export " + name + "=" + value + "; "));
        Path vchkpw = beside.script("vchkpw-here", checker + "exec vchkpw \"$@\"");
        Path config = Files.writeString(
                folder.resolve("dovecot.conf"), """
                protocols = pop3
                default_vsz_limit = 0
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/dovecot.log
                listen = 127.0.0.1
                ssl = no
                disable_plaintext_auth = no
                first_valid_uid = 100
                mail_location = maildir:~/Maildir
                passdb {
                  driver = checkpassword
                  args = %3$s
                }
                userdb {
                  driver = prefetch
                }
                service auth {
                  user = root
                }
                service anvil {
                  chroot =
                }
                service pop3-login {
                  chroot =
                  inet_listener pop3 {
                    port = %2$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                """.formatted(folder.resolve("dovecot"), port, vchkpw));
        Files.createDirectories(folder.resolve("dovecot"));
        beside.start("/usr/sbin/dovecot", "-F", "-c", config.toString());
        Beside.listens(port);
        try (Talk talk = Talk.to(port)) {
            talk.line();
            assertTrue(logsIn(talk, Installation.ANN, "wrong").startsWith("-ERR [AUTH]"));
            String reply = logsIn(talk, Installation.ANN, Installation.PASSWORD);
            assertTrue(reply.startsWith("+OK"), reply + " " + log());
            assertTrue(talk.say("STAT").startsWith("+OK 1 "));
            talk.say("RETR 1");
            assertTrue(talk.text().endsWith("This is through Dovecot\r\n"));
        }
        assertEquals(
                0,
                beside.run(
                        "",
                        "/usr/bin/doveadm",
                        "-c",
                        config.toString(),
                        "auth",
                        "test",
                        Installation.ANN,
                        Installation.PASSWORD));
        assertEquals(
                77,
                beside.run("", "/usr/bin/doveadm", "-c", config.toString(), "auth", "test", Installation.ANN, "wrong"));
    }

    private String log() {
        try {
            return new String(Files.readAllBytes(folder.resolve("dovecot/dovecot.log")), UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Gives the boxes to nobody, whom Dovecot then reads as, and lets them be reached.
    private void open(Path top) throws IOException {
        Path maildirs = here.state().maildirs();
        for (Path path = maildirs; path.startsWith(top); path = path.getParent()) {
            path.toFile().setExecutable(true, false);
        }
        int nobody = 65534;
        try (var all = Files.walk(maildirs)) {
            for (Path path : all.toList()) {
                Files.setAttribute(path, "unix:uid", nobody);
                Files.setAttribute(path, "unix:gid", nobody);
            }
        }
    }
}
