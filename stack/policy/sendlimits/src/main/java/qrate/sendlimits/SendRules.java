package qrate.sendlimits;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.Stream;

/// What `control/sendlimits` says.
///
/// @param lines what each says, by its first word in lower case
record SendRules(Map<String, Map<Measure, Integer>> lines) {
    /// Nobody says anything.
    static final SendRules USUAL = new SendRules(Map.of());

    /// Nobody is limited.
    static final SendRules OFF = new SendRules(Map.of("*", off()));

    /// Largest limit; more is no limit that anybody meets, and counts are whole numbers of 32 bits.
    static final int MOST = 999_999_999;

    SendRules {
        lines = Map.copyOf(lines);
    }

    /// A line that makes no sense.
    static final class Nonsense extends Exception {
        private static final long serialVersionUID = 1L;

        Nonsense(String line, String why) {
            super("\"" + line + "\": " + why);
        }
    }

    /// Reads the lines of the file, comments left out.
    static SendRules read(List<String> text) throws Nonsense {
        Map<String, Map<Measure, Integer>> lines = new HashMap<>();
        for (String line : text) {
            StringTokenizer words = new StringTokenizer(line, " \t");
            String who = words.hasMoreTokens() ? words.nextToken().toLowerCase(Locale.ROOT) : "";
            if (!who.equals("*") && (who.indexOf('@') < 0 || who.endsWith("@"))) {
                throw new Nonsense(line, "begins with neither *, *@DOMAIN, @DOMAIN nor USER@DOMAIN");
            }
            Map<Measure, Integer> limits = limits(line, words);
            boolean more = limits.containsKey(Measure.BOUNCES) || limits.containsKey(Measure.NETWORKS);
            if (who.startsWith("@") && more && !limits.equals(off())) {
                throw new Nonsense(line, "a domain has messages and recipients only");
            }
            if (lines.put(who, limits) != null) {
                throw new Nonsense(line, "stands there twice");
            }
        }
        return new SendRules(lines);
    }

    private static Map<Measure, Integer> limits(String line, StringTokenizer words) throws Nonsense {
        Map<Measure, Integer> limits = new EnumMap<>(Measure.class);
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            if (word.equals("off") && limits.isEmpty() && !words.hasMoreTokens()) {
                return off();
            }
            Measure measure = Stream.of(Measure.values())
                    .filter(one -> one.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new Nonsense(line, "\"" + word + "\" is nothing that is counted"));
            if (!words.hasMoreTokens() || limits.put(measure, number(line, words.nextToken())) != null) {
                throw new Nonsense(line, word + " needs one number");
            }
        }
        if (limits.isEmpty()) {
            throw new Nonsense(line, "says no limit");
        }
        return limits;
    }

    private static int number(String line, String word) throws Nonsense {
        int number = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c < '0' || c > '9' || number > MOST / 10) {
                throw new Nonsense(line, "\"" + word + "\" is no number up to " + MOST);
            }
            number = 10 * number + c - '0';
        }
        return number;
    }

    private static Map<Measure, Integer> off() {
        Map<Measure, Integer> all = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            all.put(measure, 0);
        }
        return all;
    }

    /// Most of a user in an hour; 0 for no limit.
    ///
    /// @param user in lower case
    int user(String user, Measure measure) {
        String domain = domain(user);
        for (String who : domain.isEmpty() ? List.of(user, "*") : List.of(user, "*@" + domain, "*")) {
            Integer limit = lines.getOrDefault(who, Map.of()).get(measure);
            if (limit != null) {
                return limit;
            }
        }
        return measure.usual();
    }

    /// Most of a domain in an hour; 0 for no limit.
    ///
    /// @param domain in lower case
    int domain(String domain, Measure measure) {
        return lines.getOrDefault("@" + domain, Map.of()).getOrDefault(measure, 0);
    }

    /// What is behind a user's last `@`; empty without.
    static String domain(String user) {
        int at = user.lastIndexOf('@');
        return at < 0 ? "" : user.substring(at + 1);
    }
}
