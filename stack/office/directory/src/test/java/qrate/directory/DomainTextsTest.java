package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.State;
import qrate.language.Language;
import qrate.snapshots.SnapshotDirectory;
import qrate.wordings.Phrase;
import qrate.wordings.Wordings;

/// What domains say in their own words, from the edit to the file that mail reads.
class DomainTextsTest {
    private static final Password.Clear PASSWORD = new Password.Clear("correct horse");
    private static final Change DONE = new Change.Done();

    @TempDir
    Path folder;

    private State state;
    private Domains domains;

    @BeforeEach
    void open() throws IOException {
        state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = opened();
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddAliasDomain("example.test", "as.test"));
        domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
    }

    private Domains opened() throws IOException {
        return Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), InstantSource.system());
    }

    @AfterEach
    void close() {
        domains.close();
    }

    /// What a process that starts now writes.
    private String sent(String domain) {
        return wordings().say(domain, Phrase.QUOTA_SUBJECT, Language.ENGLISH, Map.of());
    }

    private Wordings wordings() {
        return new Wordings(new SnapshotDirectory(state, InstantSource.system()), Log.silent());
    }

    private Change say(String domain, String text) throws IOException {
        return domains.apply(new Edit.SetText(domain, Phrase.QUOTA_SUBJECT, Language.ENGLISH, text));
    }

    private static Refusal why(Change change) {
        return assertInstanceOf(Change.Refused.class, change).refusal();
    }

    @Test
    void mailReadsWhatADomainSaysElseWhatTheSystemSays() throws IOException {
        assertEquals("Your mailbox is nearly full ({percent} %)", sent("example.test"));
        assertEquals(DONE, say("", "system's"));
        assertEquals("system's", sent("example.test"));
        assertEquals("system's", sent("elsewhere.test"));
        assertEquals(DONE, say("AS.test", "domain's"));
        assertEquals("domain's", sent("example.test"));
        assertEquals("domain's", sent("as.test"));
        assertEquals("system's", sent("elsewhere.test"));
        assertEquals(Optional.of("domain's"), domains.texts("as.test").text(Phrase.QUOTA_SUBJECT, Language.ENGLISH));
        assertEquals(DONE, say("example.test", ""));
        assertEquals(DONE, say("", ""));
        assertEquals("Your mailbox is nearly full ({percent} %)", sent("example.test"));
        assertEquals(DomainTexts.NONE, domains.texts("example.test"));
    }

    @Test
    void allOfItIsThereAfterARestartThatFindsNoFiles() throws IOException {
        say("", "system's");
        say("example.test", "domain's");
        domains.apply(new Edit.SetLanguage("example.test", "zh-Hant"));
        domains.close();
        Files.delete(state.users().resolve("said.cdb"));
        Files.delete(state.users().resolve("domains/example.test.cdb"));
        domains = opened();
        assertEquals("domain's", sent("example.test"));
        assertEquals("system's", sent("elsewhere.test"));
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), wordings().language("ann@as.test"));
    }

    @Test
    void theLanguageOfAMailboxComesBeforeThatOfItsDomain() throws IOException {
        domains.apply(new Edit.SetLanguage("", "zh-Hant"));
        assertEquals(Optional.of(Language.TRADITIONAL_CHINESE), wordings().language("ann@example.test"));
        assertEquals(DONE, domains.apply(new Edit.Modify("ann@example.test", Map.of(Property.LANGUAGE, "en"))));
        assertEquals(Optional.of(Language.ENGLISH), wordings().language("ann@as.test"));
        assertEquals("en", domains.mailbox("ann@example.test").orElseThrow().language());
        assertEquals(
                Refusal.of(Refusal.Key.LANGUAGE_UNKNOWN, "en, zh-Hant"),
                why(domains.apply(new Edit.Modify("ann@example.test", Map.of(Property.LANGUAGE, "fr")))));
        assertEquals(
                Refusal.Key.LANGUAGE_UNKNOWN,
                why(domains.apply(new Edit.SetLanguage("example.test", "zh"))).key());
    }

    @Test
    void refusesWhatCannotBeSentAndChangesNothing() throws IOException {
        say("example.test", "domain's");
        assertEquals(
                Refusal.of(Refusal.Key.TEXT_PLACEHOLDER, "{password}", "{address} {percent}"),
                why(say("example.test", "Hello {password}")));
        assertEquals(Refusal.of(Refusal.Key.TEXT_LONG, 200), why(say("example.test", "x".repeat(201))));
        assertEquals(
                Refusal.Key.TEXT_ONE_LINE, why(say("example.test", "a\r\nb")).key());
        assertEquals(
                Refusal.Key.TEXT_LETTERS, why(say("example.test", "a\u0000b")).key());
        assertEquals(Refusal.Key.DOMAIN_MISSING, why(say("none.test", "x")).key());
        assertEquals(Refusal.Key.DOMAIN_NAME, why(say("../x", "x")).key());
        assertEquals(
                Refusal.Key.TEXT_PARAGRAPH,
                why(domains.apply(new Edit.SetText("example.test", Phrase.BOUNCE_DONE, Language.ENGLISH, "a\n\nb")))
                        .key());
        assertEquals("domain's", sent("example.test"));
    }

    @Test
    void aDomainSaysNoMoreThanItMay() throws IOException {
        Change last = DONE;
        int taken = 0;
        for (Phrase wording : Phrase.values()) {
            for (Language language : Language.values()) {
                if (wording.form() == Phrase.Form.TEXT) {
                    last = domains.apply(
                            new Edit.SetText("example.test", wording, language, "字".repeat(Phrase.CHARS_MAX)));
                    taken += last.equals(DONE) ? 1 : 0;
                }
            }
        }
        assertEquals(15, taken);
        assertEquals(Refusal.of(Refusal.Key.TEXTS_FULL, 60_000), why(last));
        assertEquals(15, domains.texts("example.test").own().size());
    }

    @Test
    void aDomainThatGoesTakesItsWordsAlong() throws IOException {
        say("example.test", "domain's");
        domains.apply(new Edit.DeleteDomain("example.test"));
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        assertEquals(DomainTexts.NONE, domains.texts("example.test"));
        assertEquals(List.of(), domains.texts("example.test").own());
    }

    @Test
    void whatIsSaidAgainIsNoChange() throws IOException {
        say("example.test", "domain's");
        long lines = domains.audit().newest(100).size();
        assertEquals(DONE, say("example.test", "domain's"));
        assertEquals(DONE, domains.apply(new Edit.SetLanguage("example.test", "")));
        assertEquals(lines, domains.audit().newest(100).size());
    }
}
