package qrate.wordings;

import static qrate.wordings.Placeholder.ADDRESS;
import static qrate.wordings.Placeholder.FOLDED;
import static qrate.wordings.Placeholder.FROM;
import static qrate.wordings.Placeholder.HOST;
import static qrate.wordings.Placeholder.LIMIT;
import static qrate.wordings.Placeholder.LINK;
import static qrate.wordings.Placeholder.LIST;
import static qrate.wordings.Placeholder.PERCENT;
import static qrate.wordings.Placeholder.REPLY;
import static qrate.wordings.Placeholder.SENDER;
import static qrate.wordings.Placeholder.UNTIL;
import static qrate.wordings.Placeholder.USED;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Each text that a domain may say in its own way.
public enum Phrase {
    BOUNCE_FAILED(Form.PARAGRAPH, HOST, SENDER),
    BOUNCE_DELAYED(Form.PARAGRAPH, HOST, SENDER, UNTIL),
    BOUNCE_DONE(Form.PARAGRAPH, HOST, SENDER),
    BOUNCE_DOUBLE(Form.PARAGRAPH, HOST),
    QUOTA_SUBJECT(Form.LINE, ADDRESS, PERCENT),
    QUOTA_WARNING(Form.TEXT, ADDRESS, USED, LIMIT, PERCENT),
    VACATION_ANSWER(Form.TEXT, ADDRESS),
    MAILBOX_SHEET(Form.TEXT, ADDRESS),
    RECOVERY_SUBJECT(Form.LINE, ADDRESS, HOST),
    RECOVERY_LINK(Form.TEXT, ADDRESS, HOST, LINK, UNTIL, FROM),
    RECOVERED_SUBJECT(Form.LINE, ADDRESS, HOST),
    RECOVERED_NOTICE(Form.TEXT, ADDRESS, HOST, FROM),
    LIST_TOP(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_BOTTOM(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_HELP(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_INFO(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_FAQ(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_SUB_CONFIRM(Form.TEXT, LIST, HOST, ADDRESS, FOLDED, REPLY),
    LIST_SUB_OK(Form.TEXT, LIST, HOST, ADDRESS, FOLDED),
    LIST_SUB_NOP(Form.TEXT, LIST, HOST, ADDRESS, FOLDED),
    LIST_SUB_BAD(Form.TEXT, LIST, HOST, ADDRESS, FOLDED),
    LIST_UNSUB_CONFIRM(Form.TEXT, LIST, HOST, ADDRESS, FOLDED, REPLY),
    LIST_UNSUB_OK(Form.TEXT, LIST, HOST, ADDRESS, FOLDED),
    LIST_UNSUB_NOP(Form.TEXT, LIST, HOST, ADDRESS, FOLDED),
    LIST_UNSUB_BAD(Form.TEXT, LIST, HOST, ADDRESS, FOLDED),
    LIST_GET_BAD(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_MOD_SUB_CONFIRM(Form.TEXT, LIST, HOST, ADDRESS, FOLDED, REPLY),
    LIST_MOD_WAIT(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_MOD_REQUEST(Form.TEXT, LIST, HOST, ADDRESS, REPLY),
    LIST_MOD_REJECT(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_MOD_TIMEOUT(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_BOUNCE_WARN(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_BOUNCE_NUM(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_BOUNCE_PROBE(Form.TEXT, LIST, HOST, ADDRESS),
    LIST_COMPLAINT(Form.TEXT, LIST, HOST, ADDRESS);

    /// Longest text, in characters.
    public static final int CHARS_MAX = 4000;

    /// Longest of one line, in characters.
    public static final int LINE_CHARS_MAX = 200;

    private static final String LIST_PREFIX = "list-";

    private final Form form;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<Placeholder> placeholders;

    Phrase(Form form, Placeholder... placeholders) {
        this.form = form;
        this.placeholders = List.of(placeholders);
    }

    /// What a text looks like.
    public enum Form {
        /// One line: a subject.
        LINE,
        /// Lines of which none is empty: programs know a notice by its paragraphs (QSBMF).
        PARAGRAPH,
        /// Any lines.
        TEXT
    }

    /// Why a text cannot be taken.
    public sealed interface Problem {
        /// Longer than it may be.
        record TooLong(int most) implements Problem {}

        /// Something other than text in it.
        record NoText() implements Problem {}

        /// More than one line.
        record NotOneLine() implements Problem {}

        /// An empty line between others.
        record NotOneParagraph() implements Problem {}

        /// A placeholder that this text has nothing for.
        ///
        /// @param known those that it has something for: `{address} {host}`
        record Unknown(String placeholder, String known) implements Problem {}
    }

    /// As files, addresses of pages and commands have it: `bounce-failed`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// One by its word; empty for none.
    public static Optional<Phrase> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /// One of a list's by its name in `text/`.
    public static Optional<Phrase> ofList(String name) {
        return of(LIST_PREFIX + name);
    }

    /// Its name in `text/` of a list; empty where it is none of a list's.
    public Optional<String> inList() {
        return word().startsWith(LIST_PREFIX) ? Optional.of(word().substring(LIST_PREFIX.length())) : Optional.empty();
    }

    /// What it looks like.
    public Form form() {
        return form;
    }

    /// What it can have put in.
    public List<Placeholder> placeholders() {
        return placeholders;
    }

    /// Whether a text can stand here.
    public Optional<Problem> problem(String text) {
        int most = form == Form.LINE ? LINE_CHARS_MAX : CHARS_MAX;
        if (text.length() > most) {
            return Optional.of(new Problem.TooLong(most));
        }
        if (text.isBlank() || text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            return Optional.of(new Problem.NoText());
        }
        if (form == Form.LINE && text.indexOf('\n') >= 0) {
            return Optional.of(new Problem.NotOneLine());
        }
        if (form == Form.PARAGRAPH && text.strip().lines().anyMatch(String::isBlank)) {
            return Optional.of(new Problem.NotOneParagraph());
        }
        return Braces.of(text).stream()
                .filter(word ->
                        Placeholder.of(word).filter(placeholders::contains).isEmpty())
                .<Problem>map(word -> new Problem.Unknown("{" + word + "}", known()))
                .findFirst();
    }

    private String known() {
        return String.join(
                " ", placeholders.stream().map(one -> "{" + one.word() + "}").toList());
    }
}
