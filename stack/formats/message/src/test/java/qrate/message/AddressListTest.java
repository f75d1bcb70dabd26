package qrate.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class AddressListTest {
    @Test
    void readsEachFormOfAnAddress() {
        assertEquals(List.of("a@b", "c@d", "e@f"), addresses("a@b, c@d (Somebody), A Person <e@f>"));
        assertEquals(List.of("g@h", "i@j", "k@l"), addresses("random group: g@h, i@j;, k@l"));
        assertEquals(List.of("a.b@c.d"), addresses("a . b (x) @ c (y) . d"));
        assertEquals(List.of("john q@x"), addresses("\"john q\"@x"));
        assertEquals(List.of("a@[1.2.3.4]"), addresses("<a@[1.2.3.4]>"));
        assertEquals(List.of("a@b"), addresses("<@x.y,@z:a@b>"));
        assertEquals(List.of("x@y"), addresses("\"Last, First <no@way>\" <x@y>"));
        assertEquals(List.of("x@y"), addresses("J. R. (a \\) comment (nested)) Doe <x@y>"));
        assertEquals(List.of("x@y"), addresses("undisclosed: ; , x@y"));
        assertEquals(List.of(), addresses(" , ,, "));
        assertEquals(List.of(), addresses("<>"));
    }

    @Test
    void putsACommaWhereABlankIsIllegal() {
        assertEquals(List.of("djb", "fred"), addresses("djb fred"));
        assertEquals("djb, fred", good("djb fred").text(0));
        assertEquals(List.of("a@b", "c@d"), addresses("<a@b> c@d"));
        assertEquals(List.of("a", "b@c"), addresses("a b@c"));
    }

    @Test
    void keepsNamesAndComments() {
        String text = "\"Last, First\" <x@y> (work), g: a@b (me), c@d;, \"odd local\"@e";
        assertEquals(text, good(text).text(0));
    }

    @Test
    void foldsBetweenAddressesAtTheLimit() {
        String text = good("somebody@example.test, ".repeat(20)).text(4);
        for (String line : text.lines().toList()) {
            assertTrue(line.length() <= 78, line);
        }
        assertEquals(20, addresses(text).size());
    }

    @Test
    void refusesWhatMakesNoSense() {
        for (String bad : List.of(
                "<a@b",
                "@b",
                "a@b@c",
                "(open",
                "\"open",
                "[open",
                "a)",
                "x: y: z@a;",
                "<a b@c>",
                ": a@b",
                "<@x a@b>",
                "a@[x y]",
                "a > b")) {
            assertInstanceOf(AddressList.Parsed.Bad.class, AddressList.parse(bad), bad);
        }
    }

    @Test
    void leavesAMissingHostToWhoeverCompletesIt() {
        for (String one : List.of("ann@", "<ann@>", "\"ann\"@", "ann@ (comment)", "Ann <ann@ >", "ann@.")) {
            AddressList.Mailbox mailbox = good(one).mailboxes().getFirst();
            assertEquals("ann/", mailbox.local() + "/" + mailbox.domain(), one);
        }
        assertEquals(List.of("ann", "b@c"), addresses("ann@, b@c"));
    }

    @Test
    void readsAQuotedHostAsItsLabels() {
        assertEquals(List.of("b@a.c", "d"), addresses("b@.\".a..c.\", d@"));
        assertEquals(List.of("b@a.c"), addresses("b@a.\"\".c"));
        assertInstanceOf(AddressList.Parsed.Bad.class, AddressList.parse("b@\"[1\""));
    }

    @Test
    void readsANameWithBrackets() {
        assertEquals("\"[Alerts] Ann\" <a@b>", good("[Alerts] Ann <a@b>").text(0));
        assertEquals(
                "\"Ann [x\\\"y] \\\"z\\\"\" <a@b>",
                good("Ann [x\"y] \"z\" <a@b>").text(0));
    }

    @Test
    void readsBackWhatItWroteForAnyList() {
        Seeds.forAll(300, random -> {
            AddressList list = list(random);
            assertEquals(list, good(list.text(0)), list.text(0));
        });
    }

    @Test
    void neverBreaksAndNeverWritesASecondFieldForAnyText() {
        String often = "<>@,;:.\"\\()[] \t\r\nab";
        Seeds.forAll(3_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(
                        random.nextInt(6) == 0
                                ? (char) random.nextInt(256)
                                : often.charAt(random.nextInt(often.length())));
            }
            if (AddressList.parse(text.toString()) instanceof AddressList.Parsed.Good(var list)) {
                String written = list.text(0);
                assertFalse(written.replace("\n\t", "").contains("\n"), written);
                assertFalse(written.contains("\r"), written);
                assertEquals(addressesOf(list), addresses(written), () -> text + " -> " + written);
            }
        });
    }

    @Test
    void takesNestingAndLengthWithoutDeepStacks() {
        assertEquals(List.of("a@b"), addresses("(".repeat(100_000) + ")".repeat(100_000) + " a@b"));
        assertInstanceOf(AddressList.Parsed.Bad.class, AddressList.parse("a,".repeat(30_000)));
    }

    private static AddressList list(Random random) {
        List<AddressList.Item> items = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            if (random.nextInt(4) == 0) {
                List<AddressList.Mailbox> members = new ArrayList<>();
                for (int m = random.nextInt(3); m > 0; m--) {
                    members.add(mailbox(random));
                }
                items.add(new AddressList.Group("some group", members));
            } else {
                items.add(mailbox(random));
            }
        }
        return new AddressList(items);
    }

    private static AddressList.Mailbox mailbox(Random random) {
        String local = word(random, "abc.\"\\ @<>,;:()\u00e9!+-");
        String domain = List.of("x", "x.y", "[1.2.3.4]", "example.test").get(random.nextInt(4));
        boolean angle = random.nextBoolean();
        String display = !angle
                ? ""
                : List.of("", "A Person", "\"Q, \\\" R\"", "J. (x) D.").get(random.nextInt(4));
        String comments = random.nextInt(3) == 0 ? "(a (b) \\) c)" : "";
        return new AddressList.Mailbox(display, local, domain, comments, angle);
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    private static AddressList good(String text) {
        return assertInstanceOf(AddressList.Parsed.Good.class, AddressList.parse(text), text)
                .list();
    }

    private static List<String> addresses(String text) {
        return addressesOf(good(text));
    }

    private static List<String> addressesOf(AddressList list) {
        return list.mailboxes().stream().map(AddressList.Mailbox::address).toList();
    }
}
