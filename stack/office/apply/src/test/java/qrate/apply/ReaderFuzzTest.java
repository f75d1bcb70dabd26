package qrate.apply;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class ReaderFuzzTest {
    @Test
    void anEscapeThatIsCutOffOrNamesNoCharacterIsABadFile() {
        for (String text :
                List.of("a: \"\\u", "a: \"\\x\"", "a: \"\\UFFFFFFFF\"", "a: \"\\U00110000\"", "a: !<%", "%YAML 1.")) {
            assertThrows(BadFile.class, () -> Yaml.read(text.getBytes(US_ASCII)), text);
        }
    }

    /// Entry points: {@link Yaml#read}, {@link DeclarationReader#read}.
    @Test
    void declared() {
        Fuzz.Outcome outcome =
                Fuzz.run("declared", Fuzz.corpus("""
                    control: {me: a.test, badmailfrom: [x, '@y']}
                    administrators: {admin: {password: long enough}}
                    """, """
                    domains:
                      a.test:
                        limits: {mailboxes: 1, quota: 5MB}
                        mailboxes: &m
                          ann: {pop: no}
                        aliases: {x: [y@z.test]}
                        lists: {l: {owner: a@b.test, deny: []}}
                    """, "a: &a [*a, !!x y, \"\\u0000\", | \n"), bytes -> {
                    try {
                        Declared read = new DeclarationReader(4, _ -> "a password").read(bytes);
                        assertTrue(read.domains().all().keySet().stream().allMatch(name -> name.contains(".")));
                    } catch (BadFile e) {
                        assertTrue(
                                e.getMessage().length() < 2000 && e.getMessage().indexOf('\n') < 0, e.getMessage());
                    }
                });
        assertTrue(outcome.runs() > 0);
    }
}
