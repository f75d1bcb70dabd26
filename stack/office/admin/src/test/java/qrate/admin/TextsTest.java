package qrate.admin;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import qrate.directory.Logins;
import qrate.directory.Tokens;
import qrate.language.Language;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Trace;
import qrate.refusals.RefusalKind;
import qrate.reported.SenderProof;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.zone.RowSeen;
import qrate.zone.ZoneRow;

/// Whatever a page says stands in the file of each language, and nothing else does.
class TextsTest {
    private static final Path SOURCES = Path.of("src/main/java/qrate/admin");
    private static final Path TEMPLATES = Path.of("src/main/jte");

    /// Where a key is said: its beginning, where the rest is found out when the page is made.
    private static final Pattern KEY = Pattern.compile("\\b(?:say|Said\\.of)\\(\\s*\"([a-z0-9-]+)\"(\\s*\\+)?");

    /// The other of two keys.
    private static final Pattern OTHER_KEY =
            Pattern.compile("\\bSaid\\.of\\([^()\"]+\\? \"([a-z0-9-]+)\" : \"([a-z0-9-]+)\"\\)");

    /// What is the same in each language.
    private static final Set<String> NAMES =
            Set.of("Qrate", "somebody@example.org", "example.org", "address,password,quota");

    /// The ends of keys that have only their beginning in the source.
    private static Map<String, Stream<String>> families() {
        return Map.ofEntries(
                entry("text-", words(Phrase.values())),
                entry("placeholder-", words(Placeholder.values())),
                entry("tab-", ListHead.TABS.stream()),
                entry("about-", ListSet.words().stream()),
                entry("domain-tab-", DomainTabs.ALL.stream()),
                entry("setting-", ListSettings.FLAGS.keySet().stream().map(name -> name.replace('_', '-'))),
                entry("rewrite-", words(ListSettings.Rewrite.values())),
                entry("notice-", PageLayout.NOTICES.stream()),
                entry("error-", statuses()),
                entry("advice-", statuses()),
                entry("part-", Needs.PARTS.stream()),
                entry("ticked-do-", Stream.concat(words(MailboxTicks.Act.values()), Stream.of("let-out", "delete"))),
                entry(
                        "ticked-title-",
                        Stream.concat(
                                words(MailboxTicks.Act.values()),
                                Stream.of("retry", "hold", "release", "bounce", "let-out", "delete"))),
                entry("ticked-about-", Stream.of("suspend", "resume", "quota", "retry", "hold", "release", "bounce")),
                entry("scope-", words(Tokens.Scope.values())),
                entry("door-", words(Logins.Door.values())),
                entry("freedom-", words(QueueControl.Freedom.values())),
                entry("sender-", words(QueueControl.Freedom.values()).filter(word -> !word.equals("free"))),
                entry("progress-", words(QueueControl.Progress.values())),
                entry("queue-do-", Stream.of("retry", "hold", "release", "bounce")),
                entry("queue-by-", QueueTable.COLUMNS.stream()),
                entry("refusal-", words(RefusalKind.values())),
                entry("reports-proof-", words(SenderProof.values())),
                entry("dns-why-", words(ZoneRow.Kind.values())),
                entry("explain-", Stream.of("delivered", "elsewhere", "waits", "bounces", "refused")),
                entry("trace-days-", TraceViews.DAYS_OFFERED.stream().map(days -> Integer.toString(days))),
                entry("trace-step-", words(Trace.Kind.values())),
                entry("dns-state-", words(RowSeen.State.values())),
                entry("dns-todo-", Stream.of("missing", "wrong", "differs", "unknown")));
    }

    private static Stream<String> statuses() {
        return Stream.concat(Errors.KNOWN.stream().map(status -> Integer.toString(status)), Stream.of(Errors.OTHER));
    }

    private static Stream<String> words(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Set<String> used() throws IOException {
        Set<String> used = new TreeSet<>();
        Set<String> begun = new TreeSet<>();
        for (Path file : Stream.concat(files(SOURCES).stream(), files(TEMPLATES).stream())
                .toList()) {
            String text = Files.readString(file);
            Matcher key = KEY.matcher(text);
            while (key.find()) {
                (key.group(2) == null ? used : begun).add(key.group(1));
            }
            Matcher other = OTHER_KEY.matcher(text);
            while (other.find()) {
                used.add(other.group(1));
                used.add(other.group(2));
            }
        }
        assertEquals(begun, new TreeSet<>(families().keySet()), "keys of which only the beginning is in the source");
        families().forEach((beginning, ends) -> ends.forEach(end -> used.add(beginning + end)));
        return used;
    }

    @Test
    void everyKeyThatPagesSayHasATextInEachLanguageAndNoneIsLeftOver() throws IOException {
        Set<String> used = used();
        assertTrue(used.size() > 100, "sources are read: " + used);
        for (Language language : Language.values()) {
            assertEquals(used, new TreeSet<>(Texts.in(language).bundle().keys()), language.tag());
        }
    }

    /// Texts of Chinese readers have no words of English ones: only names, and what is typed as it stands.
    @Test
    void everyTextIsTranslated() {
        Set<String> same = Texts.in(Language.ENGLISH).bundle().keys().stream()
                .filter(key -> Texts.in(Language.ENGLISH)
                        .say(key)
                        .equals(Texts.in(Language.TRADITIONAL_CHINESE).say(key)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), same);
    }

    @Test
    void noTemplateHasATextOfItsOwn() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(TEMPLATES)) {
            for (String text : own(Files.readString(file))) {
                found.add(file.getFileName() + ": " + text);
            }
        }
        assertEquals(List.of(), found, "put it into the files of words, and say its key");
    }

    @Test
    void aTextInATemplateIsFound() {
        assertEquals(
                List.of("Hello you", "there"),
                own("@if(frame.admin())\n<p class=\"x\">Hello ${frame.say(\"a\", b(\"}\"))} you</p>\n@endif\n"
                        + "<input name=\"a\" placeholder=\"there\" value=\"${x}\">"
                        + "@template.password(frame = frame, label = frame.say(\"b\"))"));
    }

    /// What is left of a template once expressions, commands of jte and tags are taken away: words in any language,
    /// and in attributes that people hear or see.
    private static List<String> own(String template) {
        String text = template.replaceAll("(?m)^(@import|@param|!\\{).*$", "")
                .replaceAll("@template\\.layout\\(frame = frame, content = @`|`\\)$|@(?:end(?:if|for)|else)\\b", "");
        text = without(text, Pattern.compile("\\$\\{"), '{', '}');
        text = without(text, Pattern.compile("@(?:template\\.[a-z]+|if|for|elseif)\\("), '(', ')');
        List<String> found = new ArrayList<>();
        Matcher shown = Pattern.compile("\\b(?:aria-label|placeholder|title|alt|label)=\"([^\"]*)\"")
                .matcher(text);
        String between = text.replaceAll("<code>[^<]*</code>|<!DOCTYPE[^>]*>|<[^>]*>", "\n");
        Stream.concat(between.lines(), shown.results().map(one -> one.group(1)))
                .map(String::strip)
                .filter(line -> !NAMES.contains(line) && line.codePoints().anyMatch(Character::isLetter))
                .map(line -> line.replaceAll(" +", " "))
                .filter(line -> !line.equals("· Qrate"))
                .forEach(found::add);
        return found;
    }

    /// A text without what begins so and goes to the closing bracket; in strings brackets do not count.
    private static String without(String text, Pattern beginning, char open, char close) {
        StringBuilder left = new StringBuilder();
        Matcher found = beginning.matcher(text);
        int at = 0;
        while (found.find(at)) {
            left.append(text, at, found.start());
            boolean string = false;
            int depth = 1;
            at = found.end();
            while (depth > 0) {
                char letter = text.charAt(at);
                string ^= letter == '"';
                depth += string || letter != open ? string || letter != close ? 0 : -1 : 1;
                at++;
            }
        }
        return left.append(text.substring(at)).toString();
    }
}
