package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Addresses in letters of any script (RFC 6531): an alias may have one, a mailbox, which has a folder, may not.
class LettersTest extends OpenDirectory {
    private static final Password PASSWORD = new Password.Clear("correct horse");
    private static final Change DONE = new Change.Done();
    private static final String NAME = "b\u00fccher@letters.test";
    private static final String POSTMASTER = "postmaster@letters.test";
    private static final String FAR = "\u7528\u6237@far.test";

    @BeforeEach
    void fill() throws Exception {
        domains.apply(new Edit.AddDomain("letters.test", PASSWORD));
    }

    private Change add(String address, String target) throws Exception {
        return domains.apply(new Edit.AddAlias(new EditableDirectory.Alias(address, target)));
    }

    @Test
    void anAliasHasOneSpelling() throws Exception {
        assertEquals(DONE, add("BU\u0308CHER@letters.test", POSTMASTER));
        assertEquals(DONE, add(NAME, FAR));
        assertEquals(
                List.of(new EditableDirectory.Alias(NAME, POSTMASTER), new EditableDirectory.Alias(NAME, FAR)),
                domains.aliases("letters.test"));
        assertInstanceOf(Change.Refused.class, add("bu\u0308cher@letters.test", FAR));
        assertEquals(
                DONE,
                domains.apply(
                        new Edit.DeleteAlias(new EditableDirectory.Alias("B\u00dcCHER@letters.test", POSTMASTER))));
        assertEquals(1, domains.aliases("letters.test").size());
        assertEquals(DONE, domains.apply(new Edit.DeleteDomain("letters.test")));
    }

    @Test
    void nothingUnseenIsALetter() throws Exception {
        for (String bad : List.of(
                "a\u200bb", "a\u00a0b", "\u202eab", "\u0308a", "a\ufffd", "\u2014", "a\u0000", "\u00fc".repeat(33))) {
            assertInstanceOf(Change.Refused.class, add(bad + "@letters.test", POSTMASTER), bad);
            assertInstanceOf(Change.Refused.class, add("to@letters.test", bad + " @far.test"), bad);
        }
        assertInstanceOf(Change.Refused.class, add("to@letters.test", "a\u200bb@far.test"));
    }

    @Test
    void aMailboxKeepsToAscii() throws Exception {
        assertInstanceOf(
                Change.Refused.class, domains.apply(new Edit.AddMailbox("m\u00fcller@letters.test", PASSWORD)));
        assertTrue(domains.mailbox("m\u00fcller@letters.test").isEmpty());
        assertInstanceOf(Change.Refused.class, domains.apply(new Edit.DeleteMailbox("m\u00fcller@letters.test")));
    }
}
