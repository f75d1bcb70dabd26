package qrate.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Reads the ESMTP parameters behind a path (RFC 5321 §4.1.1.11).
final class ParameterParser {
    /// Most characters of ENVID (RFC 3461 §4.4).
    static final int ENVID_CHARS_MAX = 100;

    /// Most characters of ORCPT (RFC 3461 §4.2), in ASCII.
    static final int ORCPT_CHARS_MAX = 500;

    private static final int AUTH_CHARS_MAX = 500;

    private final String[] words;
    private final Set<String> seen = new HashSet<>();

    /// @param from where the parameters start: at a space, or at `end`
    ParameterParser(byte[] line, int from, int end) throws Syntax {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, from, end - from))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new Syntax("501 5.5.4 parameters are not UTF-8");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new Syntax("501 5.5.4 a parameter has a bad value");
        }
        this.words = text.strip().split(" +");
    }

    MailParameters mail() throws Syntax {
        MailParameters all = MailParameters.NONE;
        for (String word : words) {
            if (!word.isEmpty()) {
                all = mail(all, name(word), value(word));
            }
        }
        return all;
    }

    private static MailParameters mail(MailParameters p, String name, String value) throws Syntax {
        return switch (name) {
            case "SIZE" -> new MailParameters(size(value), p.content(), p.words(), p.ret(), p.envid(), p.auth());
            case "BODY" -> new MailParameters(p.size(), content(value), p.words(), p.ret(), p.envid(), p.auth());
            case "SMTPUTF8", "REQUIRETLS" -> {
                check(value.isEmpty(), name);
                Set<MailParameters.Word> words = EnumSet.of(MailParameters.Word.valueOf(name));
                words.addAll(p.words());
                yield new MailParameters(p.size(), p.content(), words, p.ret(), p.envid(), p.auth());
            }
            case "RET" -> {
                String ret = value.toUpperCase(Locale.ROOT);
                check(ret.equals("FULL") || ret.equals("HDRS"), "RET");
                yield new MailParameters(p.size(), p.content(), p.words(), ret, p.envid(), p.auth());
            }
            case "ENVID" -> {
                check(isXtext(value) && value.length() <= ENVID_CHARS_MAX, "ENVID");
                yield new MailParameters(p.size(), p.content(), p.words(), p.ret(), value, p.auth());
            }
            case "AUTH" -> {
                check(value.equals("<>") || (isXtext(value) && value.length() <= AUTH_CHARS_MAX), "AUTH");
                yield new MailParameters(p.size(), p.content(), p.words(), p.ret(), p.envid(), value);
            }
            default -> throw unknown();
        };
    }

    RcptParameters rcpt() throws Syntax {
        RcptParameters all = RcptParameters.NONE;
        for (String word : words) {
            if (word.isEmpty()) {
                continue;
            }
            String value = value(word);
            all = switch (name(word)) {
                case "NOTIFY" -> new RcptParameters(notification(value), all.orcpt());
                case "ORCPT" -> new RcptParameters(all.notification(), orcpt(value));
                default -> throw unknown();
            };
        }
        return all;
    }

    private String name(String word) throws Syntax {
        int equals = word.indexOf('=');
        String name = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
        if (!seen.add(name)) {
            throw new Syntax("501 5.5.4 a parameter stands twice");
        }
        return name;
    }

    private static String value(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? "" : word.substring(equals + 1);
    }

    private static Syntax unknown() {
        return new Syntax("555 5.5.4 parameter not known");
    }

    private static void check(boolean good, String name) throws Syntax {
        if (!good) {
            throw new Syntax("501 5.5.4 " + name + " has a bad value");
        }
    }

    /// Digits of any count (RFC 1870 §4 has up to 20, more than a long holds); too many stay the largest number.
    static long size(String digits) throws Syntax {
        check(!digits.isEmpty(), "SIZE");
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            check(digit >= 0 && digit <= 9, "SIZE");
            size = size > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : size * 10 + digit;
        }
        return size;
    }

    private static MailParameters.Content content(String value) throws Syntax {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "7BIT" -> MailParameters.Content.SEVEN_BIT;
            case "8BITMIME" -> MailParameters.Content.EIGHT_BIT;
            default -> throw new Syntax("501 5.5.4 BODY has a bad value");
        };
    }

    private static String notification(String value) throws Syntax {
        String upper = value.toUpperCase(Locale.ROOT);
        Set<String> kinds = new HashSet<>();
        for (String kind : upper.split(",", -1)) {
            boolean known =
                    kind.equals("NEVER") || kind.equals("SUCCESS") || kind.equals("FAILURE") || kind.equals("DELAY");
            check(known && kinds.add(kind), "NOTIFY");
        }
        check(!kinds.contains("NEVER") || kinds.size() == 1, "NOTIFY");
        return upper;
    }

    /// The original recipient in ASCII. Where its type is `utf-8` the client may send it as it is (RFC 6533 §3,
    /// utf-8-addr-unitext); it goes on as utf-8-addr-xtext, which a server without SMTPUTF8 takes too.
    private static String orcpt(String value) throws Syntax {
        int semicolon = value.indexOf(';');
        check(semicolon > 0 && isWord(value.substring(0, semicolon)), "ORCPT");
        String type = value.substring(0, semicolon);
        String address = value.substring(semicolon + 1);
        String whole = type + ";" + (type.equalsIgnoreCase("utf-8") ? embedded(address) : address);
        check(whole.length() <= ORCPT_CHARS_MAX && isXtext(whole.substring(semicolon + 1)), "ORCPT");
        return whole;
    }

    /// Each character outside ASCII as `\x{FC}`.
    private static String embedded(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c < 0x80) {
                ascii.append((char) c);
            } else {
                ascii.append("\\x{")
                        .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                        .append('}');
            }
        });
        return ascii.toString();
    }

    private static boolean isWord(String text) {
        return text.chars().allMatch(c -> c == '-' || (c < 0x80 && Character.isLetterOrDigit(c)));
    }

    /// xtext: printable ASCII without `+` and `=`, or `+` and two hexadecimal digits (RFC 3461 §4).
    static boolean isXtext(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
                    return false;
                }
                i += 2;
            } else if (c <= ' ' || c >= 0x7f || c == '=') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    }
}
