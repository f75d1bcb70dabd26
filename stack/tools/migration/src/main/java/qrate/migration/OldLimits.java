package qrate.migration;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.directory.EditableDirectory.Limits;
import qrate.directory.Quota;

/// A domain's `.qmailadmin-limits`: a name and a number a line; -1, like what is missing, is no limit.
///
/// @param limits what of it there is here
/// @param more whether it says more than that
record OldLimits(Limits limits, boolean more) {
    private static final Pattern LINE = Pattern.compile("([a-z_]+)[ :\\t]*+(-?[0-9]{1,18})?\\s*");

    static OldLimits parse(byte[] content) {
        Map<String, Long> found = new HashMap<>();
        boolean more = false;
        for (Lines.Line line : Lines.of(content)) {
            Matcher matcher = LINE.matcher(line.text());
            if (matcher.matches()) {
                long value = matcher.group(2) == null ? 1 : Long.parseLong(matcher.group(2));
                found.put(matcher.group(1), value);
                more |= value != -1
                        && switch (matcher.group(1)) {
                            case "maxpopaccounts", "maxaliases", "maxforwards" -> value == 0;
                            case "default_quota" -> false;
                            default -> value > 0 || matcher.group(1).startsWith("max");
                        };
            }
        }
        long aliases = positive(found, "maxaliases");
        long forwards = positive(found, "maxforwards");
        return new OldLimits(
                new Limits(
                        (int) positive(found, "maxpopaccounts"),
                        aliases == 0 || forwards == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, aliases + forwards),
                        Math.max(0, found.getOrDefault("default_quota", 0L))),
                more);
    }

    static String text(Limits limits) {
        return "mailboxes " + limits.mailboxes() + ", aliases " + limits.aliases() + ", default quota "
                + new Quota(limits.quotaBytes(), 0) + " (0: no limit)";
    }

    private static long positive(Map<String, Long> found, String name) {
        return Math.clamp(found.getOrDefault(name, 0L), 0, Integer.MAX_VALUE);
    }
}
