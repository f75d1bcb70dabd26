package qrate.smoketests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
import org.xbill.DNS.ReverseMap;
import qrate.testkit.DnsServer;

/// The collection below `ansible/` brings a bare Debian to a smoke-tested mail domain. The steps build on each other:
/// a machine has one life.
@Tag("container")
@Timeout(1200) // the one process may have to be built first
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AnsibleTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final String HOST = "mail.example.test";
    private static final String DOMAIN = "example.test";
    private static final Pattern CHANGED = Pattern.compile("changed=(\\d+)");

    @TempDir
    static Path folder;

    private Machine machine;
    private DnsServer dns;

    /// Debian's name for the release that the machine has.
    String suite() {
        return "trixie";
    }

    @BeforeAll
    void start() throws IOException {
        archive();
        Path collection = TOP.resolve("ansible");
        Machine.run(
                        Map.of(),
                        "ansible-galaxy",
                        "collection",
                        "install",
                        "--no-deps",
                        "--force",
                        "-p",
                        folder.toString(),
                        collection.toString())
                .orFail();
        machine = Machine.start(suite(), HOST, folder);
        dns = DnsServer.start();
        inventory();
    }

    @AfterAll
    void end() throws IOException {
        if (machine != null) {
            machine.close();
        }
        if (dns != null) {
            dns.close();
        }
    }

    /// What `./qrate` and the smoke test run from, as an archive.
    private static void archive() throws IOException {
        String qrate = TOP.resolve("qrate").toString();
        Machine.run(Map.of(), qrate, "smoke", "--help").orFail();
        Machine.run(Map.of(), qrate, "qmail-send", "--help").orFail();
        List<String> command = new ArrayList<>(List.of("tar", "-czf", release().toString(), "-C", TOP.toString()));
        command.addAll(List.of("--transform=s,^,qrate/,", "--owner=0", "--group=0", "--exclude=*.aot*"));
        command.addAll(List.of("qrate", "LICENSE", "provisioning/jdk", "images/embedded/target/run"));
        command.add("smoke-tests/target/run");
        for (String file : List.of("begin", "codes", "flags", "modules", "program")) {
            command.add("images/base/" + file);
        }
        Machine.run(Map.of(), command.toArray(String[]::new)).orFail();
    }

    private static Path release() {
        return folder.resolve("qrate-test.tar.gz");
    }

    private void inventory() throws IOException {
        Files.writeString(folder.resolve("hosts.yml"), """
                        qrate:
                          hosts:
                            %s:
                              ansible_host: %s
                              ansible_user: root
                              ansible_ssh_private_key_file: %s
                              ansible_ssh_common_args: -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
                          vars:
                            qrate_domain: %s
                            qrate_release: %s
                            qrate_resolver: %s
                            qrate_smoke_cache: %s
                        """.formatted(
                HOST, machine.address(), machine.key(), DOMAIN, release(), dns.hostAndPort(), folder.resolve("cache")));
    }

    private Ran play(String book, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("ansible-playbook", "-i", folder + "/hosts.yml"));
        command.add(book);
        command.addAll(Arrays.asList(options));
        Map<String, String> environment = Map.of(
                "ANSIBLE_COLLECTIONS_PATH", folder.toString(),
                "ANSIBLE_NOCOLOR", "1",
                "ANSIBLE_SSH_PIPELINING", "1",
                "ANSIBLE_LOCAL_TEMP", folder.resolve("temp").toString(),
                "ANSIBLE_SSH_CONTROL_PATH_DIR", folder.resolve("cp").toString());
        return Machine.run(environment, command.toArray(String[]::new));
    }

    private static int changed(Ran said) {
        return CHANGED.matcher(said.text())
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .reduce((_, last) -> last)
                .orElseThrow(() -> new AssertionError(said.text()));
    }

    private static void contains(Ran said, String text) {
        assertTrue(said.text().contains(text), () -> text + " is not in:\n" + said.text());
    }

    private void untouched() throws IOException {
        assertEquals(
                "",
                machine.inside("ls -d /opt/qrate /etc/qrate /var/lib/qrate 2>/dev/null")
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
        Ran kind = play("qrate.mail.site", "-e", "qrate_smtp_port=twentyfive");
        assertEquals(2, kind.code(), kind.text());
        contains(kind, "qrate_smtp_port");
        Ran name = play("qrate.mail.site", "-e", "qrate_domian=example.org");
        assertEquals(2, name.code(), name.text());
        contains(name, "No such variable: qrate_domian");
        untouched();
    }

    @Test
    @Order(3)
    void aMachineThatTheWorldDoesNotFindIsRefusedWithAllThatIsWrong() throws IOException {
        dns.put(HOST, "A", "192.0.2.1");
        machine.inside("systemd-run --unit=other python3 -m http.server 110").orFail();
        Ran said = play("qrate.mail.site", "-e", "qrate_free_mb_min=99999999");
        assertEquals(2, said.code(), said.text());
        contains(said, "Nothing was touched");
        contains(said, "leads to 192.0.2.1");
        contains(said, "PTR: " + machine.address() + " is called nothing");
        contains(said, "MX: mail for " + DOMAIN + " goes to nobody");
        contains(said, "port 110 is taken by python3");
        contains(said, "MB are free");
        untouched();
        machine.inside("systemctl stop other").orFail();
        dns.close();
        dns = DnsServer.start();
        dns.put(HOST, "A", machine.address()).put(DOMAIN, "MX", "10 " + HOST + ".");
        dns.put(ReverseMap.fromAddress(InetAddress.getByName(machine.address())).toString(), "PTR", HOST + ".");
        inventory();
    }

    @Test
    @Order(4)
    void aBareMachineBecomesASmokeTestedDomain() throws IOException {
        Ran said = play("qrate.mail.site");
        assertEquals(0, said.code(), said.text());
        contains(said, " passed, 0 failed");
        assertEquals(
                "qrate",
                machine.inside("ps -o user= -p $(systemctl show -p MainPID --value qrate)")
                        .text()
                        .strip());
    }

    @Test
    @Order(5)
    void aSecondRunChangesNothing() throws IOException {
        Ran said = play("qrate.mail.site");
        assertEquals(0, said.code(), said.text());
        assertEquals(0, changed(said), said.text());
    }

    @Test
    @Order(6)
    void aLookAheadNamesJustWhatWouldChange() throws IOException {
        Ran said = play(
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
    void aSmokeTestThatFailsIsUndone() throws IOException {
        // a program that lets nobody in
        Ran said = play("qrate.mail.site", "-e", "{\"qrate_environment\":{\"QRATE_CHECKPASSWORD\":\"/bin/false\"}}");
        assertEquals(2, said.code(), said.text());
        contains(said, HOST + " is back at what was good");
        assertTrue(machine.inside("grep CHECKPASSWORD /etc/qrate/qrate.env").code() == 1);
        Ran smoke = play("qrate.mail.smoke");
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
                """);
        Ran first = play(accounts.toString(), "--diff", "-vvv");
        assertEquals(0, first.code(), first.text());
        assertEquals(4, changed(first), first.text());
        assertTrue(!first.text().contains("secret-of-ann"), "a password is never shown");
        Ran second = play(accounts.toString());
        assertEquals(0, changed(second), second.text());
        Files.writeString(
                accounts,
                Files.readString(accounts).replace("1000000", "2000000").replace(", bob@far.test", ""));
        Ran check = play(accounts.toString(), "--check", "--diff");
        assertEquals(2, changed(check), check.text());
        contains(check, "2000000");
        assertEquals(2, changed(play(accounts.toString())), "what was said ahead is done");
    }
}
