package qrate.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.EditableDirectory;

/// An import that ends at any step, by a kill or a full disk, and is run again comes to the same as one that was never
/// ended.
class KillTest {
    private static final String[] OPTIONS = {"--apply", "--replace", "--queue"};

    @TempDir(factory = Ram.class)
    Path folder;

    private OldTree tree() throws IOException {
        OldTree old = new OldTree(folder.resolve("old"));
        old.file("qmail/control/me", "mx.old.test\n");
        old.file("qmail/control/rcpthosts", "backup.test\nold.test\n");
        old.assign("""
                +old.test-:old.test:89:89:%1$s/domains/old.test:-::
                +other.test-:old.test:89:89:%1$s/domains/old.test:-::
                .
                """);
        old.file("qmail/alias/.qmail-root", "&ann@old.test\n");
        old.file(
                "vpopmail/domains/old.test/vpasswd",
                OldTree.line("postmaster", "domains/old.test", "0", "NOQUOTA")
                        + OldTree.line("ann", "domains/old.test", "2", "5MB"));
        old.file("vpopmail/domains/old.test/.qmail-sales", "&ann@old.test\n&x@far.test\n");
        old.file("vpopmail/domains/old.test/.qmail-box", "./Mailbox\n");
        old.file("vpopmail/domains/old.test/.qmail-default", "|vdelivermail '' ann@old.test\n");
        old.list("old.test", "team");
        old.letter("old.test/postmaster", "cur", "1.old:2,S", "p");
        old.letter("old.test/ann", "new", "1.old", "one");
        old.letter("old.test/ann", "cur", "2.old:2,S", "two");
        old.letter("old.test/ann/Maildir/.Sent", "cur", "3.old:2,S", "three");
        old.queued(46, "x@far.test", "Told.test-ann@old.test|Dz@old.test|", "");
        return old.queued(70, "y@far.test", "", "Ty@far.test|");
    }

    private static Map<String, String> outcome(Installation here, EditableDirectory directory) throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (String part : List.of("maildirs", "control", "users")) {
            OldTree.digest(here.state().root().resolve(part)).forEach((name, what) -> {
                // whatever was written in a second run has another time
                boolean message = name.contains("/cur/") || name.contains("/new/");
                if (name.endsWith("/team/key") || name.endsWith("/team/config")) {
                    return; // random, and where it is
                }
                all.put(part + "/" + name, message ? what : what.substring(what.indexOf(' ') + 1));
            });
        }
        List<String> queued = new ArrayList<>(here.queued());
        queued.sort(null);
        all.put("queue", queued.toString());
        all.put(
                "boxes",
                directory.mailboxes("old.test").stream()
                        .map(Object::toString)
                        .sorted()
                        .toList()
                        .toString());
        all.put(
                "aliases",
                directory.aliases("old.test").stream()
                        .map(Object::toString)
                        .sorted()
                        .toList()
                        .toString());
        all.put(
                "domains",
                directory.domains().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList()
                        .toString());
        return all;
    }

    @Test
    void itComesToTheSameWhereverItIsEnded() throws Exception {
        OldTree old = tree();
        List<String> steps = new ArrayList<>();
        Installation whole = new Installation(folder.resolve("whole"));
        DryDirectory known = Installation.directory();
        whole.directory(known);
        whole.steps(steps::add);
        assertEquals(0, whole.take(old, OPTIONS), whole.said());
        Map<String, String> expected = outcome(whole, known);
        assertTrue(steps.size() > 80, steps.toString());
        for (int end = 0; end < steps.size(); end++) {
            Installation here = new Installation(folder.resolve("end" + end));
            DryDirectory directory = Installation.directory();
            here.directory(directory);
            int[] left = {end};
            boolean full = end % 2 == 1;
            here.steps(_ -> {
                if (left[0]-- <= 0 && full) {
                    throw new IOException("No space left on device");
                }
                if (left[0] == -1) {
                    throw new Killed();
                }
            });
            boolean ended;
            try {
                ended = here.take(old, OPTIONS) == 111 && here.said().endsWith("No space left on device\n");
            } catch (Killed _) {
                ended = true;
            }
            assertTrue(ended, "step " + end + here.said());
            here.steps(ChangeListener.unheard());
            assertEquals(0, here.take(old, OPTIONS), here.said());
            assertEquals(expected, outcome(here, directory), "ended at " + end + ": " + steps.get(end));
            assertEquals(0, here.take(old, OPTIONS), here.said());
            assertTrue(here.said().endsWith("import: nothing to do\n"), steps.get(end) + "\n" + here.said());
        }
    }
}
