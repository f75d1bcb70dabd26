package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Every regular expression of the stack against long nonsense made of its own parts: none may read a text more
/// often than a few times over, and none may need a stack that grows with the text. Reads are counted, not timed.
class PatternsTest {
    private static final int CHARS = 4_000;
    /// Reads of one character; an expression whose time grows with the square of the text needs thousands.
    private static final int READS_A_CHAR_MAX = 100;
    /// Room for any fixed depth; a frame or two for each of the text's characters do not fit.
    private static final int STACK_BYTES = 256 << 10;

    private static final int ALPHABET_MAX = 20;
    private static final int PUMP_CHARS_MAX = 3;

    private static final String STRING = "\"((?:[^\"\\\\\n]|\\\\.)*+)\"";
    private static final Pattern INLINE =
            Pattern.compile("\\.(matches|replaceAll|replaceFirst|split)\\(\\s*" + STRING + "\\s*([+,)])");
    private static final Pattern COMPILED = Pattern.compile("([A-Z0-9_]+) =\\s+Pattern\\.compile\\(");
    private static final Pattern SEARCHES =
            Pattern.compile("\\.(find|replaceAll|replaceFirst|results|split|asPredicate)\\(");

    /// `place`: file and expression; `searches`: it is also looked for within a text, from each of its characters.
    private record Expression(String place, Pattern pattern, boolean searches) {}

    @Test
    void noExpressionGrowsWithTheSquareOfItsTextOrNeedsAStackForIt() throws Exception {
        List<String> failed = new ArrayList<>();
        List<Expression> all = expressions(failed);
        assertTrue(all.size() > 100, "the stack's expressions are found: " + all.size());
        Thread narrow = new Thread(
                null, () -> all.forEach(each -> problem(each).ifPresent(failed::add)), "narrow", STACK_BYTES);
        narrow.start();
        narrow.join();
        assertEquals("", String.join("\n", failed));
    }

    /// A check that cannot fail proves nothing: these are the shapes that it is for.
    @Test
    void theKnownBadShapesAreFound() throws Exception {
        List<String> bad =
                List.of("(?:[^\"\\\\]|\\\\.)*", "[ \\t]+$", "(?s).*@.*\\s.*@.*", "(a+)+b", "name=(\\w|\\s)*");
        List<String> found = new ArrayList<>();
        Thread narrow = new Thread(
                null,
                () -> bad.forEach(each -> problem(new Expression(each, Pattern.compile(each), true))
                        .ifPresent(found::add)),
                "narrow",
                STACK_BYTES);
        narrow.start();
        narrow.join();
        assertEquals(bad.size(), found.size(), found.toString());
    }

    private static List<Expression> expressions(List<String> failed) throws Exception {
        List<Expression> all = new ArrayList<>();
        for (Path source : HouseRulesTest.sources(".java")) {
            if (source.toString().matches(".*/(bench|smoke-tests|testkit)/.*")) {
                continue; // these read nothing of a stranger
            }
            String text = Files.readString(source);
            Matcher inline = INLINE.matcher(text);
            while (inline.find()) {
                String place = source.getFileName() + " " + inline.group(2);
                if (inline.group(3).equals("+")) {
                    failed.add(place + ": put together where it is used; make it a constant");
                    continue;
                }
                all.add(new Expression(
                        place,
                        Pattern.compile(unescaped(inline.group(2))),
                        !inline.group(1).equals("matches")));
            }
            if (COMPILED.matcher(text).find()) {
                constants(source, text, all);
            }
        }
        return all;
    }

    private static String unescaped(String literal) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(literal)
                .replaceAll(code -> Character.toString(Integer.parseInt(code.group(1), 16)))
                .translateEscapes();
    }

    private static void constants(Path source, String text, List<Expression> all) throws ReflectiveOperationException {
        boolean searches = SEARCHES.matcher(text).find();
        String name = source.toString()
                .replaceFirst(".*/src/main/java/", "")
                .replace(".java", "")
                .replace('/', '.');
        Set<String> seen = new LinkedHashSet<>();
        List<Class<?>> classes = new ArrayList<>(List.of(Class.forName(name)));
        for (int i = 0; i < classes.size(); i++) {
            classes.addAll(List.of(classes.get(i).getDeclaredClasses()));
            for (Field field : classes.get(i).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == Pattern.class) {
                    field.setAccessible(true);
                    seen.add(field.getName());
                    all.add(new Expression(
                            source.getFileName() + " " + field.getName(), (Pattern) field.get(null), searches));
                }
            }
        }
        Set<String> written =
                COMPILED.matcher(text).results().map(each -> each.group(1)).collect(Collectors.toSet());
        assertEquals(written, seen, source.toString());
    }

    private static Optional<String> problem(Expression expression) {
        for (String text : texts(expression.pattern().pattern())) {
            String shown = text.substring(0, 40).replace("\n", "\\n").replace("\0", "\\0");
            try {
                Counted counted = new Counted(text, new int[1]);
                expression.pattern().matcher(counted).matches();
                if (expression.searches()) {
                    Matcher search = expression.pattern().matcher(new Counted(text, new int[1]));
                    while (search.find()) {
                        search.end();
                    }
                }
            } catch (StackOverflowError grown) {
                return Optional.of(expression.place() + ": its stack grows with '" + shown + "...'");
            } catch (IllegalStateException tooOften) {
                return Optional.of(expression.place() + ": its time grows with '" + shown + "...'");
            }
        }
        return Optional.empty();
    }

    /// Nonsense for an expression: each start of a text that it is likely to take, then two or three characters over
    /// and over, then one that it does not want.
    private static List<String> texts(String expression) {
        String likely = likely(expression);
        List<String> alphabet = (likely + " a0\n\"\\@<.-\t")
                .chars()
                .distinct()
                .limit(ALPHABET_MAX)
                .mapToObj(Character::toString)
                .toList();
        Set<String> texts = new LinkedHashSet<>();
        for (int cut = 0; cut <= likely.length(); cut++) {
            String start = likely.substring(0, cut);
            for (int chars = 1; chars <= Math.min(cut, PUMP_CHARS_MAX); chars++) {
                texts.add(start + likely.substring(cut - chars, cut).repeat(CHARS / chars) + "\0");
            }
            for (String each : alphabet) {
                texts.add(start + each.repeat(CHARS) + "\0");
            }
        }
        for (String one : alphabet) {
            for (String two : alphabet) {
                texts.add((one + two).repeat(CHARS / 2) + "\0");
            }
        }
        return List.copyOf(texts);
    }

    /// An expression without its signs, each of its classes as one of its characters.
    private static String likely(String expression) {
        return expression
                .replaceAll("\\(\\?[a-z]*[:=!<]?[=!]?\\)?", "")
                .replaceAll("\\\\[dD]", "0")
                .replaceAll("\\\\[wWRp](\\{[A-Za-z]*\\})?", "a")
                .replaceAll("\\\\s", " ")
                .replaceAll("\\\\S", "a")
                .replaceAll("\\\\n", "\n")
                .replaceAll("\\\\t", "\t")
                .replaceAll("\\\\(.)", "$1")
                .replaceAll("\\[\\^[^]]*\\]", "a")
                .replaceAll("\\[([^]])[^]]*\\]", "$1")
                .replaceAll("\\{[0-9,]*\\}|[()*+?|^$]", "")
                .replace('.', 'a');
    }

    /// A text that counts how often its characters are read, over all of its parts.
    private record Counted(CharSequence text, int[] reads) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads[0] > READS_A_CHAR_MAX * CHARS) {
                throw new IllegalStateException("read too often");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), reads);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
