package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.dmarc.DomainNames;

/// A report that is ready to go, for a service that may hand over mail: whoever made it says where to, about which
/// domain and with which attachment, and nothing else of the message is its to choose.
///
/// As bytes: lines `dmarc-report 1`, `domain NAME`, `id ID`, `file NAME`, `to ADDRESS` for each address, an empty one,
/// and the attachment.
///
/// @param domain the policy domain that it is about
/// @param id of the report
/// @param file name of the attachment
/// @param to 1 to {@link #ADDRESSES_MAX} addresses
/// @param packed the report in gzip
public record ReportParcel(String domain, String id, String file, List<String> to, byte[] packed) {
    /// Most bytes of a whole one: a thousand rows take some 50,000.
    public static final int BYTES_MAX = 1 << 20;

    /// Most addresses.
    public static final int ADDRESSES_MAX = 10;

    private static final String FIRST = "dmarc-report 1";
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final int NAME_CHARS_MAX = 700;
    private static final int ADDRESS_CHARS_MAX = 254; // RFC 5321 §4.5.3.1.3

    /// @throws IllegalArgumentException for anything that could be more than it seems, in a field of a message or in an
    ///     envelope
    public ReportParcel {
        to = List.copyOf(to);
        packed = packed.clone();
        boolean good = DomainNames.of(domain).filter(domain::equals).isPresent()
                && isName(id)
                && isName(file)
                && !to.isEmpty()
                && to.size() <= ADDRESSES_MAX
                && to.stream().allMatch(ReportParcel::isAddress);
        if (!good) {
            throw new IllegalArgumentException("no report to a domain");
        }
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_CHARS_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"\\<>()".indexOf(c) < 0);
    }

    private static boolean isAddress(String text) {
        int at = text.lastIndexOf('@');
        return at > 0
                && text.length() <= ADDRESS_CHARS_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"\\<>(),;:".indexOf(c) < 0)
                && DomainNames.of(text.substring(at + 1)).isPresent();
    }

    /// The attachment.
    @Override
    public byte[] packed() {
        return packed.clone();
    }

    /// As {@link #read} reads it.
    public byte[] bytes() {
        StringBuilder head = new StringBuilder(FIRST + "\ndomain " + domain + "\nid " + id + "\nfile " + file + "\n");
        to.forEach(address -> head.append("to ").append(address).append('\n'));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append('\n').toString().getBytes(US_ASCII));
        all.writeBytes(packed);
        return all.toByteArray();
    }

    /// Reads one; nothing when it is none, or too large.
    public static Optional<ReportParcel> read(byte[] bytes) {
        int end = end(bytes);
        if (end < 0 || bytes.length > BYTES_MAX) {
            return Optional.empty();
        }
        String[] lines = new String(bytes, 0, end, US_ASCII).split("\n", -1);
        List<String> to = new ArrayList<>();
        for (int i = 4; i < lines.length; i++) {
            to.add(behind(lines[i], "to "));
        }
        byte[] packed = java.util.Arrays.copyOfRange(bytes, end + 2, bytes.length);
        boolean gzip = packed.length > 2 && packed[0] == 0x1f && (packed[1] & 0xff) == 0x8b;
        if (lines.length < 5 || !lines[0].equals(FIRST) || !gzip) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReportParcel(
                    behind(lines[1], "domain "), behind(lines[2], "id "), behind(lines[3], "file "), to, packed));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Where the empty line's own LF has the last line's before it; negative without one.
    private static int end(byte[] bytes) {
        for (int i = 1; i < Math.min(bytes.length, HEAD_BYTES_MAX); i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                return i - 1;
            }
        }
        return -1;
    }

    private static String behind(String line, String word) {
        return line.startsWith(word) ? line.substring(word.length()) : "";
    }
}
