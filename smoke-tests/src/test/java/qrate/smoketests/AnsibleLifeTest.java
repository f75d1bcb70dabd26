package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.smoketests.ControlMachine.HOST;
import static qrate.smoketests.ControlMachine.changed;
import static qrate.smoketests.ControlMachine.contains;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
import qrate.testkit.Pebble;

/// The years after the first day, by the roles and playbooks of `ansible/`. The steps build on each other: a machine
/// has
/// one life.
@Tag("container")
@Tag("long")
@Timeout(1200) // the one process may have to be built first
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnsibleLifeTest {
    private static final int HTTP_PORT = 80;
    private static final String SECRET = "secret-of-ann";
    private static final String[] UNTRIED = {"-e", "qrate_smoke=false"};

    /// SHA-512 crypt of "old horse".
    private static final String HASH =
            "$6$saltstring$62eHz2h/fHVb6y4OLwiDj3bJchOpCuDOoP5GYsiirLeMUUwUyMTAt/XTi.AiMHUQEh9yE6rPKpOVt8UbWh2F5.";

    @TempDir
    static Path folder;

    private ControlMachine control;
    private Path declared;
    private Path fetched;

    @BeforeAll
    void start() throws IOException {
        control = ControlMachine.start("trixie", folder);
        control.publish();
        Certified.write(folder.resolve("own"), "dns:" + HOST);
        Certified.write(folder.resolve("others"), "dns:other.example.test");
        fetched = folder.resolve("fetched");
        declared = folder.resolve("declared.yml");
        declare("ann: {password: " + SECRET + ", quota: 50MB}");
    }

    @AfterAll
    void end() throws IOException {
        if (control != null) {
            control.close();
        }
    }

    /// Writes down what there is to be.
    private void declare(String mailbox) throws IOException {
        Files.writeString(declared, """
                qrate_certificate_file: %1$s/own/cert.pem
                qrate_certificate_key_file: %1$s/own/key.pem
                qrate_backup_calendar: "*-*-* 03:15"
                qrate_backup_post: test -d "$QRATE_BACKUP" && python3 -c "import socket; socket.socket()" && touch /root/on
                qrate_firewall: true
                qrate_declared:
                  control: {databytes: 50000000, concurrencyremote: 30}
                  domains:
                    school.test:
                      alias_domains: [short.test]
                      mailboxes:
                        %2$s
                      aliases:
                        office: [ann@school.test]
                """.formatted(folder, mailbox));
    }

    private Ran site(String... options) throws IOException {
        return control.play("qrate.mail.site", with(options));
    }

    private String[] with(String... options) {
        return Stream.concat(Stream.of("-e", "@" + declared), Stream.of(options))
                .toArray(String[]::new);
    }

    private String inside(String script) throws IOException {
        return control.machine().inside(script).orFail().text().strip();
    }

    /// What a command of Qrate's says on the machine.
    private Ran qrate(String command) throws IOException {
        return control.machine()
                .inside("runuser -u qrate -- env QRATE_STATE=/var/lib/qrate /opt/qrate/current/qrate " + command);
    }

    private void runsAs(String release) throws IOException {
        assertEquals("active", inside("systemctl is-active qrate"));
        assertTrue(inside("readlink /opt/qrate/current").contains("/" + release + "-"), release);
    }

    private List<String> backups() throws IOException {
        return inside("ls /var/backups/qrate").lines().toList();
    }

    @Test
    @Order(1)
    void aLookAheadAtABareMachineTouchesNothing() throws IOException {
        Ran said = site("--check", "--diff");
        assertEquals(0, said.code(), said.text());
        assertTrue(changed(said) > 0, said.text());
        assertEquals(
                "",
                inside("ls -d /opt/qrate /etc/qrate* /var/lib/qrate /var/backups/qrate 2>/dev/null; nft list tables"));
    }

    @Test
    @Order(2)
    void aBareMachineGetsWhatIsDeclaredACertificateAFirewallAndATimer() throws IOException {
        Ran said = site("--diff", "-vvv");
        assertEquals(0, said.code(), said.text());
        contains(said, " passed, 0 failed");
        contains(said, "+ mailbox ann@school.test");
        assertFalse(said.text().contains(SECRET), "a password is never shown");
        String key = Files.readAllLines(folder.resolve("own/key.pem")).get(1);
        assertFalse(said.text().contains(key), "a key is never shown");
        contains(qrate("vuserinfo ann@school.test").orFail(), "ann");
        assertEquals(
                Files.readString(folder.resolve("own/cert.pem")).strip(), inside("cat /var/lib/qrate/tls/cert.pem"));
        assertEquals("qrate:qrate 640", inside("stat -c '%U:%G %a' /var/lib/qrate/tls/key.pem"));
        assertTrue(inside("nft list table inet qrate").contains("policy drop"));
        assertTrue(inside("systemctl list-timers qrate-backup.timer").contains("qrate-backup.service"));
    }

    @Test
    @Order(3)
    void aSecondRunChangesNothing() throws IOException {
        assertEquals(0, control.changes("qrate.mail.site", with()));
    }

    @Test
    @Order(4)
    void aLookAheadNamesJustWhatWouldChange() throws IOException {
        declare("ann: {password: " + SECRET + ", quota: 60MB}");
        Ran ahead = site("--check", "--diff");
        assertEquals(0, ahead.code(), ahead.text());
        assertEquals(1, changed(ahead), ahead.text());
        contains(ahead, "~ mailbox ann@school.test");
        assertEquals(1, control.changes("qrate.mail.site", with(UNTRIED)), "what was said ahead is done");
    }

    @Test
    @Order(5)
    void whatIsWrongIsNamedAndNothingIsChanged() throws IOException {
        declare("ann: {quota: lots}");
        Ran quota = site();
        assertEquals(2, quota.code(), quota.text());
        contains(quota, "domains.school.test.mailboxes.ann.quota: must be a quota");
        declare("ann: {password: " + SECRET + ", quota: 60MB}");
        String before = inside("sha256sum /var/lib/qrate/tls/*.pem");
        Ran key = site("-e", "qrate_certificate_key_file=" + folder + "/others/key.pem");
        assertEquals(2, key.code(), key.text());
        contains(key, "certificate and key do not belong together");
        Ran name = site(
                "-e",
                "qrate_certificate_file=" + folder + "/others/cert.pem",
                "-e",
                "qrate_certificate_key_file=" + folder + "/others/key.pem");
        assertEquals(2, name.code(), name.text());
        contains(name, "is not valid for '" + HOST);
        assertEquals(before, inside("sha256sum /var/lib/qrate/tls/*.pem"));
        Ran calendar = site("-e", "qrate_backup_calendar=sometimes");
        assertEquals(2, calendar.code(), calendar.text());
        contains(calendar, "sometimes");
        assertEquals(0, control.changes("qrate.mail.site", with(UNTRIED)), "all is as it was");
    }

    @Test
    @Order(6)
    void aBackupIsMadeReadAndBroughtHere() throws IOException {
        Ran said = control.play("qrate.mail.backup", with("-e", "qrate_backup_fetch=" + fetched));
        assertEquals(0, said.code(), said.text());
        contains(said, ": whole, of ");
        assertEquals(1, backups().size());
        assertTrue(Files.size(fetched.resolve(HOST + "-" + backups().getFirst() + ".tar")) > 0);
        assertEquals("700", inside("stat -c %a /var/backups/qrate"));
        inside("test -e /root/on"); // what hands it on has a network
        Ran failed = control.play("qrate.mail.backup", with("-e", "qrate_backup_pre=false"));
        assertEquals(2, failed.code(), failed.text());
        contains(failed, "No backup of " + HOST + " was made");
        assertEquals(1, backups().size());
        assertTrue(control.changes("qrate.mail.site", with(UNTRIED)) > 0, "nothing runs before it any more");
    }

    @Test
    @Order(7)
    void aRestorePutsAsideWhatIsThereAndNeverDeletesIt() throws IOException {
        qrate("vadduser later@school.test 'a later password'").orFail();
        String good = backups().getFirst();
        inside("cd /var/backups/qrate && cp -a " + good
                + " 20000101T000000Z && echo x >>20000101T000000Z/state/control/me");
        Ran damaged = control.play(
                "qrate.mail.restore",
                with("-e", "qrate_restore_from=20000101T000000Z", "-e", "qrate_restore_replace=true"));
        assertEquals(2, damaged.code(), damaged.text());
        contains(damaged, "restore: refused: control/me");
        Ran full = control.play("qrate.mail.restore", with("-e", "qrate_restore_from=newest"));
        assertEquals(2, full.code(), full.text());
        contains(full, "is not empty");
        assertEquals(0, qrate("vuserinfo later@school.test").code());
        String[] replace = with("-e", "qrate_restore_from=newest", "-e", "qrate_restore_replace=true");
        Ran said = control.play("qrate.mail.restore", replace);
        assertEquals(0, said.code(), said.text());
        contains(said, " passed, 0 failed");
        assertNotEquals(0, qrate("vuserinfo later@school.test").code());
        assertEquals(0, qrate("vuserinfo ann@school.test").code());
        assertEquals("1", inside("ls -d /var/lib/qrate.before-* | wc -l"));
        assertEquals(0, control.changes("qrate.mail.restore", replace), "it was done already");
    }

    @Test
    @Order(8)
    void aReleaseThatDoesNotStartIsUndoneByItself() throws IOException {
        Path broken = Archive.other(control.release(), "qrate-broken.tar.gz", "qrate", "#!/bin/sh\nexit 1\n");
        int before = backups().size();
        for (int i = 0; i < 2; i++) { // more starts than systemd allows in five minutes
            Ran said = control.play("qrate.mail.upgrade", with("-e", "qrate_release=" + broken));
            assertEquals(2, said.code(), said.text());
            contains(said, HOST + " is back at what was good: qrate-test-");
            runsAs("qrate-test");
        }
        assertEquals(before + 2, backups().size());
        assertEquals(0, control.changes("qrate.mail.smoke", with()));
    }

    @Test
    @Order(9)
    void anUpgradeMakesABackupAndARollbackKeepsWhatCameMeanwhile() throws IOException {
        String[] newer =
                with("-e", "qrate_release=" + Archive.other(control.release(), "qrate-next.tar.gz", "NEXT", "next\n"));
        int before = backups().size();
        assertTrue(control.changes("qrate.mail.upgrade", newer) > 0);
        assertEquals(before + 1, backups().size());
        runsAs("qrate-next");
        assertEquals(0, control.changes("qrate.mail.upgrade", newer), "it is that release already");
        assertEquals(before + 1, backups().size());
        qrate("vadduser meanwhile@school.test 'a later password'").orFail();
        assertTrue(control.changes("qrate.mail.rollback", newer) > 0);
        runsAs("qrate-test");
        assertEquals(0, qrate("vuserinfo meanwhile@school.test").code());
        assertEquals(0, control.changes("qrate.mail.rollback", newer));
        assertEquals(0, control.changes("qrate.mail.site", with(UNTRIED)));
    }

    @Test
    @Order(10)
    void anOlderQmailAndVpopmailIsTakenOverOnceItIsSaidThatThisIsRight() throws IOException {
        inside("""
                mkdir -p /srv/old && cd /srv/old && mkdir -p qmail/control qmail/users vpopmail/domains/old.test/dan/Maildir/new
                echo mx.old.test >qmail/control/me
                echo old.test >qmail/control/rcpthosts
                echo old.test:old.test >qmail/control/virtualdomains
                printf '+old.test-:old.test:89:89:/home/vpopmail/domains/old.test:-::\\n.\\n' >qmail/users/assign
                for user in postmaster dan; do
                  echo "$user:%s:1:0:x:/home/vpopmail/domains/old.test/$user:NOQUOTA"
                done >vpopmail/domains/old.test/vpasswd
                echo 'Subject: old' >vpopmail/domains/old.test/dan/Maildir/new/1600000001.100.old
                chmod -R go-rwx /srv/old
                """.formatted(HASH.replace("$", "\\$")));
        String[] old = with("-e", "qrate_import_qmail=/srv/old/qmail", "-e", "qrate_import_vpopmail=/srv/old/vpopmail");
        Ran conflict = control.play("qrate.mail.import", old);
        assertEquals(2, conflict.code(), conflict.text());
        contains(conflict, "conflict: control/me");
        assertNotEquals(0, qrate("vuserinfo dan@old.test").code());
        String[] right = Stream.concat(Stream.of(old), Stream.of("-e", "qrate_import_leave=true"))
                .toArray(String[]::new);
        assertEquals(1, control.changes("qrate.mail.import", right));
        assertEquals("1600000001.100.old", inside("ls /var/lib/qrate/maildirs/domains/old.test/dan/Maildir/new"));
        assertEquals(0, control.changes("qrate.mail.import", right));
    }

    @Test
    @Order(11)
    void aCaGivesACertificateAndAnotherWhenKeysAreMadeAnew() throws IOException, InterruptedException {
        String gateway = inside("ip route").replaceAll("(?s)default via ([0-9.]+) .*", "$1");
        Path folderOfCa = folder.resolve("ca");
        Certified.write(folderOfCa, "ip:" + gateway);
        try (Pebble pebble = new Pebble(folderOfCa, gateway, HTTP_PORT, false);
                HttpClient client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pebble.challenges() + "/set-default-ipv4"))
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"ip\":\"" + control.machine().address() + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            Files.writeString(declared, """
                    qrate_acme_ca: %s
                    qrate_acme_ca_file: %s/cert.pem
                    qrate_firewall: true
                    """.formatted(pebble.directory(), folderOfCa));
            assertTrue(control.changes("qrate.mail.site", with()) > 0, pebble.logs());
            contains(qrate("certificate").orFail(), "Pebble Intermediate CA");
            assertEquals(0, control.changes("qrate.mail.site", with(UNTRIED)));
            String before = inside("cd /var/lib/qrate && cat tls/key.pem db/local-token db/session-key | base64 -w0");
            assertTrue(control.changes("qrate.mail.rotate_keys", with()) > 0);
            String after = inside("cd /var/lib/qrate && cat tls/key.pem db/local-token db/session-key | base64 -w0");
            assertNotEquals(before, after);
        }
    }

    @Test
    @Order(12)
    void theBackupThatWasBroughtHereFillsABareMachine() throws IOException {
        inside("systemctl stop qrate qrate-backup.timer && userdel qrate"
                + " && rm -rf /opt/qrate /etc/qrate /var/lib/qrate* /var/backups/qrate /etc/systemd/system/qrate*"
                + " && systemctl daemon-reload && nft delete table inet qrate");
        Path tar;
        try (Stream<Path> all = Files.list(fetched)) {
            tar = all.findFirst().orElseThrow();
        }
        Ran said = control.play("qrate.mail.restore", "-e", "qrate_restore_from=" + tar);
        assertEquals(0, said.code(), said.text());
        contains(said, " passed, 0 failed");
        assertEquals(0, qrate("vuserinfo ann@school.test").code());
        assertEquals(0, control.changes("qrate.mail.restore", "-e", "qrate_restore_from=" + tar));
    }
}
