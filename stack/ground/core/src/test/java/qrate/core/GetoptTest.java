package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Command lines as getopt(3) reads them.
class GetoptTest {
    private static final Getopt QMAIL = Getopt.of("nvf:r::");
    private static final Getopt OURS = Getopt.anywhere("f", "json", "to:", "force=f");

    /// `n`, `f=ann`, and operands behind a bar.
    private static String read(Getopt known, String... words) throws Getopt.Misuse {
        Getopt.Given given = known.read(List.of(words));
        List<String> options = given.options().stream()
                .map(option -> option.value().isEmpty() ? option.name() : option.name() + "=" + option.value())
                .toList();
        return String.join(" ", options) + "|" + String.join(" ", given.operands());
    }

    private static Getopt.Misuse wrong(Getopt known, String... words) {
        return assertThrows(Getopt.Misuse.class, () -> known.read(List.of(words)));
    }

    @Test
    void takesLettersOneByOneAndTogether() throws Exception {
        assertEquals("n v|a b", read(QMAIL, "-n", "-v", "a", "b"));
        assertEquals("n v n|a", read(QMAIL, "-nvn", "a"));
    }

    @Test
    void takesValuesBehindTheirLetterOrInTheNextWord() throws Exception {
        assertEquals("f=ann|a", read(QMAIL, "-fann", "a"));
        assertEquals("f=ann|a", read(QMAIL, "-f", "ann", "a"));
        assertEquals("n f=v|", read(QMAIL, "-nfv"));
        assertEquals("f=--|a", read(QMAIL, "-f", "--", "a"));
        assertEquals(Optional.of(""), QMAIL.read(List.of("-f", "")).last("f"));
    }

    @Test
    void takesOptionalValuesFromTheSameWordOnly() throws Exception {
        assertEquals("r=12|a", read(QMAIL, "-r12", "a"));
        assertEquals("r|12", read(QMAIL, "-r", "12"));
    }

    @Test
    void endsAtTwoDashesAndAtTheFirstOtherWord() throws Exception {
        assertEquals("n|-v", read(QMAIL, "-n", "--", "-v"));
        assertEquals("n|a -v --", read(QMAIL, "-n", "a", "-v", "--"));
        assertEquals("n|- -v", read(QMAIL, "-n", "-", "-v"));
        assertEquals("|", read(QMAIL));
    }

    @Test
    void takesLongOptionsWithTheirValueBesideOrBehindASign() throws Exception {
        assertEquals("json to=/x|", read(OURS, "--json", "--to", "/x"));
        assertEquals("to=/x=y|", read(OURS, "--to=/x=y"));
        assertEquals(Optional.of(""), OURS.read(List.of("--to=")).last("to"));
        assertEquals("f f|", read(OURS, "--force", "-f"));
    }

    @Test
    void findsOptionsBehindOtherWordsWhereTheyMayStandAnywhere() throws Exception {
        assertEquals("json f|a b -f", read(OURS, "a", "--json", "b", "-f", "--", "-f"));
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertEquals("no such option: -x", wrong(QMAIL, "-nx").getMessage());
        assertEquals("no such option: -:", wrong(QMAIL, "-:").getMessage());
        assertEquals("no such option: --json", wrong(QMAIL, "--json").getMessage());
        assertEquals("no such option: --n", wrong(QMAIL, "--n").getMessage());
        assertEquals("no such option: --json=1", wrong(OURS, "--json=1").getMessage());
        assertEquals("no such option: ---", wrong(OURS, "---").getMessage());
        assertTrue(wrong(OURS, "--x").isUnknown());
    }

    @Test
    void namesWhatLacksItsValue() {
        assertEquals("-f needs a value", wrong(QMAIL, "-nf").getMessage());
        assertEquals("--to needs a value", wrong(OURS, "--to").getMessage());
        assertEquals("--to", wrong(OURS, "--to").option());
        assertFalse(wrong(OURS, "--to").isUnknown());
    }

    @Test
    void saysWhatWasGiven() throws Exception {
        Getopt.Given given = QMAIL.read(List.of("-f", "a", "-n", "-fb", "-n", "x"));
        assertEquals(List.of("f", "n"), given.names());
        assertEquals(List.of("a", "b"), given.all("f"));
        assertEquals(Optional.of("b"), given.last("f"));
        assertEquals(Optional.empty(), given.last("r"));
        assertFalse(given.has("v"));
        assertEquals("x", given.operand(0));
        assertEquals("", given.operand(1));
        assertTrue(QMAIL.needsValue("f"));
        assertFalse(QMAIL.needsValue("r"));
    }
}
