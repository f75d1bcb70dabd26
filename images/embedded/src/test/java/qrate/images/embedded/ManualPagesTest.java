package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import qrate.core.Manual;

/// Every command has a page, and every page a command.
class ManualPagesTest {
    /// Commands for `./qrate` and the images only, which nobody calls by hand.
    private static final Set<String> WITHOUT = Set.of("up", "train");

    /// Pages of commands that are still on their way.
    private static final Set<String> EXPECTED = Set.of(
            "bouncesaying",
            "condredirect",
            "except",
            "explain",
            "ezmlm-clean",
            "ezmlm-get",
            "ezmlm-list",
            "ezmlm-make",
            "ezmlm-manage",
            "ezmlm-moderate",
            "ezmlm-return",
            "ezmlm-send",
            "ezmlm-store",
            "ezmlm-sub",
            "ezmlm-unsub",
            "ezmlm-warn",
            "forward",
            "import",
            "ledger",
            "maildir2mbox",
            "maildirmake",
            "preline",
            "qbiff",
            "qmail-clean",
            "qmail-getpw",
            "qmail-local",
            "qmail-lspawn",
            "qmail-newu",
            "qmail-pw2u",
            "qmail-rspawn",
            "qmail-send",
            "qmail-start",
            "qmail-tcpok",
            "qmail-tcpto",
            "qreceipt",
            "queue",
            "splogger",
            "trace",
            "vconvert",
            "vdelivermail",
            "vmkpasswd");

    @Test
    void everyCommandHasAPageAndEveryPageACommand() throws IOException {
        Set<String> commands = new TreeSet<>(Main.programs(Map.of()).keySet());
        commands.removeAll(WITHOUT);
        Set<String> missing = new TreeSet<>();
        for (String command : commands) {
            if (Manual.of(command).isEmpty()) {
                missing.add(command);
            }
        }
        assertEquals(Set.of(), missing, "commands without a page in stack/core/src/main/resources/qrate/core/man");
        Set<String> strange = pages();
        strange.removeAll(commands);
        strange.removeAll(EXPECTED);
        strange.remove("man"); // the launcher's own
        assertEquals(Set.of(), strange, "pages without a command");
    }

    private static Set<String> pages() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("stack"))) {
            root = root.getParent();
        }
        try (Stream<Path> files = Files.list(root.resolve("stack/core/src/main/resources/qrate/core/man"))) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString().replace(".txt", "")));
            return names;
        }
    }
}
