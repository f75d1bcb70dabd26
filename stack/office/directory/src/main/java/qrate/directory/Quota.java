package qrate.directory;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much mail a mailbox may hold; 0 for no limit.
///
/// @param bytes most bytes
/// @param messages most messages
public record Quota(long bytes, long messages) {
    /// No limit.
    public static final Quota NONE = new Quota(0, 0);

    private static final int STEP_BITS = 10;
    private static final String[] UNITS = {"", "KB", "MB", "GB"};

    /// A comma before three digits parts thousands, one before one or two is a decimal point.
    private static final Pattern TYPED =
            Pattern.compile("([0-9]{1,6}|[0-9]{1,3}(?:,[0-9]{3})?)(?:[.,]([0-9]{1,2}))? *([KMGT])I?B");

    private static final Pattern PART = Pattern.compile("([0-9]{1,15})(K|M|G|KB|MB|GB)?(S|C)?");

    /// Reads vpopmail's spelling: `NOQUOTA`, `50MB`, `52428800S,1000C`, a bare number of bytes.
    ///
    /// @return empty when it is none
    public static Optional<Quota> parse(String text) {
        if (text.equals("NOQUOTA")) {
            return Optional.of(NONE);
        }
        long bytes = 0;
        long messages = 0;
        for (String part : text.toUpperCase(Locale.ROOT).split(",", -1)) {
            Matcher m = PART.matcher(part);
            if (!m.matches()) {
                return Optional.empty();
            }
            long number = Long.parseLong(m.group(1));
            String unit = m.group(2) == null ? "" : m.group(2).substring(0, 1);
            if ("C".equals(m.group(3))) {
                if (!unit.isEmpty()) {
                    return Optional.empty();
                }
                messages = number;
            } else {
                long factor = switch (unit) {
                    case "K" -> 1L << 10;
                    case "M" -> 1L << 20;
                    case "G" -> 1L << 30;
                    default -> 1;
                };
                if (number > Long.MAX_VALUE / factor) {
                    return Optional.empty();
                }
                bytes = number * factor;
            }
        }
        return Optional.of(new Quota(bytes, messages));
    }

    /// Reads a size as people type it: `500 MB`, `1.5 GB`, `1,5 gb`, `1,500 MB`; and all that {@link #parse} reads.
    ///
    /// @return empty when it is none
    public static Optional<Quota> typed(String text) {
        String whole = text.strip().toUpperCase(Locale.ROOT);
        Matcher m = TYPED.matcher(whole);
        if (!m.matches()) {
            // a comma otherwise stands only before a number of messages
            return whole.contains(",") && !whole.endsWith("C") ? Optional.empty() : parse(whole.replace(" ", ""));
        }
        BigDecimal number = new BigDecimal(m.group(1).replace(",", "") + "." + (m.group(2) == null ? "0" : m.group(2)));
        int unit = "KMGT".indexOf(m.group(3).charAt(0)) + 1;
        BigDecimal bytes = number.multiply(BigDecimal.valueOf(1L << (STEP_BITS * unit)));
        return Optional.of(new Quota(bytes.setScale(0, RoundingMode.HALF_UP).longValueExact(), 0));
    }

    /// A size as {@link #typed} reads it: `500 MB`; nothing where there is no limit.
    public String field() {
        return equals(NONE) ? "" : words().replaceAll("(?<=[0-9])(?=[KMG]B)", " ");
    }

    /// Whether it can be none.
    boolean isNegative() {
        return bytes < 0 || messages < 0;
    }

    /// The shortest spelling that {@link #parse} reads as the same: `50MB`, `1GB,1000C`, `NOQUOTA`.
    public String words() {
        if (equals(NONE)) {
            return toString();
        }
        long number = bytes;
        int unit = 0;
        while (unit < UNITS.length - 1 && number > 0 && number % (1L << STEP_BITS) == 0) {
            number >>= STEP_BITS;
            unit++;
        }
        String size = number == 0 ? "" : number + UNITS[unit];
        String count = messages == 0 ? "" : messages + "C";
        return size + (size.isEmpty() || count.isEmpty() ? "" : ",") + count;
    }

    @Override
    public String toString() {
        if (bytes == 0 && messages == 0) {
            return "NOQUOTA";
        }
        if (messages == 0) {
            return bytes + "S";
        }
        return bytes == 0 ? messages + "C" : bytes + "S," + messages + "C";
    }
}
