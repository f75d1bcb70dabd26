package qrate.dmarc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A domain's DMARC Policy Record, with what holds where a tag is missing or broken (RFC 9989 §4.7, §4.8).
///
/// @param text as it stands in DNS
/// @param policies what is asked for
/// @param strictDkim whether only the same domain is aligned (`adkim=s`)
/// @param strictSpf the same of `aspf`
/// @param psd whether the domain is a public suffix
/// @param testing whether policies are to be taken one step milder (`t=y`)
/// @param fo when a failure report is wanted: signs among `0 1 d s` with colons between; `0` without `ruf`
/// @param rua where aggregate reports go
/// @param ruf where failure reports go
/// @param faults what is wrong with it, in words; nothing when it is in order
public record DmarcRecord(
        String text,
        Policies policies,
        boolean strictDkim,
        boolean strictSpf,
        PublicSuffix psd,
        boolean testing,
        String fo,
        List<ReportAddress> rua,
        List<ReportAddress> ruf,
        List<String> faults) {
    /// Longest record that is one, in characters.
    static final int TEXT_CHARS_MAX = 8 << 10;

    public DmarcRecord {
        rua = List.copyOf(rua);
        ruf = List.copyOf(ruf);
        faults = List.copyOf(faults);
    }

    /// What is asked for.
    ///
    /// @param p for the domain itself
    /// @param sp for what is below it; `p` when it says nothing
    /// @param np for names below it that do not exist; `sp` when it says nothing
    /// @param usable false when one of them makes no sense and nobody is told of it: DMARC is not applied then
    public record Policies(Disposition p, Disposition sp, Disposition np, boolean usable) {}

    /// Whether a domain lets others have names below it (`psd`).
    public enum PublicSuffix {
        /// `y`
        YES,
        /// `n`: it is an organization's
        NO,
        /// `u`, or nothing
        UNKNOWN
    }

    /// Reads a TXT record; empty when it is none of DMARC: it does not begin with `v=DMARC1`.
    public static Optional<DmarcRecord> parse(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            return Optional.empty();
        }
        List<String> faults = new ArrayList<>();
        int end = text.indexOf(';');
        if (!isVersion(end < 0 ? text : text.substring(0, end))) {
            return Optional.empty();
        }
        Map<String, String> tags = end < 0 ? Map.of() : tags(text.substring(end + 1), faults);
        List<ReportAddress> rua = ReportAddress.list(tags.getOrDefault("rua", ""));
        List<ReportAddress> ruf = ReportAddress.list(tags.getOrDefault("ruf", ""));
        return Optional.of(new DmarcRecord(
                text,
                policies(tags, !rua.isEmpty(), faults),
                word(tags, "adkim", "r", Set.of("r", "s"), faults).equals("s"),
                word(tags, "aspf", "r", Set.of("r", "s"), faults).equals("s"),
                switch (word(tags, "psd", "u", Set.of("y", "n", "u"), faults)) {
                    case "y" -> PublicSuffix.YES;
                    case "n" -> PublicSuffix.NO;
                    default -> PublicSuffix.UNKNOWN;
                },
                word(tags, "t", "n", Set.of("y", "n"), faults).equals("y"),
                ruf.isEmpty() ? "0" : fo(tags, faults),
                rua,
                ruf,
                faults));
    }

    private static boolean isVersion(String first) {
        int equals = first.indexOf('=');
        return equals > 0
                && trim(first.substring(0, equals), false).equalsIgnoreCase("v")
                && trim(first.substring(equals + 1), true).equals("DMARC1");
    }

    /// Those that are well-formed; of a tag that stands twice nobody can tell which is meant, and it counts as
    /// broken.
    private static Map<String, String> tags(String text, List<String> faults) {
        Map<String, String> tags = new HashMap<>();
        for (int from = 0; from <= text.length(); ) {
            int semicolon = text.indexOf(';', from);
            int end = semicolon < 0 ? text.length() : semicolon;
            String tag = trim(text.substring(from, end), true);
            int equals = tag.indexOf('=');
            if (equals > 0) {
                String name = trim(tag.substring(0, equals), true).toLowerCase(Locale.ROOT);
                String value = trim(tag.substring(equals + 1), true);
                if (tags.put(name, value) != null) {
                    faults.add("twice: " + name);
                    tags.put(name, "");
                }
            } else if (!tag.isEmpty()) {
                faults.add("no tag: " + tag);
            }
            from = end + 1;
        }
        return tags;
    }

    /// RFC 9989 §4.10.1: where a policy makes no sense, `none` holds if somebody is told of it.
    private static Policies policies(Map<String, String> tags, boolean told, List<String> faults) {
        boolean good = true;
        for (String name : List.of("p", "sp", "np")) {
            if (tags.containsKey(name) && Disposition.of(tags.get(name)).isEmpty()) {
                faults.add("no policy: " + name + "=" + tags.get(name));
                good = false;
            }
        }
        if (!good) {
            return new Policies(Disposition.NONE, Disposition.NONE, Disposition.NONE, told);
        }
        Disposition p = Disposition.of(tags.getOrDefault("p", "none")).orElseThrow();
        Disposition sp = Disposition.of(tags.getOrDefault("sp", p.word())).orElseThrow();
        return new Policies(
                p, sp, Disposition.of(tags.getOrDefault("np", sp.word())).orElseThrow(), true);
    }

    private static String word(
            Map<String, String> tags, String name, String standard, Set<String> words, List<String> faults) {
        String word = tags.getOrDefault(name, standard).toLowerCase(Locale.ROOT);
        if (!words.contains(word)) {
            faults.add("ignored: " + name + "=" + word);
            return standard;
        }
        return word;
    }

    private static String fo(Map<String, String> tags, List<String> faults) {
        String fo = tags.getOrDefault("fo", "0").toLowerCase(Locale.ROOT).replace(" ", "");
        List<String> signs = List.of(fo.split(":", -1));
        boolean good = signs.stream().allMatch(Set.of("0", "1", "d", "s")::contains)
                && Set.copyOf(signs).size() == signs.size()
                && !(signs.contains("0") && signs.contains("1"));
        if (!good) {
            faults.add("ignored: fo=" + fo);
        }
        return good ? fo : "0";
    }

    private static String trim(String text, boolean both) {
        int from = 0;
        int to = text.length();
        while (both && from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
