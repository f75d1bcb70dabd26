package qrate.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Who handed a message over, as the door saw it: it goes with the envelope through QMQP's parameters, the journal, the
/// spawn stream and the ledger, so that nobody has to win it back from a Received line.
///
/// Each field may be empty, and is cut at {@link #FIELD_CHARS_MAX}. `host` and `helo` are a stranger's words.
///
/// @param ip address, as tcp-environ(5) has it in TCPREMOTEIP
/// @param host name of that address (TCPREMOTEHOST)
/// @param helo what EHLO or HELO said
/// @param protocol `ESMTPSA` and its like (RFC 3848), `QMTP`, `QMQP`
/// @param login who logged in; for door `uid` the number of the system's user
/// @param tls protocol and cipher, as {@link Connection#cipher()}
/// @param door `smtp`, `submission`, `smtps`, `qmtp`, `qmqp`; `uid` for a program of this machine
/// @param relay whether it may send to anybody for its address (RELAYCLIENT)
/// @param spam whether a filter of ours says that its message is spam
/// @param first whether it wrote this very message with its login, and not one that somebody sends on: what is
///     counted for a user ({@link #firstHand})
public record Client(
        String ip,
        String host,
        String helo,
        String protocol,
        String login,
        String tls,
        String door,
        boolean relay,
        boolean spam,
        boolean first) {
    /// Nobody, or nobody knows: bounces, messages that came by another's queue program.
    public static final Client UNKNOWN = new Client("", "", "", "", "", "", "");

    /// Kept of a field, in characters; longer than any domain name or mailbox that can be.
    public static final int FIELD_CHARS_MAX = 320;

    /// Door of whoever runs a program of this machine.
    public static final String BY_HAND = "uid";

    /// The variable that tells it to a program in qmail-queue's place (`QMAILQUEUE`), and by which that program's own
    /// qmail-queue knows it again.
    public static final String VARIABLE = "QRATE_CLIENT";

    /// The variable that tells our own programs in a `.qmail` file, as those of lists, who the client of their message
    /// was; others are told what qmail-command(8) says and nothing else.
    public static final String ORIGIN_VARIABLE = "QRATE_ORIGIN";

    /// The parameter that it travels in. No client can set it: doors hand on the parameters they know.
    private static final String PARAMETER = "CLIENT";

    /// Those that every release writes.
    private static final int FIELDS = 7;

    private static final String RELAY = "relay";
    private static final String SPAM = "spam";
    private static final String FIRST = "first";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    public Client {
        ip = cut(ip);
        host = cut(host);
        helo = cut(helo);
        protocol = cut(protocol);
        login = cut(login);
        tls = cut(tls);
        door = cut(door);
    }

    /// One who may not send to anybody for its address.
    public Client(String ip, String host, String helo, String protocol, String login, String tls, String door) {
        this(ip, host, helo, protocol, login, tls, door, false, false, false);
    }

    /// The same, who may.
    public Client relaying() {
        return new Client(ip, host, helo, protocol, login, tls, door, true, spam, first);
    }

    /// The same with a message that is spam.
    public Client withSpam() {
        return new Client(ip, host, helo, protocol, login, tls, door, relay, true, first);
    }

    /// The same, who hands over a message of its own; nobody does without a login.
    public Client firstHand() {
        return new Client(ip, host, helo, protocol, login, tls, door, relay, spam, !login.isEmpty());
    }

    /// The same for what is sent on: its lists and forwards do not count for whoever wrote.
    public Client sentOn() {
        return first ? new Client(ip, host, helo, protocol, login, tls, door, relay, spam, false) : this;
    }

    /// Whether somebody of ours writes: who logged in, may relay, or runs programs here.
    public boolean ours() {
        return relay || !login.isEmpty();
    }

    /// ESMTP parameters and the client behind them.
    public record Travelled(String parameters, Client client) {}

    /// A user of the system who ran a program here.
    public static Client uid(Object uid) {
        return new Client("", "", "", "", uid.toString(), "", BY_HAND);
    }

    /// The variable of tcp.smtp(5) that lets a client send to anybody.
    public static final String RELAYCLIENT = "RELAYCLIENT";

    /// Somebody of whom the TCP environment alone is known (tcp-environ(5)).
    ///
    /// @param protocol `QMTP` or `QMQP`
    public static Client of(Map<String, String> environment, String protocol, String door) {
        return new Client(
                environment.getOrDefault("TCPREMOTEIP", ""),
                environment.getOrDefault("TCPREMOTEHOST", ""),
                "",
                protocol,
                "",
                "",
                door,
                environment.containsKey(RELAYCLIENT),
                false,
                false);
    }

    /// Reads what {@link #text} made; whatever makes no sense is {@link #UNKNOWN}.
    public static Client parse(String text) {
        String[] words = text.split(";", -1);
        if (words.length < FIELDS) {
            return UNKNOWN;
        }
        for (int i = 0; i < FIELDS; i++) {
            words[i] = decoded(words[i]);
        }
        // a later release may have more fields behind these
        boolean relay = words.length > FIELDS && words[FIELDS].equals(RELAY);
        List<String> more = List.of(words).subList(Math.min(words.length, FIELDS + 1), words.length);
        return new Client(
                words[0],
                words[1],
                words[2],
                words[3],
                words[4],
                words[5],
                words[6],
                relay,
                more.contains(SPAM),
                more.contains(FIRST));
    }

    /// One word of printable ASCII that {@link #parse} reads: the fields in xtext (RFC 3461 §4), `;` between them;
    /// empty for {@link #UNKNOWN}.
    public String text() {
        if (equals(UNKNOWN)) {
            return "";
        }
        StringBuilder text = new StringBuilder(160);
        for (String field : List.of(ip, host, helo, protocol, login, tls, door)) {
            encode(field, text);
            text.append(';');
        }
        String last = (relay ? RELAY : "") + (spam ? ";" + SPAM : "") + (first ? ";" + FIRST : "");
        return last.isEmpty()
                ? text.substring(0, text.length() - 1)
                : text.append(last).toString();
    }

    /// Parameters of MAIL with this client behind them. What is too long for an envelope's text loses the names that
    /// a stranger gave, and in the end the client: the release before must be able to read it.
    public String behind(String parameters) {
        int room = Envelope.TEXT_BYTES_MAX - parameters.length() - PARAMETER.length() - 2;
        String text = text();
        if (text.length() > room) {
            text = new Client(ip, "", helo, protocol, login, tls, door, relay, spam, first).text();
        }
        if (text.length() > room) {
            text = new Client(ip, "", "", protocol, login, tls, door, relay, spam, first).text();
        }
        return text.isEmpty() || text.length() > room
                ? parameters
                : (parameters.isEmpty() ? "" : parameters + " ") + PARAMETER + "=" + text;
    }

    /// Takes apart what {@link #behind} made.
    public static Travelled travelled(String text) {
        Parameters all = new Parameters(text);
        return all.value(PARAMETER)
                .map(client -> new Travelled(all.without(PARAMETER).text(), parse(client)))
                .orElseGet(() -> new Travelled(text, UNKNOWN));
    }

    private static String cut(String field) {
        return field.length() <= FIELD_CHARS_MAX ? field : field.substring(0, FIELD_CHARS_MAX);
    }

    /// A text as one word (RFC 3461 §4), without `;`.
    static String xtext(String text) {
        StringBuilder word = new StringBuilder(text.length() + 16);
        encode(text, word);
        return word.toString();
    }

    private static void encode(String field, StringBuilder text) {
        for (byte b : field.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b <= '~' && b != '+' && b != '=' && b != ';') {
                text.append((char) b);
            } else {
                text.append('+').append(HEX.toHexDigits(b));
            }
        }
    }

    /// What {@link #xtext} was made of.
    static String decoded(String word) {
        if (word.indexOf('+') < 0) {
            return word;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean hex = c == '+'
                    && i + 2 < word.length()
                    && HexFormat.isHexDigit(word.charAt(i + 1))
                    && HexFormat.isHexDigit(word.charAt(i + 2));
            bytes.write(hex ? HexFormat.fromHexDigits(word, i + 1, i + 3) : c);
            i += hex ? 2 : 0;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
