package qrate.language;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A language that this system speaks, and how it writes numbers, sizes and times. What the JDK knows of languages
/// other than English is not in the images' Java.
public enum Language {
    ENGLISH("en", "English", "d MMM uuuu", "d MMM uuuu, HH:mm"),
    TRADITIONAL_CHINESE("zh-Hant", "繁體中文", "uuuu年M月d日", "uuuu年M月d日 HH:mm");

    /// Most languages of one reader that are looked at.
    private static final int RANGES_MAX = 32;

    /// Longest header that is looked at, in characters.
    private static final int ACCEPTED_CHARS_MAX = 1000;

    private static final long KILO = 1024;
    private static final List<String> SIZES = List.of("KB", "MB", "GB", "TB");

    private final String tag;
    private final String own;
    private final DateTimeFormatter day;
    private final DateTimeFormatter time;

    Language(String tag, String own, String day, String time) {
        this.tag = tag;
        this.own = own;
        this.day = DateTimeFormatter.ofPattern(day, Locale.ENGLISH).withZone(ZoneOffset.UTC);
        this.time = DateTimeFormatter.ofPattern(time, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /// As `lang` attributes and the names of files spell it (BCP 47).
    public String tag() {
        return tag;
    }

    /// What its readers call it.
    public String own() {
        return own;
    }

    /// The one that is spelled so.
    public static Optional<Language> spelled(String tag) {
        return Arrays.stream(values())
                .filter(language -> language.tag.equalsIgnoreCase(tag))
                .findFirst();
    }

    /// The one that a reader likes best; English where there is none of his.
    ///
    /// @param accepted `Accept-Language` with its weights (RFC 9110 §12.5.4), or one locale: `zh_TW.UTF-8`
    public static Language of(String accepted) {
        String text = accepted.length() > ACCEPTED_CHARS_MAX ? accepted.substring(0, ACCEPTED_CHARS_MAX) : accepted;
        String[] ranges = text.split(",", RANGES_MAX + 1);
        Language best = ENGLISH;
        int most = 0;
        for (int i = 0; i < Math.min(ranges.length, RANGES_MAX); i++) {
            String[] parts = ranges[i].split(";", 2);
            Optional<Language> language = ofRange(parts[0].strip());
            int weight = parts.length == 1 ? 1000 : weight(parts[1].strip());
            if (language.isPresent() && weight > most) {
                best = language.get();
                most = weight;
            }
        }
        return best;
    }

    /// For whoever runs a command: locale(7), `LC_ALL`, `LC_MESSAGES` or `LANG`. A terminal that does not take UTF-8
    /// gets English.
    public static Language of(Map<String, String> environment) {
        return List.of("LC_ALL", "LC_MESSAGES", "LANG").stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(locale -> !locale.isEmpty())
                .findFirst()
                .filter(locale ->
                        locale.replace("-", "").toUpperCase(Locale.ROOT).contains(".UTF8"))
                .map(Language::of)
                .orElse(ENGLISH);
    }

    /// Chinese without a country or a script may be ours; that of the mainland and Singapore is another script.
    private static Optional<Language> ofRange(String range) {
        int end = 0;
        while (end < range.length() && range.charAt(end) != '.' && range.charAt(end) != '@') {
            end++;
        }
        String name = range.substring(0, end).replace('_', '-').toLowerCase(Locale.ROOT);
        if (name.equals("*") || name.equals("en") || name.startsWith("en-")) {
            return Optional.of(ENGLISH);
        }
        boolean ours = name.equals("zh-hant") || name.startsWith("zh-hant-");
        boolean there = List.of("zh", "zh-tw", "zh-hk", "zh-mo").contains(name);
        return ours || there ? Optional.of(TRADITIONAL_CHINESE) : Optional.empty();
    }

    /// Thousandths; what is no weight is none (RFC 9110 §12.4.2).
    private static int weight(String text) {
        if (!text.matches("[qQ]=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
            return 0;
        }
        StringBuilder digits = new StringBuilder(text.substring(2).replace(".", ""));
        while (digits.length() < 4) {
            digits.append('0');
        }
        return Integer.parseInt(digits.toString());
    }

    /// A number as people read it: `12,345`.
    public String number(long number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    /// A size as people write it, up to one digit behind the point: `500 MB`, `1.5 GB`.
    public String size(long bytes) {
        if (bytes < KILO) {
            return switch (this) {
                case ENGLISH -> number(bytes) + (bytes == 1 ? " byte" : " bytes");
                case TRADITIONAL_CHINESE -> number(bytes) + " 位元組";
            };
        }
        double size = bytes;
        int unit = -1;
        while (size >= KILO && unit + 1 < SIZES.size()) {
            size /= KILO;
            unit++;
        }
        String digits = String.format(Locale.ENGLISH, size < 100 ? "%,.1f" : "%,.0f", size);
        return (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits) + " " + SIZES.get(unit);
    }

    /// So many messages.
    public String messages(long number) {
        return switch (this) {
            case ENGLISH -> number(number) + (number == 1 ? " message" : " messages");
            case TRADITIONAL_CHINESE -> number(number) + " 封郵件";
        };
    }

    /// A day, in UTC.
    public String day(Instant time) {
        return day.format(time);
    }

    /// A day.
    public String day(LocalDate date) {
        return day.format(date);
    }

    /// A time to the minute, in UTC, which it says.
    public String time(Instant when) {
        return time.format(when) + " UTC";
    }
}
