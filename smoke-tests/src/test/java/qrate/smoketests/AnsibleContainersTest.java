package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.smoketests.ControlMachine.HOST;
import static qrate.smoketests.ControlMachine.changed;
import static qrate.smoketests.ControlMachine.contains;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
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

/// The shape of containers by the collection below `ansible/`: an engine of Debian's on a bare machine, which has it
/// from
/// Debian's own mirror. The steps build on each other: a machine has one life.
@Tag("container")
@Tag("long")
@Timeout(2400) // the images may have to be built first
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnsibleContainersTest {
    private static final Duration SHIPPED_MAX = Duration.ofMinutes(2);
    private static final String[] UNTRIED = {"-e", "qrate_smoke=false"};
    private static final String VOLUMES = "/var/lib/docker/volumes/qrate_";

    @TempDir
    static Path folder;

    private ControlMachine control;
    private Path declared;

    @BeforeAll
    void start() throws IOException {
        Path images = Release.file(".tar");
        control = ControlMachine.start("trixie", folder);
        control.publish();
        Certified.write(folder.resolve("own"), "dns:" + HOST);
        declared = folder.resolve("declared.yml");
        Files.writeString(declared, """
                qrate_shape: containers
                qrate_images: %s
                """.formatted(images));
    }

    @AfterAll
    void end() throws IOException {
        if (control != null) {
            control.close();
        }
    }

    private String[] with(String... options) {
        return Stream.concat(Stream.of("-e", "@" + declared), Stream.of(options))
                .toArray(String[]::new);
    }

    private Ran play(String book, String... options) throws IOException {
        return control.play("qrate.mail." + book, with(options));
    }

    private Ran done(String book, String... options) throws IOException {
        Ran said = play(book, options);
        assertEquals(0, said.code(), said.text());
        return said;
    }

    private String inside(String script) throws IOException {
        return control.machine().inside(script).orFail().text().strip();
    }

    private String qrate(String command) throws IOException {
        return inside("set -a; . /etc/qrate/qrate.env; QRATE_STATE=/var/lib/qrate /opt/qrate/current/qrate " + command);
    }

    @Test
    @Order(1)
    void aLookAheadAtABareMachineTouchesNothing() throws IOException {
        assertTrue(changed(done("site", "--check", "--diff")) > 0);
        assertEquals("", inside("ls -d /opt/qrate /etc/qrate* /var/lib/qrate 2>/dev/null; command -v docker || true"));
    }

    @Test
    @Order(2)
    void aBareMachineGetsAnEngineAndContainersThatPassTheSmokeTest() throws IOException {
        contains(done("site"), " passed, 0 failed");
        assertEquals(
                Integer.toString(Stack.SERVICES.size()),
                inside("docker ps -q --filter health=healthy --filter label=com.docker.compose.project=qrate | wc -l"));
        assertEquals("active", inside("systemctl is-active qrate"));
        assertEquals(HOST, inside("cat " + VOLUMES + "control/_data/me"));
        assertFalse(inside("journalctl -u qrate -o cat").contains("password"), "the first one is said to nobody");
    }

    @Test
    @Order(3)
    void aSecondRunChangesNothing() throws IOException {
        Ran said = done("site");
        assertEquals(0, changed(said), said.text());
    }

    @Test
    @Order(4)
    void aLookAheadNamesJustWhatWouldChange() throws IOException {
        Ran said = done("site", "--check", "--diff", "-e", "{\"qrate_environment\":{\"QRATE_BCRYPT_COST\":\"11\"}}");
        assertEquals(1, changed(said), said.text());
        contains(said, "+QRATE_BCRYPT_COST=11");
    }

    @Test
    @Order(5)
    void whatIsDeclaredIsSoInVolumes() throws IOException {
        Files.writeString(declared, Files.readString(declared) + """
                qrate_certificate_file: %1$s/own/cert.pem
                qrate_certificate_key_file: %1$s/own/key.pem
                qrate_time_sync: true
                qrate_security_updates: true
                qrate_firewall: true
                qrate_backup_calendar: "*-*-* 03:15"
                qrate_backup_post: test -d "$QRATE_BACKUP" && touch /root/on
                qrate_prometheus_host: %2$s
                qrate_log_to: http://127.0.0.1:19532
                qrate_declared:
                  control: {databytes: 50000000, concurrencyremote: 30}
                  domains:
                    school.test:
                      mailboxes:
                        ann: {password: secret-of-ann, quota: 50MB}
                """.formatted(folder, HOST));
        Ran said = done("site", "--diff");
        contains(said, "+ mailbox ann@school.test");
        contains(qrateSaid("vuserinfo ann@school.test"), "ann");
        assertEquals(
                Files.readString(folder.resolve("own/cert.pem")).strip(),
                inside("cat " + VOLUMES + "tls/_data/cert.pem"));
        assertEquals("7796:7790 640", inside("stat -c '%u:%g %a' " + VOLUMES + "tls/_data/key.pem"));
        assertTrue(inside("nft list table inet qrate").contains("policy drop"));
        assertTrue(inside("apt-config dump").contains("APT::Periodic::Unattended-Upgrade \"1\""));
        inside("dpkg -s systemd-timesyncd unattended-upgrades");
        Ran second = done("site");
        assertEquals(0, changed(second), second.text());
    }

    private Ran qrateSaid(String command) throws IOException {
        return new Ran(0, qrate(command));
    }

    @Test
    @Order(6)
    void prometheusAsksTheMachineAndItsJournalIsShipped() throws IOException {
        contains(
                control.machine()
                        .inside("promtool check config /etc/prometheus/prometheus.yml")
                        .orFail(),
                "SUCCESS");
        contains(
                control.machine()
                        .inside("promtool check rules /etc/prometheus/qrate/alerts.yaml")
                        .orFail(),
                "SUCCESS");
        String query = "python3 -c \"import urllib.request as u;"
                + "print(u.urlopen('http://127.0.0.1:9090/api/v1/query?query=up%7Bjob=%27qrate%27%7D').read().decode())\"";
        await().atMost(SHIPPED_MAX)
                .until(() -> control.machine().inside(query).text().contains(",\"1\"]"));
        inside("mkdir -p /var/log/journal/remote && systemd-run --unit=receiver /lib/systemd/systemd-journal-remote"
                + " --listen-http=127.0.0.1:19532 --output=/var/log/journal/remote");
        await().atMost(SHIPPED_MAX)
                .until(() -> control.machine()
                        .inside(
                                "journalctl --directory=/var/log/journal/remote CONTAINER_NAME=qrate-smtpd-1 -n 1 -o json")
                        .text()
                        .contains("qrate-smtpd-1"));
    }

    @Test
    @Order(7)
    void aSmokeTestThatFailsIsUndone() throws IOException {
        Ran said = play("site", "-e", "{\"qrate_environment\":{\"QRATE_CHECKPASSWORD\":\"/bin/false\"}}");
        assertEquals(2, said.code(), said.text());
        contains(said, HOST + " is back at what was good");
        contains(done("smoke"), " passed, 0 failed");
    }

    @Test
    @Order(8)
    void aBackupIsMadeAndARestorePutsAsideWhatIsThere() throws IOException {
        contains(done("backup"), ": whole, of ");
        inside("test -e /root/on");
        qrate("vadduser later@school.test 'a later password'");
        contains(
                done("restore", "-e", "qrate_restore_from=newest", "-e", "qrate_restore_replace=true"),
                " passed, 0 failed");
        assertTrue(qrate("vuserinfo ann@school.test").contains("ann"));
        assertNotEquals(
                0,
                control.machine()
                        .inside("ls " + VOLUMES + "maildirs/_data/domains/school.test/later")
                        .code());
        inside("ls -d /var/lib/qrate.before-*/maildirs/domains/school.test/later");
        Ran second = done("restore", "-e", "qrate_restore_from=newest");
        assertEquals(0, changed(second), second.text());
    }

    @Test
    @Order(9)
    void anotherReleaseTakesOverAndGivesWay() throws IOException {
        Path other = Archive.other(control.release(), "qrate-other.tar.gz", "other", "another release");
        String first = inside("readlink /opt/qrate/current");
        done("upgrade", "-e", "qrate_release=" + other);
        assertTrue(inside("readlink /opt/qrate/current").contains("/qrate-other-"));
        done("rollback", "-e", "qrate_release=" + other);
        assertEquals(first, inside("readlink /opt/qrate/current"));
        assertTrue(qrate("vuserinfo ann@school.test").contains("ann"));
    }

    @Test
    @Order(10)
    void imagesComeFromARegistryByDigest() throws IOException {
        inside("apt-get install -qq -y --no-install-recommends docker-registry && systemctl stop docker-registry");
        inside("printf 'version: 0.1\\nstorage: {filesystem: {rootdirectory: /var/lib/images}}\\n"
                + "http: {addr: 127.0.0.1:5000}\\n' >/root/registry.yml"
                + " && systemd-run --unit=registry docker-registry serve /root/registry.yml");
        String answers = "python3 -c \"import socket; socket.create_connection(('127.0.0.1', 5000))\"";
        await().until(() -> control.machine().inside(answers).code() == 0);
        List<String> names = List.of("smtpd", "queue", "pop3d", "admin", "acme");
        String version = inside("cat /opt/qrate/current/release");
        String digests = "";
        for (String name : names) {
            String there = "127.0.0.1:5000/qrate/" + name;
            inside("docker tag qrate/" + name + ":" + version + " " + there + " && docker push -q " + there);
            digests += name + ": "
                    + inside("docker image inspect -f '{{join .RepoDigests \"\\n\"}}' " + there
                            + " | sed -n 's/.*127.*@//p'")
                    + ", ";
        }
        Path registry = folder.resolve("registry.yml");
        Files.writeString(
                registry,
                "qrate_images: ''\nqrate_registry: 127.0.0.1:5000/qrate\nqrate_image_digests: {" + digests + "}\n");
        Path other = Archive.other(control.release(), "qrate-" + version + "-of-registry.tar.gz", "other", "by digest");
        String[] options = {"-e", "@" + registry, "-e", "qrate_release=" + other};
        contains(done("site", options), " passed, 0 failed");
        Ran second = done("site", options);
        assertEquals(0, changed(second), second.text());
    }

    @Test
    @Order(11)
    void keysAreMadeAnew() throws IOException {
        String keys = "cat "
                + Stream.of("db/_data/local-token", "db/_data/session-key")
                        .map(name -> VOLUMES + name)
                        .collect(Collectors.joining(" "))
                + " | base64 -w0";
        String before = inside(keys);
        done("rotate_keys", UNTRIED);
        assertNotEquals(before, inside(keys));
    }
}
