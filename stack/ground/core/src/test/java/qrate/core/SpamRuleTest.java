package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpamRuleTest {
    @TempDir
    Path folder;

    private SpamRule rule(String domain) throws IOException {
        return SpamRule.of(new Control(folder, InstantSource.system()), domain);
    }

    private void lines(String... lines) throws IOException {
        Files.write(folder.resolve("spam"), List.of(lines));
    }

    @Test
    void isToMarkWithoutTheFile() throws IOException {
        assertEquals(SpamRule.MARK, rule("example.test"));
        assertEquals(SpamRule.MARK, rule(""));
    }

    @Test
    void isTheDomainsOwnElseThatOfAllOthers() throws IOException {
        lines("# POP3 alone", "pop.test: mark", ":junk", "Strict.test:refuse", "b\u00fccher.test:refuse", ":refuse");
        assertEquals(SpamRule.MARK, rule("pop.test"));
        assertEquals(SpamRule.REFUSE, rule("STRICT.test"));
        assertEquals(SpamRule.REFUSE, rule("xn--bcher-kva.test"));
        assertEquals(SpamRule.JUNK, rule("sub.strict.test"));
        assertEquals(SpamRule.JUNK, rule(""));
    }

    @Test
    void isNotGuessedWhereALineMakesNoSense() throws IOException {
        for (String line : List.of("example.test:delete", "example.test", "example.test:", ":away")) {
            lines(line);
            assertEquals(
                    "control/spam: " + line + ": not domain:mark, domain:junk or domain:refuse",
                    assertThrows(IOException.class, () -> rule("example.test")).getMessage());
            assertEquals(
                    "not domain:mark, domain:junk or domain:refuse", ControlChecks.problem(ControlFile.SPAM, line));
        }
        assertEquals("", ControlChecks.problem(ControlFile.SPAM, ":junk"));
        lines("other.test:delete");
        assertEquals(SpamRule.MARK, rule("example.test"));
    }
}
