package qrate.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Body;

/// The name of a message in a Maildir: `SECONDS.QIDRNUMBER.HOST,S=SIZE,W=OCTETS`, and `:2,FLAGS` behind it in `cur`.
public final class MaildirName {
    /// Sorts by arrival: runs of digits by their value, everything else by its characters.
    public static final Comparator<String> ARRIVAL = MaildirName::compare;

    private static final String SIZE = ",S=";
    private static final String SENT_SIZE = ",W=";
    private static final Pattern DELIVERY = Pattern.compile("([0-9]{1,18})\\.Q([0-9]{1,18})R([0-9]{1,9})\\.");

    private MaildirName() {}

    /// Names one delivery; the same delivery has the same name at every attempt.
    ///
    /// @param birthSeconds when the queue took the message, in seconds since 1970
    /// @param id queue id
    /// @param number index of the recipient in its envelope
    /// @param host a stable name of this system
    /// @param body what the file holds, which is read
    public static String of(long birthSeconds, long id, int number, String host, Body body) throws IOException {
        return birthSeconds + ".Q" + id + "R" + number + "." + escape(host) + sizes(body);
    }

    /// `,S=SIZE,W=OCTETS`: bytes in the file, and octets as it is sent ({@link SentSize}).
    public static String sizes(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return SIZE + body.size() + SENT_SIZE + SentSize.of(in);
        }
    }

    /// A host as it may stand in a name: `/` and `:` as maildir(5) says, and nothing that is not printable ASCII.
    public static String escape(String host) {
        StringBuilder safe = new StringBuilder(host.length());
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            switch (c) {
                case '/' -> safe.append("\\057");
                case ':' -> safe.append("\\072");
                case ',' -> safe.append("\\054");
                default -> safe.append(c > ' ' && c < 0x7f ? c : '_');
            }
        }
        return safe.toString();
    }

    /// Whether a file name is one that {@link #of} makes, which only local delivery may clean away.
    public static boolean isDelivery(String file) {
        int dot = file.indexOf('.');
        return dot > 0 && file.startsWith("Q", dot + 1);
    }

    /// Which delivery made a file.
    ///
    /// @param birthSeconds when the queue took the message, in seconds since 1970
    /// @param id queue id
    /// @param number index of the recipient in its envelope
    public record Delivery(long birthSeconds, long id, int number) {}

    /// The delivery that gave a file its name by {@link #of}; empty for any other name.
    public static Optional<Delivery> delivery(String file) {
        Matcher name = DELIVERY.matcher(file);
        return name.lookingAt()
                ? Optional.of(new Delivery(
                        Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), Integer.parseInt(name.group(3))))
                : Optional.empty();
    }

    /// The part that stays the same while flags change.
    public static String unique(String file) {
        int colon = file.indexOf(':');
        return colon < 0 ? file : file.substring(0, colon);
    }

    /// The flags behind `:2,`, or nothing.
    public static String flags(String file) {
        int info = file.indexOf(":2,");
        return info < 0 ? "" : file.substring(info + 3);
    }

    /// The number that a name begins with, seconds since 1970 in all that programs make; -1 where it begins with none,
    /// or with one of more than 18 digits.
    public static long seconds(String file) {
        int end = digitsEnd(file, 0);
        if (end == 0 || end > SIZE_DIGITS_MAX) {
            return -1;
        }
        long seconds = 0;
        for (int i = 0; i < end; i++) {
            seconds = seconds * 10 + Character.digit(file.charAt(i), 10);
        }
        return seconds;
    }

    /// Bytes in the file, as the name says, or -1 when it does not.
    public static long size(String file) {
        return number(file, SIZE);
    }

    /// Octets as it is sent, as the name says, or -1 when it does not.
    public static long sentSize(String file) {
        return number(file, SENT_SIZE);
    }

    private static long number(String file, String field) {
        int colon = file.indexOf(':');
        int end = colon < 0 ? file.length() : colon;
        int from = file.indexOf(field);
        if (from < 0 || from > end) {
            return -1;
        }
        int at = from + field.length();
        long size = 0;
        int digits = 0;
        while (at < end && isDigit(file.charAt(at)) && digits < SIZE_DIGITS_MAX) {
            size = size * 10 + Character.digit(file.charAt(at), 10);
            at++;
            digits++;
        }
        return digits == 0 || (at < end && file.charAt(at) != ',') ? -1 : size;
    }

    /// Digits of a size; one more could pass what a long holds.
    private static final int SIZE_DIGITS_MAX = 18;

    private static int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            char c = a.charAt(i);
            char d = b.charAt(j);
            if (isDigit(c) && isDigit(d)) {
                int iEnd = digitsEnd(a, i);
                int jEnd = digitsEnd(b, j);
                int order = compareNumbers(a, i, iEnd, b, j, jEnd);
                if (order != 0) {
                    return order;
                }
                i = iEnd;
                j = jEnd;
            } else if (c != d) {
                return Character.compare(c, d);
            } else {
                i++;
                j++;
            }
        }
        int rest = Integer.compare(a.length() - i, b.length() - j);
        return rest != 0 ? rest : a.compareTo(b);
    }

    /// Without a copy of either: a large mailbox is sorted at each sign-in.
    private static int compareNumbers(String a, int aFrom, int aEnd, String b, int bFrom, int bEnd) {
        int i = withoutZeros(a, aFrom, aEnd);
        int j = withoutZeros(b, bFrom, bEnd);
        if (aEnd - i != bEnd - j) {
            return Integer.compare(aEnd - i, bEnd - j);
        }
        while (i < aEnd && a.charAt(i) == b.charAt(j)) {
            i++;
            j++;
        }
        return i == aEnd ? 0 : Character.compare(a.charAt(i), b.charAt(j));
    }

    private static int withoutZeros(String text, int from, int end) {
        int first = from;
        while (first < end - 1 && text.charAt(first) == '0') {
            first++;
        }
        return first;
    }

    private static int digitsEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
