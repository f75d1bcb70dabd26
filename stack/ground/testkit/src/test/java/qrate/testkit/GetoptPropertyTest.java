package qrate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.core.Getopt;

/// Whatever was meant comes back, in whichever way it was written; and whatever else comes is read or refused.
class GetoptPropertyTest {
    private static final Getopt KNOWN = Getopt.of("abv:w::", "json", "to:");
    private static final String ALPHABET = "-abvwx:= \0\u00e9";

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(most + 1); left > 0; left--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /// One word of options, or two, in one of the ways to write them.
    private static List<Getopt.Option> write(Random random, List<String> words) {
        String value = text(random, 4);
        Getopt.Option flag = new Getopt.Option(random.nextBoolean() ? "a" : "b", "");
        boolean together = random.nextBoolean();
        String dash = together ? "-" + flag.name() : "-";
        List<Getopt.Option> options = new ArrayList<>(together ? List.of(flag) : List.of());
        switch (random.nextInt(5)) {
            case 0 -> {
                words.add(dash + "b");
                options.add(new Getopt.Option("b", ""));
            }
            case 1 -> {
                boolean joined = !value.isEmpty() && random.nextBoolean();
                words.addAll(joined ? List.of(dash + "v" + value) : List.of(dash + "v", value));
                options.add(new Getopt.Option("v", value));
            }
            case 2 -> {
                words.add(dash + "w" + value);
                options.add(new Getopt.Option("w", value));
            }
            case 3 -> {
                words.addAll(random.nextBoolean() ? List.of("--to=" + value) : List.of("--to", value));
                return List.of(new Getopt.Option("to", value));
            }
            default -> {
                words.add("--json");
                return List.of(new Getopt.Option("json", ""));
            }
        }
        return options;
    }

    @Test
    void everyCallComesBackAsItWasMeant() {
        Seeds.forAll(2000, random -> {
            List<String> words = new ArrayList<>();
            List<Getopt.Option> options = new ArrayList<>();
            for (int left = random.nextInt(6); left > 0; left--) {
                options.addAll(write(random, words));
            }
            List<String> operands = new ArrayList<>();
            for (int left = random.nextInt(4); left > 0; left--) {
                operands.add(text(random, 6));
            }
            words.add("--");
            words.addAll(operands);
            try {
                assertEquals(new Getopt.Given(options, operands), KNOWN.read(words));
            } catch (Getopt.Misuse e) {
                throw new AssertionError(words + ": " + e.getMessage(), e);
            }
        });
    }

    @Test
    void nothingIsLostWhateverComes() {
        Seeds.forAll(5000, random -> {
            List<String> words = new ArrayList<>();
            for (int left = random.nextInt(6); left > 0; left--) {
                words.add(text(random, 6));
            }
            try {
                Getopt.Given given = KNOWN.read(words);
                int behind = words.size() - given.operands().size();
                assertEquals(words.subList(behind, words.size()), given.operands());
                assertTrue(given.options().stream()
                        .allMatch(option -> KNOWN.needsValue(option.name())
                                || option.value().isEmpty()
                                || option.name().equals("w")));
            } catch (Getopt.Misuse e) {
                assertTrue(e.option().startsWith("-"), e::option);
            }
        });
    }
}
