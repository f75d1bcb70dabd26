package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;
import qrate.directory.Change;
import qrate.directory.DomainTexts;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Refusal;
import qrate.language.Language;
import qrate.wordings.Phrase;

/// Commands about what domains, and this system, say in their own words.
final class TextCommands {
    /// Most bytes of a text that are read: more than it may have in any script.
    private static final int BYTES_MAX = 4 * Phrase.CHARS_MAX;

    private static final String NONE = "none";

    private TextCommands() {}

    static List<Commands.Command> all() {
        return List.of(new Commands.Command(
                "vtexts",
                "vn:l:L:sd",
                0,
                1,
                "[-v] [--json | -L language | -n name -l language [-s | -d]] [domain]",
                TextCommands::texts));
    }

    private static Change texts(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String domain = options.operands().isEmpty() ? "" : options.operand(0);
        boolean named = options.has("n");
        if (named != options.has("l")
                || (named && options.has("L"))
                || (!named && (options.has("s") || options.has("d")))
                || (options.has("s") && options.has("d"))) {
            return Change.refuse(Refusal.Key.COMMAND_TEXT);
        }
        if (options.has("L")) {
            String language = options.last("L").orElse(NONE);
            return directory.apply(new Edit.SetLanguage(domain, language.equals(NONE) ? "" : language));
        }
        if (!domain.isEmpty() && directory.domain(domain).isEmpty()) {
            return Change.refuse(Refusal.Key.DOMAIN_MISSING);
        }
        return named ? one(directory, domain, options, stdio) : show(directory.texts(domain), options, stdio);
    }

    private static Change show(DomainTexts texts, Getopt.Given options, Program.Stdio stdio) {
        if (options.has(Commands.JSON)) {
            JsonWriter.print(texts.shape(), stdio.out());
            return new Change.Done();
        }
        stdio.out().println("language: " + (texts.language().isEmpty() ? "-" : texts.language()));
        texts.own()
                .forEach(own -> stdio.out()
                        .println(own.wording().word() + " " + own.language().tag()));
        return new Change.Done();
    }

    private static Change one(EditableDirectory directory, String domain, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        Optional<Phrase> wording = Phrase.of(options.last("n").orElse(""));
        Optional<Language> language = Language.spelled(options.last("l").orElse(""));
        if (wording.isEmpty() || language.isEmpty()) {
            return Change.refuse(Refusal.Key.TEXT_MISSING);
        }
        if (options.has("s") || options.has("d")) {
            String text = options.has("d") ? "" : new String(stdio.in().readNBytes(BYTES_MAX + 1), UTF_8);
            boolean line = wording.get().form() == Phrase.Form.LINE;
            return !options.has("d") && text.isBlank()
                    ? Change.refuse(Refusal.Key.TEXT_LETTERS)
                    : directory.apply(new Edit.SetText(
                            domain, wording.get(), language.get(), line ? text.stripTrailing() : text));
        }
        String text = directory.texts(domain).text(wording.get(), language.get(), directory.texts(""));
        stdio.out().print(text.endsWith("\n") ? text : text + "\n");
        return new Change.Done();
    }
}
