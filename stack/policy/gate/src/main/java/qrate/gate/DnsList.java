package qrate.gate;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import qrate.core.DomainName;

/// A list of addresses in DNS (RFC 5782), and what it means to stand on it: a line of `control/dnsbl`.
///
/// @param zone below which addresses are looked for, in ASCII
/// @param codes answers that count; none for all that are usual
/// @param text for people, in place of the list's own name and words; `%IP%` is the client
record DnsList(String zone, List<Code> codes, Does does, String text) {
    /// Longest zone, in characters: an address of IPv6 must fit before it (RFC 1035 §2.3.4).
    private static final int ZONE_CHARS_MAX = 180;

    private static final String BLANKS = " \t";
    private static final int LOOPBACK = 127;
    private static final int BYTE_MAX = 255;
    private static final int PARTS = 4;

    /// What a client's being on it leads to.
    enum Does {
        /// it is asked about no further
        ALLOW,
        /// its mail is spam
        MARK,
        /// its mail is refused
        REFUSE
    }

    /// Answers, each of whose four numbers is within bounds.
    record Code(List<Span> spans) {
        /// From and to, both included.
        record Span(int least, int most) {}

        Code {
            spans = List.copyOf(spans);
        }

        private boolean holds(byte[] answer) {
            for (int i = 0; i < PARTS; i++) {
                int number = Byte.toUnsignedInt(answer[i]);
                if (number < spans.get(i).least || number > spans.get(i).most) {
                    return false;
                }
            }
            return true;
        }
    }

    DnsList {
        codes = List.copyOf(codes);
    }

    /// Reads `ZONE[=CODES] allow|mark|refuse [TEXT]`.
    ///
    /// @throws IllegalArgumentException says what is wrong
    static DnsList parse(String line) {
        StringTokenizer words = new StringTokenizer(line, BLANKS);
        String list = words.hasMoreTokens() ? words.nextToken() : "";
        Does does = does(words.hasMoreTokens() ? words.nextToken() : "");
        String text = words.hasMoreTokens() ? words.nextToken("").strip() : "";
        int equals = list.indexOf('=');
        String zone = DomainName.ascii(equals < 0 ? list : list.substring(0, equals));
        boolean name = zone.chars().allMatch(c -> c == '-' || c == '.' || c == '_' || isAlphanumeric(c));
        if (zone.isEmpty() || zone.length() > ZONE_CHARS_MAX || !name) {
            throw new IllegalArgumentException("not a zone: " + zone);
        }
        List<Code> codes = new ArrayList<>();
        for (String code :
                equals < 0 ? new String[0] : list.substring(equals + 1).split(",", -1)) {
            codes.add(code(code));
        }
        return new DnsList(zone, codes, does, text);
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static Does does(String word) {
        for (Does one : Does.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return one;
            }
        }
        throw new IllegalArgumentException("a zone is to allow, mark or refuse, not to " + word);
    }

    /// `127.0.0.2-11`, of which `2-11` is short.
    private static Code code(String text) {
        String[] parts = (text.indexOf('.') < 0 ? "127.0.0." + text : text).split("\\.", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("not an answer of a list: " + text);
        }
        List<Code.Span> spans = new ArrayList<>();
        for (String part : parts) {
            int dash = part.indexOf('-');
            int least = number(dash < 0 ? part : part.substring(0, dash), text);
            int most = dash < 0 ? least : number(part.substring(dash + 1), text);
            spans.add(part.equals("*") ? new Code.Span(0, BYTE_MAX) : new Code.Span(least, most));
        }
        return new Code(spans);
    }

    private static int number(String digits, String of) {
        if (digits.equals("*")) {
            return 0;
        }
        boolean number = !digits.isEmpty()
                && digits.length() <= 3
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(digits) <= BYTE_MAX;
        if (!number) {
            throw new IllegalArgumentException("not an answer of a list: " + of);
        }
        return Integer.parseInt(digits);
    }

    /// What an address is asked for by: its bytes, of IPv6 its half bytes, from the last one on (RFC 5782 §2.1, §2.4).
    String question(InetAddress client) {
        StringBuilder name = new StringBuilder();
        byte[] address = client.getAddress();
        for (int i = address.length - 1; i >= 0; i--) {
            int b = Byte.toUnsignedInt(address[i]);
            if (client instanceof Inet6Address) {
                name.append(Integer.toHexString(b & 0xf)).append('.').append(Integer.toHexString(b >> 4));
            } else {
                name.append(b);
            }
            name.append('.');
        }
        return name.append(zone).toString();
    }

    /// Whether an answer says that the address is listed.
    boolean isListing(InetAddress answer) {
        byte[] bytes = answer.getAddress();
        return answer instanceof Inet4Address
                && bytes[0] == LOOPBACK
                && !isError(bytes)
                && (codes.isEmpty() ? !isUnusual(bytes) : codes.stream().anyMatch(code -> code.holds(bytes)));
    }

    /// Whether an answer is none that a list gives about an address: a limit passed, a zone that somebody else has by
    /// now.
    boolean isTrouble(InetAddress answer) {
        byte[] bytes = answer.getAddress();
        return bytes[0] != LOOPBACK || isError(bytes) || (codes.isEmpty() && isUnusual(bytes));
    }

    /// What Spamhaus says to whom it does not serve.
    private static boolean isError(byte[] answer) {
        return answer[1] == (byte) BYTE_MAX && answer[2] == (byte) BYTE_MAX;
    }

    /// What other lists say to such: URIBL's 127.0.0.1, 127.0.0.255 of dnswl.org.
    private static boolean isUnusual(byte[] answer) {
        return answer[1] == 0 && answer[2] == 0 && (answer[3] == 1 || answer[3] == (byte) BYTE_MAX);
    }
}
