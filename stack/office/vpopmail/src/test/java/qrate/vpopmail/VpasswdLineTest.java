package qrate.vpopmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.directory.EditableDirectory;
import qrate.directory.Property;
import qrate.directory.Quota;

class VpasswdLineTest {
    private static VpasswdLine parse(String line) {
        return VpasswdLine.parse(line).orElseThrow();
    }

    @Test
    void readsALineWithAndWithoutThePasswordInClear() {
        VpasswdLine ann = new VpasswdLine("Ann", "$1$x", 2, "gecos", "/h/ann", "10S,5C");
        assertEquals(ann, parse("Ann:$1$x:1:2:gecos:/h/ann:10S,5C"));
        assertEquals(ann, parse("Ann:$1$x:1:2:gecos:/h/ann:10S,5C:se:cret"));
        assertEquals("VpasswdLine[Ann]", ann.toString());
    }

    @Test
    void anEmptyQuotaIsNone() {
        assertEquals("NOQUOTA", parse("a:h:1:0:g:/h:").quota());
        assertEquals("NOQUOTA", parse("a:h:1:0:g:/h::clear").quota());
    }

    @Test
    void takesFlagsOf32Bits() {
        assertEquals(4_294_967_295L, parse("a:h:1:4294967295:g:/h:").flags());
        for (String wrong : new String[] {"", "x", "-1", "+1", "12345678901"}) {
            assertEquals(Optional.empty(), VpasswdLine.parse("a:h:1:" + wrong + ":g:/h:"), wrong);
        }
    }

    @Test
    void refusesALineWithoutANameOrWithTooFewFields() {
        assertEquals(Optional.empty(), VpasswdLine.parse(":h:1:0:g:/h:"));
        assertEquals(Optional.empty(), VpasswdLine.parse("a:h:1:0:g:/h"));
        assertEquals(Optional.empty(), VpasswdLine.parse(""));
    }

    @Test
    void understandsTheFlagsThatMeanSomethingHere() {
        EditableDirectory.Mailbox fresh = new EditableDirectory.Mailbox("a@b.test", Map.of());
        assertEquals(fresh, fresh.with(parse("a:h:1:0:a:/h:").values(Quota.NONE)));
        assertEquals(
                EditableDirectory.Mailbox.of("a@b.test", new Quota(5, 0), Set.of(Property.POSTMASTER, Property.KEEP)),
                fresh.with(parse("a:h:1:6146::/h:").values(new Quota(5, 0))));
        assertEquals(true, parse("postmaster:h:1:0:g:/h:").values(Quota.NONE).get(Property.POSTMASTER));
        assertEquals(
                "Ann Chan", parse("a:h:1:0: Ann Chan :/h:").values(Quota.NONE).get(Property.NAME));
        assertEquals(
                "x".repeat(Property.TEXT_CHARS_MAX),
                parse("a:h:1:0:" + "x".repeat(500) + ":/h:").values(Quota.NONE).get(Property.NAME));
        assertEquals(
                "a:h:1:0:Ann  Chan:/h:NOQUOTA",
                VpasswdLine.of(fresh.with(Map.of(Property.NAME, "Ann: Chan")), "h", "/h")
                        .text());
        assertTrue(parse("a:h:1:16:g:/h:").refusesMail());
        assertFalse(parse("a:h:1:6146:g:/h:").refusesMail());
    }
}
