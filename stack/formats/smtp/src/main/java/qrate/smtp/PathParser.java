package qrate.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the path of a MAIL or RCPT line (RFC 5321 §4.1.2).
///
/// Lenient where qmail is and nothing is at stake: the brackets may be missing, dots may stand anywhere in a local
/// part.
final class PathParser {
    /// Characters that an unquoted local part cannot hold.
    private static final String SPECIALS = " <>()[]\\,;:@\"";

    private static final int LABEL_BYTES_MAX = 63;

    /// Status of a recipient that is no address (RFC 3463 §3.2).
    static final String BAD_RECIPIENT = "5.1.3";

    /// Status of a sender that is no address.
    static final String BAD_SENDER = "5.1.7";

    private final byte[] line;
    private final int end;
    private final String status;
    private int at;
    private boolean utf8;

    /// @param from where the path starts
    /// @param status what a path that is no address is refused with
    PathParser(byte[] line, int from, int end, String status) {
        this.line = line;
        this.at = from;
        this.end = end;
        this.status = status;
    }

    /// Where the path ended.
    int position() {
        return at;
    }

    MailPath parse() throws Syntax {
        boolean bracket = peek() == '<';
        if (!bracket && (at == end || peek() == ' ')) {
            throw new Syntax("501 5.5.4 address missing");
        }
        at += bracket ? 1 : 0;
        if (bracket && peek() == '>') {
            at++;
            return MailPath.EMPTY;
        }
        dropRoute();
        String local = peek() == '"' ? quoted() : atoms();
        String domain = "";
        if (peek() == '@') {
            at++;
            domain = peek() == '[' ? literal() : domain();
        }
        if (bracket && peek() != '>') {
            throw bad();
        }
        at += bracket ? 1 : 0;
        if (at < end && line[at] != ' ') {
            throw bad();
        }
        return new MailPath(local, domain, utf8);
    }

    private int peek() {
        return at < end ? line[at] & 0xff : -1;
    }

    private Syntax bad() {
        return new Syntax("553 " + status + " that is no address");
    }

    /// `@one,@two:` is dropped, as RFC 5321 appendix C asks.
    private void dropRoute() throws Syntax {
        if (peek() != '@') {
            return;
        }
        while (at < end && line[at] != ':') {
            if (line[at] == '"' || line[at] == '>' || line[at] == ' ') {
                throw bad();
            }
            at++;
        }
        if (at == end) {
            throw bad();
        }
        at++;
    }

    private String quoted() throws Syntax {
        byte[] out = new byte[end - at];
        int n = 0;
        at++;
        while (true) {
            int b = peek();
            if (b == '"') {
                at++;
                break;
            }
            if (b == '\\') {
                at++;
                b = peek();
                if (b >= 0x80) {
                    throw bad();
                }
            }
            if (b < 0x20 || b == 0x7f) { // the end, too: it is -1
                throw bad();
            }
            out[n++] = (byte) b;
            at++;
        }
        return text(out, 0, n, MailPath.LOCAL_BYTES_MAX);
    }

    private String atoms() throws Syntax {
        int start = at;
        while (at < end && (line[at] < 0 || (line[at] > ' ' && line[at] != 0x7f && SPECIALS.indexOf(line[at]) < 0))) {
            at++;
        }
        return text(line, start, at, MailPath.LOCAL_BYTES_MAX);
    }

    private String domain() throws Syntax {
        int start = at;
        int label = 0;
        while (at < end) {
            byte b = line[at];
            boolean letter = b < 0
                    || (b >= '0' && b <= '9')
                    || (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || b == '-'
                    || b == '_';
            if (b == '.' ? label == 0 : !letter) {
                break;
            }
            label = b == '.' ? 0 : label + 1;
            if (label > LABEL_BYTES_MAX) {
                throw bad();
            }
            at++;
        }
        if (label == 0) {
            throw bad();
        }
        return text(line, start, at, MailPath.DOMAIN_BYTES_MAX);
    }

    private String literal() throws Syntax {
        int start = at;
        while (at < end && line[at] != ']') {
            byte b = line[at];
            boolean known = b == '['
                    || b == '.'
                    || b == ':'
                    || b == '-'
                    || (b >= '0' && b <= '9')
                    || (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z');
            if (!known || (b == '[' && at > start)) {
                throw bad();
            }
            at++;
        }
        if (at == end || at == start + 1) {
            throw bad();
        }
        at++;
        return text(line, start, at, MailPath.DOMAIN_BYTES_MAX);
    }

    private String text(byte[] bytes, int from, int to, int bytesMax) throws Syntax {
        if (from == to) {
            throw bad();
        }
        if (to - from > bytesMax) {
            throw new Syntax("553 " + status + " address too long");
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                utf8 = true;
                return decode(bytes, from, to);
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private String decode(byte[] bytes, int from, int to) throws Syntax {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
            if (text.codePoints().anyMatch(Character::isISOControl)) {
                throw bad();
            }
            return text;
        } catch (CharacterCodingException _) {
            throw new Syntax("553 5.6.7 address is not UTF-8");
        }
    }
}
