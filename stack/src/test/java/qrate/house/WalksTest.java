package qrate.house;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Where a `package-info.java` walks through a standard, each demand names the tests that show it, and those are there.
class WalksTest {
    /// Which standard is walked through in which package.
    private static final Map<String, String> WALKS = Map.ofEntries(
            entry("RFC 8461", "qrate.mtasts"),
            entry("RFC 8460", "qrate.tlsrpt"),
            entry("RFC 8617", "qrate.arc"),
            entry("RFC 7208", "qrate.spf"),
            entry("RFC 6376, 8301 and 8463", "qrate.dkim"),
            entry("RFC 9989", "qrate.dmarc"),
            entry("RFC 9990", "qrate.dmarc.reports"),
            entry("RFC 8601", "qrate.authres"),
            entry("SRS", "qrate.srs"),
            entry("RFC 5965", "qrate.reports"),
            entry("RFC 7672", "qrate.remote.policies"),
            entry("RFC 8689", "qrate.remote.policies"),
            entry("reading reports", "qrate.reported"));

    /// The line above the demands of a standard.
    private static final Pattern HEADING = Pattern.compile("(?m)^/// What (.+) demands?, and the tests that show it:$");

    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z0-9]*Test)(?:\\.([A-Za-z0-9]+))?`");
    private static final Pattern MARK = Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");
    private static final String METHOD_END = "\n    }\n";

    /// The sources of tests, by the name of their class.
    private static final Map<String, List<String>> TESTS = new HashMap<>();

    /// The texts of packages, by their names.
    private static final Map<String, String> PACKAGES = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        for (String folder : List.of("stack", "images", "smoke-tests")) {
            try (Stream<Path> files = Files.walk(FloorsTest.ROOT.resolve(folder))) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).toList()) {
                    read(file);
                }
            }
        }
        assertTrue(TESTS.size() > 200 && PACKAGES.size() > 50, TESTS.size() + " tests, " + PACKAGES.size());
    }

    private static void read(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".java", "");
        if (name.endsWith("Test") && file.toString().contains("/src/test/java/")) {
            TESTS.computeIfAbsent(name, _ -> new ArrayList<>()).add(Files.readString(file));
        } else if (name.equals("package-info") && file.toString().contains("/src/main/java/")) {
            String path = file.getParent().toString();
            String of = path.substring(path.indexOf("/src/main/java/") + "/src/main/java/".length());
            PACKAGES.put(of.replace('/', '.'), Files.readString(file));
        }
    }

    /// The demands below each heading of a package's text: lists of lines, one an item.
    private static Map<String, List<String>> demands(String text) {
        Map<String, List<String>> found = new HashMap<>();
        for (MatchResult heading : HEADING.matcher(text).results().toList()) {
            List<String> items = new ArrayList<>();
            for (String line : text.substring(heading.end()).strip().lines().toList()) {
                if (line.startsWith("/// - ")) {
                    items.add(line.substring("/// - ".length()));
                } else if (line.startsWith("///   ") && !items.isEmpty()) {
                    items.add(items.removeLast() + " " + line.substring("///   ".length()));
                } else {
                    break; // the list is over
                }
            }
            assertEquals(null, found.put(heading.group(1), items), heading.group());
        }
        return found;
    }

    private static boolean isTest(String source, String method) {
        Matcher declared = Pattern.compile("(?:\\bvoid|>) " + method + "\\(").matcher(source);
        if (!declared.find()) {
            return false;
        }
        String before = source.substring(0, declared.start());
        return MARK.matcher(before.substring(Math.max(0, before.lastIndexOf(METHOD_END))))
                .find();
    }

    @Test
    void everyStandardIsWalkedThroughInItsPackage() {
        Set<String> missing = new TreeSet<>();
        WALKS.forEach((standard, name) -> {
            if (!demands(PACKAGES.getOrDefault(name, "")).containsKey(standard)) {
                missing.add(name + " does not say what " + standard + " demands, and the tests that show it");
            }
        });
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyDemandStandsAtItsSectionAndNamesATest() {
        Set<String> wrong = new TreeSet<>();
        PACKAGES.forEach((name, text) -> demands(text).forEach((standard, items) -> {
            if (items.isEmpty()) {
                wrong.add(name + ": nothing below " + standard);
            }
            for (String item : items) {
                boolean shown = NAMED.matcher(item).results().anyMatch(one -> one.group(2) != null);
                if (!shown || (standard.startsWith("RFC ") && !item.startsWith("§"))) {
                    wrong.add(name + ": " + item);
                }
            }
        }));
        assertEquals(Set.of(), wrong);
    }

    @Test
    void everyTestThatAPackageNamesIsThere() {
        Set<String> missing = new TreeSet<>();
        PACKAGES.forEach((name, text) -> NAMED.matcher(text).results().forEach(one -> {
            List<String> sources = TESTS.getOrDefault(one.group(1), List.of());
            boolean there = one.group(2) == null
                    ? !sources.isEmpty()
                    : sources.stream().anyMatch(source -> isTest(source, one.group(2)));
            if (!there) {
                missing.add(name + " names " + one.group());
            }
        }));
        assertEquals(Set.of(), missing);
    }
}
