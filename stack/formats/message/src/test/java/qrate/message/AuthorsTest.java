package qrate.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Seeds;

/// What a user called ann may write in From, and what nobody may take for ann's.
class AuthorsTest {
    private static final Set<String> ANN = Set.of("ann@a.test", "ann b@a.test", "ännä@a.test");

    private static boolean isAnn(String field) {
        Authors authors = Authors.of(field);
        return authors.clear()
                && !authors.named().isEmpty()
                && ANN.containsAll(authors.named())
                && ANN.containsAll(authors.mentioned());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@a.test",
                " ann@a.test ",
                "<ann@a.test>",
                "Ann <ann@a.test>",
                "Ann<ann@a.test>",
                "Ann B. Example <ann@a.test>",
                "A. B. <ann@a.test>",
                "\"Ann, B.\" <ann@a.test>",
                "\"Ann \\\"B\\\" Example\" <ann@a.test>",
                "ann@a.test (Ann)",
                "ann@a.test (Ann (nested))",
                "(x) ann (y) @ (z) a . test",
                "\"ann b\"@a.test",
                "\"ann\"@a.test",
                "\"a\\nn\"@a.test",
                "<@relay.test,@other.test:ann@a.test>",
                "ann@a.test, Ann <ann@a.test>",
                "Us: ann@a.test;",
                "Us: ann@a.test, <ann@a.test>;",
                "äöü <ännä@a.test>",
                // not by the grammar, and clear all the same
                "ann@a.test <ann@a.test>",
                "\"ann@a.test\" <ann@a.test>",
                "'ann@a.test' <ann@a.test>",
                "<ann@a.test> <ann@a.test>",
                "Doe, Ann <ann@a.test>",
                "Doe, Ann, MD <ann@a.test>",
                "[Alerts] Ann <ann@a.test>",
                "[#4711] <ann@a.test>",
                "Ann [Alerts] <ann@a.test>",
                "Alerts: Ann <ann@a.test>",
                "Ann; Support <ann@a.test>",
                "Support @ Acme <ann@a.test>",
                "@ann <ann@a.test>",
                "Ann (Support <ann@a.test>",
                "Ann) <ann@a.test>",
                "Ann \"B <ann@a.test>",
                "<<ann@a.test>>",
                "<ann@a.test",
                "ann@a.test>",
                "<ann@a.test>;",
                "ann@a.test;",
                "ann@a.test.",
                "mailto:ann@a.test",
                "Ann <mailto:ann@a.test>",
                "Ann ann@a.test",
                "Ann & Bob <ann@a.test>",
                "C:\\scan <ann@a.test>",
                "=?utf-8?Q?Ann_=C3=84?= <ann@a.test>",
                "=?utf-8?B?w4Ru?= =?utf-8?B?bg==?= <ann@a.test>",
                "\"=?iso-8859-1?Q?=C4nn?=\" <ann@a.test>",
                "=?x-unknown?Q?Ann=1B=24?= <ann@a.test>",
                "=?utf-8?Q?ann=40a.test?= <ann@a.test>",
                "=? <ann@a.test>",
                "Ann\t<ann@a.test>"
            })
    void isAnnHoweverItIsWritten(String field) {
        assertTrue(isAnn(field), () -> Authors.of(field).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "<>",
                "Ann <>",
                "ann@",
                "@a.test",
                "Us:;",
                "\"ann@a.test\"",
                "(ann@a.test)",
                "=?utf-8?Q?ann=40a.test?=",
                // others, in an address's place
                "boss@a.test",
                "<boss@a.test>",
                "ann@a.test, boss@a.test",
                "boss@a.test, ann@a.test",
                "ann@a.test boss@a.test",
                "ann@a.test; boss@a.test",
                "<ann@a.test> <boss@a.test>",
                "<boss@a.test> <ann@a.test>",
                "<ann@a.test>boss@a.test",
                "Us: ann@a.test, boss@a.test;",
                "Us: ann@a.test;, boss@a.test",
                "<<boss@a.test>ann@a.test>",
                "<ann@a.test <boss@a.test>>",
                "<boss@a.test,ann@a.test>",
                "<@relay.test:boss@a.test>",
                "<boss@a.test:ann@a.test>",
                "<boss @ intranet>",
                "<> boss @ intranet",
                "\"\"@a.test",
                "root@localhost <ann@a.test>",
                // others, where a name stands
                "boss@a.test <ann@a.test>",
                "ann@a.test <boss@a.test>",
                "\"boss@a.test\" <ann@a.test>",
                "\"The Boss (boss@a.test)\" <ann@a.test>",
                "\"boss\\@a.test\" <ann@a.test>",
                "\"\\\"boss@a.test\\\"\" <ann@a.test>",
                "\"boss @ a.test\" <ann@a.test>",
                "boss @ a.test <ann@a.test>",
                "'boss@a.test' <ann@a.test>",
                "[boss@a.test] <ann@a.test>",
                "(boss@a.test) ann@a.test",
                "ann@a.test (boss@a.test)",
                "ann@a.test (x (y boss@a.test))",
                "ann@a.test (boss\\@a.test)",
                "boss@a.test (Boss) <ann@a.test>",
                "\"boss@a.test <ann@a.test>",
                "(boss@a.test <ann@a.test>",
                "[boss@a.test <ann@a.test>",
                "=?utf-8?Q?boss=40a.test?= <ann@a.test>",
                "=?utf-8?B?Ym9zc0BhLnRlc3Q=?= <ann@a.test>",
                "=?utf-8*en?Q?boss=40a.test?= <ann@a.test>",
                "\"=?utf-8?Q?boss=40a.test?=\" <ann@a.test>",
                "(=?utf-8?Q?boss=40a.test?=) ann@a.test",
                "=?utf-8?Q?boss=40?= =?utf-8?Q?a.test?= <ann@a.test>",
                "=?utf-8?Q?boss?= =?us-ascii?Q?=40a.test?= <ann@a.test>",
                "=?utf-8?Q?=3Cboss=40a.test=3E?= <ann@a.test>",
                "=?utf-8?Q?boss=40a.test_?= <ann@a.test>",
                "=?utf-8?Q?boss @a.test?= <ann@a.test>",
                "=?utf-16?B?AGIAbwBzAHMAQABhAC4AdABlAHMAdA==?= <ann@a.test>",
                "=?utf-7?Q?boss+AEA-a.test?= <ann@a.test>",
                "=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?==?utf-8?b?cG90dXM=?=@a.test",
                "=?utf-8?Q?ann?=@a.test",
                "=?utf-8?Q?Ann=0Aboss?= <ann@a.test>",
                "boss\uff20a.test <ann@a.test>",
                "boss\ufe6ba.test <ann@a.test>",
                "bo\u200bss\u200b@\u200ba.test <ann@a.test>",
                "\u202etset.a@ssob <ann@a.test>",
                "boss@a\u3002test <ann@a.test>",
                // longer than they look
                "ann@a.test.evil.example",
                "ann@a.test .evil.example",
                "ann@a.test(x).evil.example",
                "ann@a.test(x) . (y) evil.example",
                "boss . ann@a.test",
                "bo(x).ann@a.test",
                "bo\"ann\"@a.test",
                "\"bo\"ann@a.test",
                "ann@a.test\"x\"",
                "ann@\"a.test\"",
                "ann@[a.test]",
                "ann@a.test[x]",
                "ann\\@a.test",
                "\\ann@a.test",
                "ann@a\\.test",
                "ann@a.test@evil.example",
                "ann@@a.test",
                "ann%a.test@evil.example",
                "evil.example!ann@a.test",
                "ann..b@a.test",
                "ann@a..test",
                "<@ann@a.test:boss@a.test>",
                "\"boss@a.test\"@a.test",
                "ann\u0001@a.test",
                "ann@a.test\u0000",
                "ann@a.test\nboss@a.test",
                "Ann\u007f <ann@a.test>",
                "ANN@b.test"
            })
    void isNotSurelyAnn(String field) {
        assertFalse(isAnn(field), () -> Authors.of(field).toString());
    }

    @Test
    void agreesWithTheReaderOfListsWhereThatCanReadAField() {
        Seeds.forAll(20_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(new String[] {
                            "ann", "@", "a.test", "boss", "<", ">", ",", " ", "\"", "(x)", "(", ")", ":", ";", ".",
                            "\\", "[", "]"
                        }
                        [random.nextInt(18)]);
            }
            Authors authors = Authors.of(text.toString());
            if (AddressList.parse(text.toString()) instanceof AddressList.Parsed.Good(var list)) {
                for (AddressList.Mailbox one : list.mailboxes()) {
                    boolean found = Stream.concat(authors.named().stream(), authors.mentioned().stream())
                                    .anyMatch(a -> a.replace(".", "")
                                            .equals(one.address().replace(".", "")))
                            || !authors.clear()
                            || one.domain().isEmpty();
                    assertTrue(found, () -> text + " names " + one + " and not only " + authors);
                }
            }
        });
    }

    @Test
    void readsAnythingToAnEndAndFindsEveryAddressThatIsPutIn() {
        Seeds.forAll(20_000, random -> {
            String noise = "ab@.<>,:;()[]\"\\ \t=?_ä\u202e";
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(noise.charAt(random.nextInt(noise.length())));
            }
            String field = text.insert(random.nextInt(text.length() + 1), " boss@b.test ")
                    .toString();
            Authors authors = Authors.of(field);
            assertFalse(isAnn(field), field);
            for (String address : authors.named()) {
                assertTrue(address.lastIndexOf('@') > 0, address);
            }
        });
    }

    /// A megabyte of `a.` once took a minute, and now takes less than a second.
    @Test
    @Timeout(30)
    void takesTimeThatGrowsWithTheLengthAlone() {
        for (String piece : new String[] {
            "(", "\"", "[", "<", "\\", "a.", "@", "a@", "=?", "=?u?Q?", "\"(", "(\"", "=?utf-8?Q?=22?="
        }) {
            Authors.of(piece.repeat(Wanted.Limits.USUAL.fieldBytes() / piece.length()));
            AddressList.parse(piece.repeat((1 << 20) / piece.length()));
        }
        assertEquals(1, Authors.of("a.".repeat(4000) + "a@b.test").named().size());
    }
}
