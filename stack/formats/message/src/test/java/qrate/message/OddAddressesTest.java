package qrate.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.testkit.Seeds;

/// What the one reader answers to each of its questions about fields that three readers once took in three ways: what
/// the grammar says is there, what a person meant, and whom somebody may take for the author.
class OddAddressesTest {
    private static final String BAD = "-";

    /// One field.
    ///
    /// @param strict addresses by the grammar, or `-`
    /// @param list addresses as people mean it, or `-`
    /// @param named in an address's place
    /// @param mentioned elsewhere
    private record Case(String field, String strict, String list, String named, String mentioned) {}

    /// A `?` in front of those who are named says that nobody can tell.
    private static final Case[] CASES = {
        new Case("", "", "", "", ""),
        new Case(" \t ", "", "", "", ""),
        new Case("ann@a.test", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        new Case("Ann <ann@a.test>", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        // comments
        new Case("(x (y)) ann (z) @ (z) a . test (w)", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        new Case("ann@a.test (bob@b.test)", "ann@a.test", "ann@a.test", "ann@a.test", "bob@b.test"),
        new Case("(bob@b.test", BAD, BAD, "bob@b.test", ""),
        new Case("Ann (Support <ann@a.test>", BAD, BAD, "ann@a.test", ""),
        new Case("ann@a.test \\(x)", BAD, BAD, "ann@a.test", ""),
        // groups
        new Case(
                "Us: ann@a.test, bob@b.test;",
                "ann@a.test bob@b.test",
                "ann@a.test bob@b.test",
                "ann@a.test bob@b.test",
                ""),
        new Case("Us:;", "", "", "", ""),
        new Case("Us: ann@a.test", BAD, "ann@a.test", "ann@a.test", ""),
        new Case("Us: Them: ann@a.test;;", BAD, BAD, "ann@a.test", ""),
        new Case(": ann@a.test;", BAD, BAD, "ann@a.test", ""),
        new Case("ann@a.test; bob@b.test", BAD, "ann@a.test bob@b.test", "ann@a.test bob@b.test", ""),
        // quotes
        new Case("\"ann b\"@a.test", "ann b@a.test", "ann b@a.test", "ann b@a.test", ""),
        new Case("\"a\\nn\"@a.test", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        new Case("\"bob@b.test\" <ann@a.test>", "ann@a.test", "ann@a.test", "ann@a.test", "bob@b.test"),
        new Case("\"Ann <bob@b.test>\" <ann@a.test>", "ann@a.test", "ann@a.test", "ann@a.test", "bob@b.test"),
        new Case("\"bob@b.test <ann@a.test>", BAD, BAD, "ann@a.test", "bob@b.test"),
        new Case("\"\"@a.test", "@a.test", "@a.test", "?", ""),
        new Case("ann@\"a.test\"", BAD, "ann@a.test", "?ann@a.test", ""),
        new Case("\\ann@a.test", BAD, "\\ann@a.test", "\\ann@a.test", ""),
        // angle brackets
        new Case("<>", BAD, "", "", ""),
        new Case("<ann@a.test", BAD, BAD, "ann@a.test", ""),
        new Case("ann@a.test>", BAD, BAD, "ann@a.test", ""),
        new Case("<<ann@a.test>>", BAD, BAD, "ann@a.test", ""),
        new Case("<ann@a.test> <bob@b.test>", BAD, "ann@a.test bob@b.test", "ann@a.test bob@b.test", ""),
        new Case("<ann@a.test>bob@b.test", BAD, "ann@a.test bob@b.test", "ann@a.test", "bob@b.test"),
        new Case("<ann b@a.test>", BAD, BAD, "b@a.test", ""),
        // routes
        new Case("<@r.test,@s.test:ann@a.test>", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        new Case("<@r.test ann@a.test>", BAD, BAD, "ann@a.test", ""),
        new Case("<bob@b.test:ann@a.test>", BAD, BAD, "bob@b.test ann@a.test", ""),
        // commas
        new Case(",, ann@a.test,,", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        new Case("ann@a.test bob@b.test", BAD, "ann@a.test bob@b.test", "ann@a.test bob@b.test", ""),
        new Case("Doe, Ann <ann@a.test>", BAD, "Doe ann@a.test", "ann@a.test", ""),
        new Case("ann bob", BAD, "ann bob", "", ""),
        // dots
        new Case("J. R. Doe <ann@a.test>", "ann@a.test", "ann@a.test", "ann@a.test", ""),
        new Case("ann@a.test.", BAD, "ann@a.test", "ann@a.test", ""),
        new Case("ann..b@a.test", BAD, "ann..b@a.test", "ann..b@a.test", ""),
        new Case(".ann@a.test", BAD, ".ann@a.test", ".ann@a.test", ""),
        new Case("ann.@a.test", BAD, "ann.@a.test", "ann.@a.test", ""),
        new Case("ann@a..test", BAD, "ann@a.test", "ann@a..test", ""),
        // hosts
        new Case("ann", BAD, "ann", "", ""),
        new Case("ann@", BAD, "ann", "?", ""),
        new Case("@a.test", BAD, BAD, "?", ""),
        new Case("ann@[192.0.2.1]", "ann@[192.0.2.1]", "ann@[192.0.2.1]", "ann@[192.0.2.1]", ""),
        new Case(
                "ann@[IPv6:2001:db8::1]",
                "ann@[IPv6:2001:db8::1]",
                "ann@[IPv6:2001:db8::1]",
                "ann@[IPv6:2001:db8::1]",
                ""),
        new Case("ann@[a b]", BAD, BAD, "ann@[a b]", ""),
        new Case("ann@a.test@b.test", BAD, BAD, "?ann@a.test a.test@b.test", ""),
        new Case("list-@a.test-@[]", BAD, "list-@a.test-@[]", "?list-@a.test- a.test-@[]", ""),
        new Case("[Alerts] Ann <ann@a.test>", BAD, "ann@a.test", "ann@a.test", ""),
        // other bytes
        new Case("=?utf-8?Q?bob=40b.test?= <ann@a.test>", "ann@a.test", "ann@a.test", "ann@a.test", "bob@b.test"),
        new Case("=?utf-7?Q?x?= <ann@a.test>", "ann@a.test", "ann@a.test", "?ann@a.test", ""),
        new Case("\u00e4nn@a.test", "\u00e4nn@a.test", "\u00e4nn@a.test", "\u00e4nn@a.test", ""),
        new Case("ann@a.test\0", BAD, "ann@a.test", "?ann@a.test", ""),
        new Case(
                "ann@a.test,\r\n\tbob@b.test",
                "ann@a.test bob@b.test",
                "ann@a.test bob@b.test",
                "ann@a.test bob@b.test",
                ""),
    };

    @Test
    void answersEachQuestionAboutEachOddField() {
        List<String> wrong = new ArrayList<>();
        for (Case one : CASES) {
            // a field of a header is unfolded before anybody looks for authors in it
            Authors authors = Authors.of(one.field.replace("\r\n", ""));
            Case found = new Case(
                    one.field,
                    addresses(AddressList.strict(HeaderWords.bytes(one.field))),
                    addresses(AddressList.parse(HeaderWords.bytes(one.field))),
                    (authors.clear() ? "" : "?") + String.join(" ", authors.named()),
                    String.join(" ", authors.mentioned()));
            if (!found.equals(one)) {
                wrong.add(one + "\n  " + found);
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static String addresses(AddressList.Parsed parsed) {
        return switch (parsed) {
            case AddressList.Parsed.Good(var list) ->
                String.join(
                        " ",
                        list.mailboxes().stream()
                                .map(AddressList.Mailbox::address)
                                .toList());
            case AddressList.Parsed.Bad _ -> BAD;
        };
    }

    /// Two of one field: each is there, and whoever asks for the first gets the first.
    @Test
    void aHeaderMayHaveTwoOfAField() throws Exception {
        String text = "From: =?utf-8?Q?A?=\r\n <ann@a.test>\nfrom : bob@b.test\n\nFrom: x\n";
        Header header = Header.of(Body.of(text.getBytes(StandardCharsets.UTF_8)), Wanted.some("from"));
        assertEquals(2, header.named("from").size());
        assertEquals("=?utf-8?Q?A?= <ann@a.test>", header.value("from").orElseThrow());
    }

    /// What the strict reader takes, the lenient one takes for the same.
    @Test
    void theStrictReaderAgreesWithTheLenientOneForAnyText() {
        String often = "<>@,;:.\"\\()[] \t\r\nab";
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "a@b" : "");
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(often.charAt(random.nextInt(often.length())));
            }
            if (AddressList.strict(text.toString()) instanceof AddressList.Parsed.Good good) {
                assertEquals(good, AddressList.parse(text.toString()), text.toString());
                good.list().mailboxes().forEach(m -> assertFalse(m.domain().isEmpty(), text.toString()));
            }
        });
    }
}
