package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A page of the manual: one source for `--help`, `qrate man`, roff and the table of programs.
///
/// The source is the resource `/qrate/man/NAME.txt` of the module that has the program: a first line `program(8) - what
/// it does`, then what is known of it, a line `name: value` each, up to an empty line (`images/base/programs` is made
/// of them); then sections, each under its name in capitals. Paragraphs are separated by empty lines; `.term` begins an
/// item, whose text follows.
///
/// @param name the program, file or subject
/// @param number of the manual's part: 1 for users, 5 for files, 7 for subjects, 8 for administrators
/// @param summary what it does, in half a line
/// @param facts what is known of it, by name
/// @param sections in order
public record Manual(
        String name, String number, String summary, Map<String, String> facts, List<Manual.Section> sections) {
    private static final String FOLDER = "/qrate/man/";
    private static final Getopt KNOWN = Getopt.of("", "roff", "into:");
    private static final int COLUMNS = 78;
    private static final int INDENT = 7;

    public Manual {
        facts = Map.copyOf(facts);
        sections = List.copyOf(sections);
    }

    /// One section.
    public record Section(String title, List<Item> items) {
        public Section {
            items = List.copyOf(items);
        }
    }

    /// A paragraph, or a term and what it means.
    ///
    /// @param term empty for a paragraph
    public record Item(String term, String text) {}

    /// The page of that name, if this process has one: an image has those of its own programs.
    public static Optional<Manual> of(String program) throws IOException {
        if (!program.matches("[a-z0-9][a-z0-9.-]*")) {
            return Optional.empty();
        }
        try (InputStream in = Manual.class.getResourceAsStream(FOLDER + program + ".txt")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    /// @throws IllegalArgumentException when the first lines are not as they should be
    public static Manual parse(String source) {
        List<String> lines = source.lines().toList();
        String first = lines.isEmpty() ? "" : lines.getFirst();
        int open = first.indexOf('(');
        int dash = first.indexOf(") - ");
        if (open < 1 || dash < open) {
            throw new IllegalArgumentException("not `program(8) - what it does`: " + first);
        }
        Map<String, String> facts = new TreeMap<>();
        int at = 1;
        while (at < lines.size() && !lines.get(at).isBlank()) {
            String[] fact = lines.get(at++).split(": ", 2);
            if (fact.length != 2) {
                throw new IllegalArgumentException("not `name: value`: " + fact[0]);
            }
            facts.put(fact[0], fact[1]);
        }
        List<Section> sections = new ArrayList<>();
        List<String> block = new ArrayList<>();
        String title = "";
        for (String line : lines.subList(at, lines.size())) {
            if (line.matches("[A-Z][A-Z ]+")) {
                add(sections, title, block);
                title = line;
                block.clear();
            } else {
                block.add(line);
            }
        }
        add(sections, title, block);
        return new Manual(
                first.substring(0, open), first.substring(open + 1, dash), first.substring(dash + 4), facts, sections);
    }

    private static void add(List<Section> sections, String title, List<String> block) {
        if (!title.isEmpty()) {
            sections.add(new Section(title, title.equals("SYNOPSIS") ? synopsis(block) : items(block)));
        }
    }

    private static List<Item> synopsis(List<String> block) {
        return block.stream()
                .filter(line -> !line.isBlank())
                .map(line -> new Item("", line))
                .toList();
    }

    private static List<Item> items(List<String> block) {
        List<Item> items = new ArrayList<>();
        String term = "";
        StringBuilder text = new StringBuilder();
        for (String line : block) {
            boolean starts = line.startsWith(".");
            if (starts || line.isBlank()) {
                flush(items, term, text);
                term = starts ? line.substring(1) : "";
            } else {
                text.append(text.isEmpty() ? "" : " ").append(line.strip());
            }
        }
        flush(items, term, text);
        return items;
    }

    private static void flush(List<Item> items, String term, StringBuilder text) {
        if (!term.isEmpty() || !text.isEmpty()) {
            items.add(new Item(term, text.toString()));
        }
        text.setLength(0);
    }

    /// What `--help` prints: how to call it, and its options.
    public String help() {
        StringBuilder out = new StringBuilder(name + ": " + summary + "\n");
        for (Section section : sections) {
            switch (section.title) {
                case "SYNOPSIS" ->
                    section.items.forEach(
                            item -> out.append("usage: ").append(item.text).append('\n'));
                case "OPTIONS", "COMMANDS" -> section.items.forEach(item -> print(item, out, 2, 8));
                default -> {
                    // for the whole page
                }
            }
        }
        return out.append("more: qrate man ").append(name).append('\n').toString();
    }

    /// The whole page as plain text.
    public String text() {
        StringBuilder out = new StringBuilder(name + "(" + number + ")\n\nNAME\n");
        print(new Item("", name + " - " + summary), out, INDENT, INDENT);
        for (Section section : sections) {
            out.append('\n').append(section.title).append('\n');
            for (int i = 0; i < section.items.size(); i++) {
                Item item = section.items.get(i);
                out.append(i > 0 && item.term.isEmpty() && !section.title.equals("SYNOPSIS") ? "\n" : "");
                print(item, out, INDENT, item.term.isEmpty() ? INDENT : INDENT + 6);
            }
        }
        return out.toString();
    }

    private static void print(Item item, StringBuilder out, int termAt, int textAt) {
        if (!item.term.isEmpty()) {
            out.append(" ".repeat(termAt)).append(item.term).append('\n');
        }
        int at = 0;
        for (String word : item.text.split(" ", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            if (at > 0 && at + 1 + word.length() > COLUMNS) {
                out.append('\n');
                at = 0;
            }
            String before = at == 0 ? " ".repeat(textAt) : " ";
            out.append(before).append(word);
            at += before.length() + word.length();
        }
        out.append(at > 0 ? "\n" : "");
    }

    /// The page for man(1).
    public String roff() {
        StringBuilder out = new StringBuilder(".TH " + escaped(name) + " " + number + " \"\" Qrate\n.SH NAME\n");
        out.append(escaped(name)).append(" \\- ").append(escaped(summary)).append('\n');
        for (Section section : sections) {
            out.append(".SH \"").append(section.title).append("\"\n");
            for (int i = 0; i < section.items.size(); i++) {
                Item item = section.items.get(i);
                if (section.title.equals("SYNOPSIS")) {
                    out.append(i > 0 ? ".br\n" : "");
                } else if (!item.term.isEmpty()) {
                    out.append(".TP\n.B \"")
                            .append(escaped(item.term).replace("\"", "\\(dq"))
                            .append("\"\n");
                } else if (i > 0) {
                    out.append(".PP\n");
                }
                String text = escaped(item.text);
                out.append(text.startsWith(".") || text.startsWith("'") ? "\\&" : "")
                        .append(text)
                        .append('\n');
            }
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }

    /// `man [--roff] PROGRAM`, `man --into FOLDER PROGRAM...`
    static int show(List<String> arguments, Program.Stdio stdio) throws IOException {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(stdio);
        }
        Optional<String> into = given.last("into");
        boolean roff = given.has("roff");
        if (given.operands().isEmpty()
                || (into.isPresent() ? roff : given.operands().size() != 1)) {
            return usage(stdio);
        }
        if (into.isPresent()) {
            return write(Path.of(into.get()), given.operands(), stdio);
        }
        Optional<Manual> page = of(given.operand(0));
        if (page.isEmpty()) {
            return missing(given.operand(0), stdio);
        }
        stdio.out().print(roff ? page.get().roff() : page.get().text());
        return 0;
    }

    private static int usage(Program.Stdio stdio) {
        stdio.err().println("man: usage: man [--roff] PROGRAM, or man --into FOLDER PROGRAM...");
        return Launcher.USAGE;
    }

    private static int write(Path folder, List<String> programs, Program.Stdio stdio) throws IOException {
        for (String program : programs) {
            Optional<Manual> page = of(program);
            if (page.isEmpty()) {
                return missing(program, stdio);
            }
            Path part =
                    Files.createDirectories(folder.resolve("man" + page.get().number()));
            Files.writeString(
                    part.resolve(program + "." + page.get().number()),
                    page.get().roff());
        }
        return 0;
    }

    private static int missing(String program, Program.Stdio stdio) {
        stdio.err().println("man: no page for " + Log.escape(program));
        return Launcher.USAGE;
    }
}
