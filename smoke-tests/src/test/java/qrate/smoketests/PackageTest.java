package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The Debian package from its installation to its end, on a bare Debian 13. The steps build on each other: a machine
/// has one life.
@Tag("container")
@Tag("long")
@Timeout(1200)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PackageTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String HOST = "mail.example.test";

    @TempDir
    static Path folder;

    private Machine machine;
    private String file;

    @BeforeAll
    void start() throws IOException {
        Path made = Release.file(".deb");
        machine = Machine.start("trixie", HOST, folder);
        machine.put(made, "/root");
        file = "/root/" + made.getFileName();
    }

    @AfterAll
    void end() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }

    private String said(String script) throws IOException {
        Ran ran = machine.inside(script);
        assertEquals(0, ran.code(), script + ": " + ran.text());
        return ran.text();
    }

    private void contains(String script, String text) throws IOException {
        String said = said(script);
        assertTrue(said.contains(text), text + " is not in: " + said);
    }

    private String active() throws IOException {
        return machine.inside("systemctl is-active qrate").text().strip();
    }

    @Test
    @Order(1)
    void lintianFindsNothing() throws IOException {
        Ran said = Machine.run(
                Map.of(),
                "lintian",
                "--allow-root",
                "--fail-on",
                "error,warning",
                Release.file(".deb").toString());
        assertEquals(0, said.code(), said.text());
        assertEquals("", said.text());
    }

    @Test
    @Order(2)
    void itAsksForADomainBeforeAnythingStarts() throws IOException {
        contains(
                "DEBIAN_FRONTEND=noninteractive dpkg -i " + file + " 2>&1", "set QRATE_DOMAIN in /etc/qrate/qrate.env");
        assertEquals("inactive", active());
        Ran ran = machine.inside(
                "systemctl start qrate; sleep 1; systemctl show -p ExecMainStatus qrate; journalctl -u qrate");
        assertTrue(ran.text().contains("QRATE_DOMAIN is not set in /etc/qrate/qrate.env"), ran.text());
        assertTrue(ran.text().contains("ExecMainStatus=100"), ran.text());
        said("systemctl reset-failed qrate");
    }

    @Test
    @Order(3)
    void itRunsBelowSystemdAsAUserOfItsOwn() throws IOException {
        said("sed -i 's/^#QRATE_DOMAIN=.*/QRATE_DOMAIN=example.test/' /etc/qrate/qrate.env");
        said("systemctl enable --now qrate");
        await().atMost(SOON).until(() -> machine.inside("qrate status").code() == 0);
        contains("ps -o user= -p $(systemctl show -p MainPID --value qrate)", "qrate");
        contains("qrate smoke", " passed, 0 failed");
        contains("journalctl -u qrate", "tcpserver: ");
        Ran down = machine.inside("qrate down");
        assertEquals(100, down.code(), down.text());
        assertTrue(down.text().contains("systemctl stop qrate"), down.text());
        assertTrue(machine.inside("qrate logs").text().contains("journalctl -u qrate"));
        contains("qrate admin-password -r admin", "");
        contains("qrate vadduser ann@example.test 'a good password'; echo $?", "0");
    }

    @Test
    @Order(4)
    void everyUserOfTheMachineSendsMail() throws IOException {
        said("useradd --create-home dave");
        said("echo " + HOST + " >/etc/mailname");
        said(
                "printf 'To: ann@example.test\\nSubject: from dave\\n\\nhello\\n' | runuser -u dave -- /usr/sbin/sendmail -t");
        said("printf 'To: ann@example.test\\nSubject: from root\\n\\nhello\\n' | /usr/sbin/sendmail -t");
        String found = "cat /var/lib/qrate/maildirs/domains/example.test/ann/Maildir/new/* 2>/dev/null";
        await().atMost(SOON).until(() -> {
            String mail = machine.inside(found).text();
            return mail.contains("from dave") && mail.contains("from root");
        });
        contains(found, "From: dave@" + HOST);
        contains("ls /usr/share/man/man8/qmail-send.8.gz /usr/share/bash-completion/completions/qrate; mailq", "");
    }

    @Test
    @Order(5)
    void anUpgradeKeepsSettingsAndMail() throws IOException {
        String before = said("systemctl show -p MainPID qrate");
        contains("DEBIAN_FRONTEND=noninteractive dpkg -i " + file + " 2>&1", "Unpacking qrate");
        await().atMost(SOON).until(() -> machine.inside("qrate status").code() == 0);
        assertTrue(!before.equals(said("systemctl show -p MainPID qrate")), "it was started anew");
        contains("grep ^QRATE_DOMAIN /etc/qrate/qrate.env", "example.test");
        contains("cat /var/lib/qrate/maildirs/domains/example.test/ann/Maildir/new/*", "from dave");
    }

    @Test
    @Order(6)
    void whatIsRemovedLeavesItsMailAndWhatIsPurgedAsks() throws IOException {
        said("DEBIAN_FRONTEND=noninteractive dpkg -r qrate");
        contains("ls /var/lib/qrate /etc/qrate/qrate.env", "maildirs");
        assertEquals(1, machine.inside("test -e /usr/lib/qrate").code());
        said("DEBIAN_FRONTEND=noninteractive dpkg -P qrate");
        contains("ls /var/lib/qrate", "maildirs");
        assertEquals(1, machine.inside("test -e /etc/qrate").code());
        said("DEBIAN_FRONTEND=noninteractive dpkg -i " + file);
        said("echo 'qrate qrate/purge-state boolean true' | debconf-set-selections");
        said("DEBIAN_FRONTEND=noninteractive dpkg -P qrate");
        assertEquals(1, machine.inside("test -e /var/lib/qrate").code());
    }
}
