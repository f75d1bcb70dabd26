package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.directory.Database.Tx;
import qrate.language.Language;
import qrate.publish.Touched;
import qrate.snapshots.Names;
import qrate.wordings.Phrase;
import qrate.wordings.Wordings;

/// What domains, and this system, say in their own words.
record TextEdits(Editor editor) {
    /// Characters of all texts of one domain: every change of one writes them all anew.
    static final int ALL_CHARS_MAX = 60_000;

    /// In the place of a domain: this system.
    static final String SYSTEM = "";

    private static final String WITHOUT = "";

    /// Sets a text, or goes back to the built-in one.
    Change set(Edit.SetText edit) throws IOException {
        String text = edit.text().replace("\r\n", "\n");
        Optional<Refusal> problem = text.isEmpty() ? Optional.empty() : Refusal.of(edit.wording(), text);
        if (problem.isPresent()) {
            return new Change.Refused(problem.get());
        }
        String name = edit.wording().word();
        String tag = edit.language().tag();
        return on(edit.domain(), (tx, domain) -> {
            Optional<String> before = find(tx, domain, name, tag);
            if (before.orElse("").equals(text)) {
                return new Outcome.Done(List.of());
            }
            put(tx, domain, List.of(name, tag), text);
            if (tx.count("SELECT COALESCE(SUM(CHAR_LENGTH(said)), 0) FROM texts WHERE domain = ?", domain)
                    > ALL_CHARS_MAX) {
                return Outcome.not(Refusal.Key.TEXTS_FULL, ALL_CHARS_MAX);
            }
            return Outcome.done(
                    new Edit.SetText(domain, edit.wording(), edit.language(), text),
                    kind(before.orElse("")) + " -> " + kind(text));
        });
    }

    /// Says what people of a domain read, or nothing about it.
    Change setLanguage(Edit.SetLanguage edit) throws IOException {
        if (!edit.language().isEmpty() && Language.spelled(edit.language()).isEmpty()) {
            return Change.refuse(Refusal.Key.LANGUAGE_UNKNOWN, known());
        }
        return on(edit.domain(), (tx, domain) -> {
            String before = find(tx, domain, Wordings.LANGUAGE, WITHOUT).orElse("");
            if (before.equals(edit.language())) {
                return new Outcome.Done(List.of());
            }
            put(tx, domain, List.of(Wordings.LANGUAGE, WITHOUT), edit.language());
            return Outcome.done(new Edit.SetLanguage(domain, edit.language()), before + " -> " + edit.language());
        });
    }

    static String known() {
        return String.join(
                ", ", List.of(Language.values()).stream().map(Language::tag).toList());
    }

    private static String kind(String text) {
        return text.isEmpty() ? "built-in" : "own";
    }

    /// A change of the texts of one domain, or of the system's.
    @FunctionalInterface
    private interface Work {
        Outcome in(Tx tx, String domain) throws SQLException;
    }

    private Change on(String text, Work work) throws IOException {
        Optional<String> name = text.equals(SYSTEM) ? Optional.of(SYSTEM) : Names.domain(text);
        if (name.isEmpty()) {
            return Change.refuse(Refusal.Key.DOMAIN_NAME);
        }
        return editor.change(tx -> {
            String domain = name.get().equals(SYSTEM) ? SYSTEM : Editor.real(tx, name.get());
            if (!domain.equals(SYSTEM) && !Editor.isDomain(tx, domain)) {
                return Outcome.not(Refusal.Key.DOMAIN_MISSING);
            }
            Outcome outcome = work.in(tx, domain);
            if (outcome instanceof Outcome.Done done && !done.lines().isEmpty()) {
                if (domain.equals(SYSTEM)) {
                    tx.touchSaid();
                } else {
                    tx.touch(domain, Touched.WHOLE);
                }
            }
            return outcome;
        });
    }

    private static Optional<String> find(Tx tx, String domain, String name, String tag) throws SQLException {
        return tx.one(
                "SELECT said FROM texts WHERE domain = ? AND name = ? AND lang = ?",
                row -> Rows.orEmpty(row.getString(1)),
                domain,
                name,
                tag);
    }

    /// @param key name and language
    private static void put(Tx tx, String domain, List<String> key, String text) throws SQLException {
        tx.update(
                "DELETE FROM texts WHERE domain = ? AND name = ? AND lang = ?", domain, key.getFirst(), key.getLast());
        if (!text.isEmpty()) {
            tx.update(
                    "INSERT INTO texts (domain, name, lang, said) VALUES (?, ?, ?, ?)",
                    domain,
                    key.getFirst(),
                    key.getLast(),
                    text);
        }
    }

    /// A row.
    private record Row(String name, String tag, String text) {}

    private static List<Row> rows(Tx tx, String domain) throws SQLException {
        return tx.list(
                "SELECT name, lang, said FROM texts WHERE domain = ?",
                row -> new Row(row.getString(1), Rows.orEmpty(row.getString(2)), Rows.orEmpty(row.getString(3))),
                domain);
    }

    /// Those of a domain, or of the system.
    static DomainTexts of(Tx tx, String domain) throws SQLException {
        String language = "";
        List<DomainTexts.Own> own = new ArrayList<>();
        for (Row row : rows(tx, domain)) {
            Optional<Phrase> wording = Phrase.of(row.name);
            Optional<Language> tag = Language.spelled(row.tag);
            if (wording.isPresent() && tag.isPresent()) {
                own.add(new DomainTexts.Own(wording.get(), tag.get(), row.text));
            }
            language = row.name.equals(Wordings.LANGUAGE) ? row.text : language;
        }
        own.sort(Comparator.comparing(DomainTexts.Own::wording).thenComparing(DomainTexts.Own::language));
        return new DomainTexts(language, own);
    }

    /// The same as it is published.
    static Map<String, String> published(Tx tx, String domain) throws SQLException {
        Map<String, String> said = new TreeMap<>();
        for (Row row : rows(tx, domain)) {
            said.put(row.tag.isEmpty() ? row.name : row.name + " " + row.tag, row.text);
        }
        return said;
    }
}
