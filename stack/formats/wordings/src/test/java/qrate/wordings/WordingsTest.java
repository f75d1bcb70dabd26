package qrate.wordings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.core.Address;
import qrate.core.Log;
import qrate.language.Language;
import qrate.snapshots.Directory;
import qrate.snapshots.Vacation;
import qrate.testkit.Seeds;

class WordingsTest {
    private static final Map<Placeholder, String> EXAMPLES = new EnumMap<>(Placeholder.class);

    static {
        for (Placeholder one : Placeholder.values()) {
            EXAMPLES.put(one, one.example());
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Log log =
            new Log(new PrintStream(out, true, UTF_8), Log.Stamp.NONE, () -> Instant.parse("2026-06-01T12:00:00Z"));

    private long logged() {
        return out.toString(UTF_8).lines().count();
    }

    /// A directory of one mailbox.
    ///
    /// @param broken whether nothing can be read
    private record Said(Map<String, String> texts, String language, boolean broken) implements Directory {
        @Override
        public Route route(Address address) throws IOException {
            if (broken) {
                throw new IOException("damaged cdb");
            }
            return address.toString().equals("ann@example.test")
                    ? new Route.Mailbox("ann@example.test", "h", 0, 0, List.of(), true, Vacation.NONE, language)
                    : new Route.NoSuchUser();
        }

        @Override
        public Optional<String> said(String domain, String name) throws IOException {
            if (broken) {
                throw new IOException("damaged cdb");
            }
            return Optional.ofNullable(texts.get(name));
        }
    }

    private Wordings wordings(Map<String, String> texts, String language, boolean broken) {
        return new Wordings(new Said(texts, language, broken), log);
    }

    @Test
    void everyBuiltInTextMayStandWhereItStands() {
        for (Phrase wording : Phrase.values()) {
            for (Language language : Language.values()) {
                String text = Wordings.builtIn(wording, language);
                assertEquals(Optional.empty(), wording.problem(text), wording.word() + " " + language);
                String sent = Wordings.filled(text, wording, EXAMPLES);
                assertTrue(Braces.of(sent).isEmpty(), sent);
                assertTrue(sent.lines().noneMatch(line -> line.length() > 240), sent);
                assertEquals(wording.form() != Phrase.Form.LINE, sent.endsWith("\n"), sent);
            }
        }
    }

    @Test
    void aDomainsTextComesInThePlaceOfTheBuiltInOne() {
        Wordings own = wordings(Map.of("bounce-failed en", "Sorry, {sender}.\nAsk {host}."), "", false);
        Map<Placeholder, String> values = Map.of(Placeholder.SENDER, "{host}", Placeholder.HOST, "mx.test");
        assertEquals(
                "Sorry, {host}.\nAsk mx.test.\n",
                own.say("example.test", Phrase.BOUNCE_FAILED, Language.ENGLISH, values),
                "what stands at a placeholder is not read again");
        assertEquals(
                Wordings.builtIn(Phrase.BOUNCE_FAILED, Language.TRADITIONAL_CHINESE) + "\n",
                own.say("example.test", Phrase.BOUNCE_FAILED, Language.TRADITIONAL_CHINESE, values));
        assertEquals(0, logged());
    }

    @Test
    void aTextThatCannotStandThereOrCannotBeReadGivesWayToTheBuiltInOne() {
        String builtIn = Wordings.builtIn(Phrase.BOUNCE_FAILED, Language.ENGLISH) + "\n";
        for (String bad : List.of("{password}", "a\n\nb", "a\u0000b", " ", "x".repeat(Phrase.CHARS_MAX + 1))) {
            Wordings own = wordings(Map.of("bounce-failed en", bad), "", false);
            assertEquals(builtIn, own.say("example.test", Phrase.BOUNCE_FAILED, Language.ENGLISH, Map.of()));
        }
        assertEquals(5, logged());
        Wordings broken = wordings(Map.of(), "", true);
        assertEquals(builtIn, broken.say("example.test", Phrase.BOUNCE_FAILED, Language.ENGLISH, Map.of()));
        assertEquals(Optional.empty(), broken.language("ann@example.test"));
        assertEquals(7, logged());
    }

    @Test
    void theLanguageIsTheMailboxsElseItsDomainsElseNobodys() {
        assertEquals(
                Optional.of(Language.TRADITIONAL_CHINESE),
                wordings(Map.of("language", "en"), "zh-Hant", false).language("ann@example.test"));
        Wordings domains = wordings(Map.of("language", "zh-Hant"), "", false);
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), domains.language("ann@example.test"));
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), domains.language("nobody@example.test"));
        assertEquals(Optional.empty(), wordings(Map.of(), "fr", false).language("ann@example.test"));
    }

    @Test
    void anUnknownPlaceholderIsNamedTogetherWithThoseThatAreKnown() {
        assertEquals(
                Optional.of(new Phrase.Problem.Unknown("{adress}", "{address} {percent}")),
                Phrase.QUOTA_SUBJECT.problem("Full: {adress}"));
        assertEquals(Optional.of(new Phrase.Problem.NotOneLine()), Phrase.QUOTA_SUBJECT.problem("a\nb"));
        assertEquals(Optional.of(new Phrase.Problem.TooLong(200)), Phrase.QUOTA_SUBJECT.problem("a".repeat(201)));
        assertEquals(Optional.empty(), Phrase.QUOTA_WARNING.problem("{ } {a b} {} { address } {{{address}"));
        assertEquals("{ } {ann", Braces.filled("{ } {{address}", Map.of(Placeholder.ADDRESS, "ann")));
    }

    @Test
    void wordsOfTheListsFilesAreFoundByTheirNames() {
        assertEquals(Optional.of(Phrase.LIST_SUB_OK), Phrase.ofList("sub-ok"));
        assertEquals(Optional.of("sub-ok"), Phrase.LIST_SUB_OK.inList());
        assertEquals(Optional.empty(), Phrase.ofList("../sub-ok"));
        assertEquals(Optional.empty(), Phrase.BOUNCE_DONE.inList());
        for (Phrase wording : Phrase.values()) {
            assertEquals(Optional.of(wording), Phrase.of(wording.word()));
        }
    }

    @Test
    void whateverIsTypedALineIsNoLongerThanAMessageMayHave() {
        Seeds.forAll(2_000, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1500); i > 0; i--) {
                text.append(
                        switch (random.nextInt(8)) {
                            case 0 -> "{address}";
                            case 1 -> "{";
                            case 2 -> "}";
                            case 3 -> "\n";
                            case 4 -> "😀";
                            case 5 -> " ";
                            default -> "字";
                        });
            }
            String sent = Wordings.filled(text.toString(), Phrase.QUOTA_WARNING, EXAMPLES);
            assertTrue(sent.lines().noneMatch(line -> line.getBytes(UTF_8).length > 998));
            assertEquals(
                    text.toString().replace("{address}", "ann@example.test").replaceAll("[ \n]", ""),
                    sent.replaceAll("[ \n]", ""));
            assertFalse(sent.contains("\uFFFD"));
        });
    }
}
