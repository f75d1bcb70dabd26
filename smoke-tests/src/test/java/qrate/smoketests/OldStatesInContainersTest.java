package qrate.smoketests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A state that each version before this one made, brought into today's containers by backup and restore: what the
/// tests of the one process ask of it
/// (UpgradeTest) is asked here, too.
@Tag("container")
@Tag("long")
@Timeout(600)
class OldStatesInContainersTest {
    private static final Path STATES = Release.TOP.resolve("images/embedded/src/test/resources/states");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Stack stack;

    static List<Path> states() throws IOException {
        try (Stream<Path> files = Files.list(STATES)) {
            return files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .sorted()
                    .toList();
        }
    }

    private int messages(String address) throws IOException {
        String user = address.substring(0, address.indexOf('@'));
        try (RawClient wire =
                RawClient.secured(stack.target(), stack.target().ports().pop3s())) {
            wire.line();
            wire.pop3("USER " + address, "+OK");
            wire.pop3("PASS Correct-horse-" + user, "+OK");
            int count = Integer.parseInt(wire.pop3("STAT", "+OK").split(" ", -1)[1]);
            wire.pop3("QUIT", "+OK");
            return count;
        }
    }

    private String in(String service, String command) throws IOException {
        return stack.inside(service, command).orFail().text();
    }

    @ParameterizedTest
    @MethodSource("states")
    void isAsItWas(Path archive) throws IOException {
        Ran.of(SOON, Map.of(), List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()))
                .orFail();
        try (Stack made = Stack.prepared()) {
            stack = made;
            // as root the one process is another user's, who must get there
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            // what waits there is older with each day: it must not bounce for that
            Files.writeString(folder.resolve("qrate/control/queuelifetime"), "3000000000\n");
            Path backups = Files.createDirectories(folder.resolve("backups"));
            Files.setPosixFilePermissions(backups, PosixFilePermissions.fromString("rwxrwxrwx"));
            stack.qrate(folder.resolve("qrate"), "backup", "--to", backups.toString())
                    .orFail();
            try (Stream<Path> all = Files.list(backups)) {
                Path backup = all.filter(name -> name.toString().endsWith("Z"))
                        .findFirst()
                        .orElseThrow();
                stack.qrate(folder.resolve("new"), "restore", "--compose", backup.toString())
                        .orFail();
            }
            stack.started();
            Map<String, Integer> boxes = new TreeMap<>();
            for (String address :
                    List.of("ann@example.test", "bob@example.test", "ann@riverside.test", "kaese@xn--bcher-kva.test")) {
                boxes.put(address, messages(address));
            }
            assertEquals(
                    Map.of(
                            "ann@example.test", 6,
                            "ann@riverside.test", 6,
                            "bob@example.test", 1,
                            "kaese@xn--bcher-kva.test", 0),
                    boxes);
            theDirectory();
            assertEquals(7, waiting());
            mailGoesOn();
            stack.compose("down").orFail();
            stack.start();
            assertEquals(7, messages("ann@example.test"));
            assertEquals(7, waiting());
        }
    }

    private void theDirectory() throws IOException {
        String domains = in("admin", "qrate vdominfo");
        for (String domain : List.of("example.test", "green-bakery.test", "xn--bcher-kva.test")) {
            assertTrue(domains.contains(domain), domains);
        }
        assertTrue(in("admin", "qrate vuserinfo bob@example.test").contains("52428800"));
        String aliases = in("admin", "qrate valias -s example.test");
        assertTrue(aliases.contains("office@example.test -> "), aliases);
        assertEquals(
                List.of("ann@example.test", "bob@example.test", "x@elsewhere.test"),
                in("admin", "qrate ezmlm-list team@example.test")
                        .lines()
                        .sorted()
                        .toList());
        assertTrue(in("admin", "cat /var/qmail/users/version").startsWith("version "));
    }

    private long waiting() throws IOException {
        return in("send", "qrate qmail-qread")
                .lines()
                .filter(line -> line.strip().startsWith("remote"))
                .count();
    }

    private void mailGoesOn() throws IOException {
        try (RawClient wire =
                RawClient.plain(stack.target(), stack.target().ports().smtp())) {
            wire.expect("220");
            wire.smtp("EHLO far.invalid", "250");
            wire.smtp("MAIL FROM:<someone@far.invalid>", "250");
            wire.smtp("RCPT TO:<office@example.test>", "250");
            wire.smtp("DATA", "354");
            wire.send("Subject: afterwards\r\n\r\nx\r\n.\r\n".getBytes(US_ASCII));
            wire.expect("250");
            wire.smtp("QUIT", "221");
        }
        await().atMost(SOON).until(() -> messages("ann@example.test") == 7 && messages("bob@example.test") == 2);
    }
}
