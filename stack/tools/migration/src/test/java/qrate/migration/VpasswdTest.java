package qrate.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.vpopmail.VpasswdLine;

class VpasswdTest {
    @Test
    void spellsANameAsItIsStoredHere() {
        assertEquals(
                Optional.of(new VpasswdLine("ann", "h", 0, "g", "/h/Ann", "NOQUOTA")),
                Vpasswd.parse("Ann:h:1:0:g:/h/Ann::clear"));
    }

    @Test
    void refusesWhatCanBeNoMailboxHere() {
        for (String line :
                new String[] {"", ":h:1:0:g:/h:", "a b:h:1:0:g:/h:", "../x:h:1:0:g:/h:", "a:h:1:0:g\t:/h:"}) {
            assertEquals(Optional.empty(), Vpasswd.parse(line), line);
        }
    }
}
