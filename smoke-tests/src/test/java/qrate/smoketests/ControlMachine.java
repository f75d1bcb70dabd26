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
import org.xbill.DNS.ReverseMap;
import qrate.testkit.DnsServer;

/// Where plays are run from: the collection below `ansible/`, a release, an inventory of one machine, and the DNS that
/// both believe.
final class ControlMachine implements AutoCloseable {
    static final String HOST = "mail.example.test";
    static final String DOMAIN = "example.test";
    private static final Pattern CHANGED = Pattern.compile("changed=(\\d+)");

    private final Path folder;
    private final Path release;
    private final Machine machine;
    private DnsServer dns;

    private ControlMachine(Path folder, Path release, Machine machine) throws IOException {
        this.folder = folder;
        this.release = release;
        this.machine = machine;
        this.dns = DnsServer.start();
    }

    /// Starts a bare machine that no name leads to yet.
    ///
    /// @param suite Debian's name for the release that it has
    /// @param folder for all that is made
    static ControlMachine start(String suite, Path folder) throws IOException {
        Path release = Archive.made(folder);
        String collection = Release.TOP.resolve("ansible").toString();
        Machine.run(
                        Map.of(),
                        "ansible-galaxy",
                        "collection",
                        "install",
                        "--no-deps",
                        "--force",
                        "-p",
                        folder.toString(),
                        collection)
                .orFail();
        Machine machine = Machine.start(suite, HOST, folder);
        try {
            ControlMachine control = new ControlMachine(folder, release, machine);
            control.inventory();
            return control;
        } catch (IOException e) {
            machine.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        dns.close();
        machine.close();
    }

    Machine machine() {
        return machine;
    }

    DnsServer dns() {
        return dns;
    }

    Path release() {
        return release;
    }

    /// From here on the world finds the machine, by names that no resolver has seen before.
    void publish() throws IOException {
        dns.close();
        dns = DnsServer.start();
        dns.put(HOST, "A", machine.address()).put(DOMAIN, "MX", "10 " + HOST + ".");
        dns.put(ReverseMap.fromAddress(InetAddress.getByName(machine.address())).toString(), "PTR", HOST + ".");
        inventory();
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
                HOST, machine.address(), machine.key(), DOMAIN, release, dns.hostAndPort(), folder.resolve("cache")));
    }

    /// Runs one.
    ///
    /// @param book by its name in the collection, or a file
    Ran play(String book, String... options) throws IOException {
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

    /// Runs one that must work.
    ///
    /// @return how many things it changed
    int changes(String book, String... options) throws IOException {
        Ran said = play(book, options);
        assertEquals(0, said.code(), said.text());
        return changed(said);
    }

    /// How many things a play changed.
    static int changed(Ran said) {
        return CHANGED.matcher(said.text())
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .reduce((_, last) -> last)
                .orElseThrow(() -> new AssertionError(said.text()));
    }

    static void contains(Ran said, String text) {
        assertTrue(said.text().contains(text), () -> text + " is not in:\n" + said.text());
    }
}
