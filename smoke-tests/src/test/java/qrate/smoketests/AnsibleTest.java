package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.smoketests.ControlMachine.DOMAIN;
import static qrate.smoketests.ControlMachine.HOST;
import static qrate.smoketests.ControlMachine.changed;
import static qrate.smoketests.ControlMachine.contains;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// The collection below `ansible/` brings a bare Debian to a smoke-tested mail domain. The steps build on each other:
/// a machine has one life.
@Tag("container")
@Timeout(1200) // the one process may have to be built first
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnsibleTest {
    private static final String SKIPPED = "{\"qrate_preflight_skip\":[\"name\",\"ptr\",\"mx\"]}";

    @TempDir
    static Path folder;

    private ControlMachine control;

    /// Debian's name for the release that the machine has.
    String suite() {
        return "trixie";
    }

    @BeforeAll
    void start() throws IOException {
        control = ControlMachine.start(suite(), folder);
    }

    @AfterAll
    void end() throws IOException {
        if (control != null) {
            control.close();
        }
    }

    private void untouched() throws IOException {
        assertEquals(
                "",
                control.machine()
                        .inside("ls -d /opt/qrate /etc/qrate /var/lib/qrate 2>/dev/null")
                        .text());
    }

    @Test
    @Order(1)
    void theCollectionIsCleanByTheProductionProfile() throws IOException {
        Path collection = folder.resolve("ansible_collections/qrate/mail");
        assertTrue(Files.exists(collection.resolve(".ansible-lint")));
        Ran said = Machine.run(
                Map.of("ANSIBLE_COLLECTIONS_PATH", folder.toString(), "NO_COLOR", "1"),
                "sh",
                "-c",
                "cd '" + collection + "' && exec ansible-lint --offline --nocolor -p");
        assertEquals(0, said.code(), said.text());
        contains(said, "production");
    }

    @Test
    @Order(2)
    void aWrongVariableStopsThePlayBeforeAnythingIsTouched() throws IOException {
        Ran kind = control.play("qrate.mail.site", "-e", "qrate_smtp_port=twentyfive");
        assertEquals(2, kind.code(), kind.text());
        contains(kind, "qrate_smtp_port");
        Ran name = control.play("qrate.mail.site", "-e", "qrate_domian=example.org");
        assertEquals(2, name.code(), name.text());
        contains(name, "No such variable: qrate_domian");
        untouched();
    }

    @Test
    @Order(2)
    void containersAreRefusedWithAllThatIsMissing() throws IOException {
        Ran none = control.play("qrate.mail.site", "-e", "qrate_shape=containers");
        assertEquals(2, none.code(), none.text());
        contains(none, "containers need either qrate_images or qrate_registry");
        Ran digests = control.play(
                "qrate.mail.site", "-e", "qrate_shape=containers", "-e", "qrate_registry=registry.example.test/qrate");
        assertEquals(2, digests.code(), digests.text());
        contains(digests, "qrate_image_digests has no digest sha256:\u2026 of smtpd");
        Ran archive = control.play(
                "qrate.mail.site",
                "-e",
                "qrate_shape=containers",
                "-e",
                "qrate_images=" + control.release(),
                "-e",
                "{\"qrate_engine_packages\":[\"docker-ce\"]}", // Debian's own is too old on 12, which is found first
                "-e",
                SKIPPED);
        assertEquals(2, archive.code(), archive.text());
        contains(archive, "is no archive of images");
        untouched();
    }

    @Test
    @Order(3)
    void aMachineThatTheWorldDoesNotFindIsRefusedWithAllThatIsWrong() throws IOException {
        control.dns().put(HOST, "A", "192.0.2.1");
        control.machine()
                .inside("systemd-run --unit=other python3 -m http.server 110")
                .orFail();
        Ran said = control.play("qrate.mail.site", "-e", "qrate_free_mb_min=99999999");
        assertEquals(2, said.code(), said.text());
        contains(said, "Nothing was touched");
        contains(said, "leads to 192.0.2.1");
        contains(said, "PTR: " + control.machine().address() + " is called nothing");
        contains(said, "MX: mail for " + DOMAIN + " goes to nobody");
        contains(said, "port 110 is taken by python3");
        contains(said, "MB are free");
        untouched();
        control.machine().inside("systemctl stop other").orFail();
        control.publish();
    }

    @Test
    @Order(4)
    void aBareMachineBecomesASmokeTestedDomain() throws IOException {
        Ran said = control.play("qrate.mail.site");
        assertEquals(0, said.code(), said.text());
        contains(said, " passed, 0 failed");
        assertEquals(
                "qrate",
                control.machine()
                        .inside("ps -o user= -p $(systemctl show -p MainPID --value qrate)")
                        .text()
                        .strip());
    }

    @Test
    @Order(5)
    void aSecondRunChangesNothing() throws IOException {
        Ran said = control.play("qrate.mail.site");
        assertEquals(0, said.code(), said.text());
        assertEquals(0, changed(said), said.text());
    }

    @Test
    @Order(6)
    void aLookAheadNamesJustWhatWouldChange() throws IOException {
        Ran said = control.play(
                "qrate.mail.site", "--check", "--diff", "-e", "{\"qrate_environment\":{\"QRATE_BCRYPT_COST\":\"11\"}}");
        assertEquals(0, said.code(), said.text());
        assertEquals(1, changed(said), said.text());
        contains(said, "+QRATE_BCRYPT_COST=11");
        assertEquals(
                1,
                said.text().lines().filter(line -> line.matches("[+-][^+-].*")).count(),
                said.text());
    }

    @Test
    @Order(7)
    @Tag("long")
    void aSmokeTestThatFailsIsUndone() throws IOException {
        // a program that lets nobody in
        Ran said = control.play(
                "qrate.mail.site", "-e", "{\"qrate_environment\":{\"QRATE_CHECKPASSWORD\":\"/bin/false\"}}");
        assertEquals(2, said.code(), said.text());
        contains(said, HOST + " is back at what was good");
        assertTrue(control.machine()
                        .inside("grep CHECKPASSWORD /etc/qrate/qrate.env")
                        .code()
                == 1);
        Ran smoke = control.play("qrate.mail.smoke");
        assertEquals(0, smoke.code(), smoke.text());
        assertEquals(0, changed(smoke), smoke.text());
    }

    @Test
    @Order(8)
    void accountsAreManagedByPlay() throws IOException {
        Path accounts = folder.resolve("accounts.yml");
        Files.writeString(accounts, """
                - hosts: qrate
                  gather_facts: false
                  module_defaults:
                    group/qrate.mail.api:
                      token_file: /var/lib/qrate/db/local-token
                  tasks:
                    - qrate.mail.qrate_domain: {name: school.test, password: a good password, mailboxes_max: 30}
                    - qrate.mail.qrate_domain: {name: short.test, alias_of: school.test}
                    - qrate.mail.qrate_mailbox: {address: ann@school.test, password: secret-of-ann, quota_bytes: 1000000}
                    - qrate.mail.qrate_alias: {address: office@school.test, targets: [ann@school.test, bob@far.test]}
                    - qrate.mail.qrate_list: {address: team@school.test, one_click: true, subscribers: [ann@school.test, bob@far.test], exact: true}
                    - qrate.mail.qrate_control: {name: databytes, value: "50000000"}
                    - qrate.mail.qrate_control: {name: badmailfrom, lines: ["spam@far.test", "@worse.test"]}
                    - qrate.mail.qrate_control: {name: smtproutes, secret_lines: ["far.test:relay.test:587 alice secret-of-alice"]}
                """);
        Ran first = control.play(accounts.toString(), "--diff", "-vvv");
        assertEquals(0, first.code(), first.text());
        assertEquals(8, changed(first), first.text());
        contains(first, "add list team@school.test");
        contains(first, "+ spam@far.test");
        assertTrue(!first.text().contains("secret-of-a"), "a password is never shown");
        Ran second = control.play(accounts.toString());
        assertEquals(0, changed(second), second.text());
        Files.writeString(
                accounts,
                Files.readString(accounts)
                        .replace("1000000", "2000000")
                        .replace("50000000", "60000000")
                        .replace(", bob@far.test", ""));
        Ran check = control.play(accounts.toString(), "--check", "--diff");
        assertEquals(4, changed(check), check.text());
        contains(check, "2000000");
        contains(check, "databytes: 50000000 -> 60000000");
        contains(check, "remove subscriber of list team@school.test: bob@far.test");
        assertEquals(4, changed(control.play(accounts.toString())), "what was said ahead is done");
    }
}
