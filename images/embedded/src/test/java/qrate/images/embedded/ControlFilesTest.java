package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import qrate.core.ControlAbout;
import qrate.core.ControlChecks;
import qrate.core.ControlFile;
import qrate.core.ControlValue;

/// The catalogue of control files against the sources of the whole stack, and what is made of it.
class ControlFilesTest {
    private static final Pattern READ = Pattern.compile(
            "(?:(?:control|files)(?:\\(\\))?\\s*\\.(?:lines?|lineOrMe|exists)\\(|\\(control, )\"([a-z0-9]+)\"");

    private static final String PAGE = "stack/ground/core/src/main/resources/qrate/man/qmail-control.txt";
    private static final String DOCS = "docs/control.md";
    private static final String END = "<!-- end -->\n";

    @Test
    void namesEveryFileThatIsRead() throws IOException {
        Set<String> unknown = new TreeSet<>();
        int seen = 0;
        for (String source : sources()) {
            List<String> names =
                    READ.matcher(source).results().map(r -> r.group(1)).toList();
            seen += names.size();
            names.stream().filter(name -> ControlFile.named(name).isEmpty()).forEach(unknown::add);
        }
        assertTrue(seen > 40, "the places where files are read are found: " + seen);
        assertEquals(Set.of(), unknown, "control files that are read and not in ControlFile");
    }

    @Test
    void namesNoFileThatNobodyReads() throws IOException {
        String all = String.join("\n", sources());
        Set<String> unread = Arrays.stream(ControlFile.values())
                .filter(file -> file != ControlFile.TCP_SMTP) // named on the command line of tcprules
                .filter(file -> !all.contains("\"" + file.file() + "\"")
                        && !all.contains(".number(ControlFile." + file + ")")
                        && !all.contains(".seconds(ControlFile." + file + ")")
                        && !all.contains(".line(ControlFile." + file + ".file())")
                        && !all.contains(".value(ControlFile." + file + ")"))
                .map(ControlFile::file)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unread, "in ControlFile, and read nowhere");
    }

    /// An example that the checks of `apply` and REST would refuse would be none.
    @Test
    void everyExampleMakesSense() {
        for (ControlFile file : ControlFile.values()) {
            String example = file.about().example();
            assertEquals("", example.isEmpty() ? "" : ControlChecks.problem(file, example), file.file());
            ControlValue value = file.value();
            assertTrue(value.least() <= value.usual() && value.usual() <= value.most(), file.file());
        }
    }

    @Test
    void theReferenceIsMadeOfIt() throws IOException {
        String text = Files.readString(Repository.root().resolve(DOCS));
        for (ControlAbout.Part part : ControlAbout.Part.values()) {
            String begin = "<!-- files: " + part + " -->\n";
            int from = text.indexOf(begin) + begin.length();
            assertTrue(from >= begin.length() && text.contains("## " + part.title() + "\n"), part.title());
            text = text.substring(0, from) + table(part) + text.substring(text.indexOf(END, from));
        }
        Repository.isMade(DOCS, text);
    }

    private static String table(ControlAbout.Part part) {
        StringBuilder table = new StringBuilder("| file | what it says | without it | example | read by |\n");
        table.append("| --- | --- | --- | --- | --- |\n");
        for (ControlFile file : sorted()) {
            if (file.about().part() == part) {
                String example = file.about().example();
                table.append("| `").append(file.file()).append(ControlChecks.atStart(file) ? "` (*start*)" : "`");
                table.append(" | ").append(file.about().what());
                table.append(" | ").append(file.value().otherwise()).append(limits(file));
                table.append(" | ").append(example.isEmpty() ? "" : "`" + example + "`");
                table.append(" | ").append(file.about().reader()).append(" |\n");
            }
        }
        return table.toString();
    }

    /// Where a number ends that is not just the largest one.
    private static String limits(ControlFile file) {
        ControlValue value = file.value();
        if (value.kind() != ControlValue.Kind.NUMBER) {
            return "";
        }
        String most = value.most() < Integer.MAX_VALUE / 1000 ? " to " + value.most() : " or more";
        return " " + value.unit() + " (" + value.least() + most + ")";
    }

    @Test
    void theManualPageIsMadeOfIt() throws IOException {
        String text = Files.readString(Repository.root().resolve(PAGE));
        String begin = "\nFILES\n";
        int from = text.indexOf(begin) + begin.length();
        StringBuilder items = new StringBuilder();
        for (ControlFile file : sorted()) {
            items.append('.')
                    .append(file.file())
                    .append('\n')
                    .append(sentence(file.about().what()));
            items.append(" Without it: ")
                    .append(plain(file.value().otherwise()))
                    .append(limits(file))
                    .append('.');
            items.append(ControlChecks.atStart(file) ? " Read at the start" : " Read")
                    .append(" by ");
            items.append(file.about().reader()).append('.');
            String example = file.about().example();
            items.append(example.isEmpty() ? "" : " Example: " + example).append('\n');
        }
        Repository.isMade(PAGE, text.substring(0, from) + items + text.substring(text.indexOf("\nSEE ALSO\n")));
    }

    private static String plain(String text) {
        return text.replace("`", "");
    }

    private static String sentence(String text) {
        String plain = plain(text);
        return Character.toUpperCase(plain.charAt(0)) + plain.substring(1) + ".";
    }

    /// `me` first.
    private static List<ControlFile> sorted() {
        return Arrays.stream(ControlFile.values())
                .sorted(Comparator.comparing((ControlFile file) -> file != ControlFile.ME)
                        .thenComparing(ControlFile::file))
                .toList();
    }

    private static List<String> sources() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path path : Repository.files("src/main/", ".java")) {
            if (!path.endsWith("ControlFile.java")) {
                texts.add(Files.readString(path));
            }
        }
        assertTrue(texts.size() > 50, "not the whole stack");
        return texts;
    }
}
