package qrate.milter;

import java.util.List;
import java.util.Map;

/// What a milter says (SMFIR_*). Texts are bytes as characters (ISO 8859-1). None of them can be made with a
/// text that would be more than it says: a line end in an address, a second field in a value.
public sealed interface MilterReply {
    /// Most lines of an SMTP reply (libmilter's number).
    int REPLY_LINES_MAX = 32;

    /// Longest line of an SMTP reply without its code, in bytes (libmilter's number).
    int REPLY_LINE_BYTES_MAX = 980;

    /// Longest name of a field (RFC 5322 §2.1.1), in bytes.
    int NAME_BYTES_MAX = 998;

    /// Longest address, parameters of an address, or reason, in bytes.
    int WORDS_BYTES_MAX = 2_000;

    /// The answer to the negotiation.
    record Agreed(MilterOptions options) implements MilterReply {}

    /// It is still at work: wait longer.
    record Progress() implements MilterReply {}

    /// Macros that it wants. In libmilter's header and on no wire: they travel with the negotiation.
    record Symbols(Map<MilterStage, String> wanted) implements MilterReply {
        public Symbols {
            wanted = Map.copyOf(wanted);
        }
    }

    /// What ends the wait for an answer.
    sealed interface Decision extends MilterReply {}

    /// Go on.
    record Continue() implements Decision {}

    /// The message is right, and the milter wants to hear no more of it; of the session, at its beginning.
    record Accept() implements Decision {}

    /// Refused for good.
    record Reject() implements Decision {}

    /// Refused for now.
    record TempFail() implements Decision {}

    /// Taken and thrown away.
    record Discard() implements Decision {}

    /// Go on, without any more of these.
    record Skip() implements Decision {}

    /// The connection fails: 421.
    record ConnectionFails() implements Decision {}

    /// Refused, and the connection ends: 421.
    record Shutdown() implements Decision {}

    /// Refused in the milter's own words.
    ///
    /// @param code 400 to 599
    /// @param lines at least one, without the code; an enhanced code in front (RFC 3463) has the class of the
    ///     code
    record Code(int code, List<String> lines) implements Decision {
        public Code {
            lines = List.copyOf(lines);
            if (code < 400 || code > 599 || lines.isEmpty() || lines.size() > REPLY_LINES_MAX) {
                throw new IllegalArgumentException("not a reply of SMTP: " + code + ", " + lines.size() + " lines");
            }
            for (String line : lines) {
                words("a reply's line", line, REPLY_LINE_BYTES_MAX);
                boolean enhanced = line.length() > 1 && Character.isDigit(line.charAt(0)) && line.charAt(1) == '.';
                if (enhanced && line.charAt(0) - '0' != code / 100) {
                    throw new IllegalArgumentException("a reply " + code + " with the enhanced code of another class");
                }
            }
        }

        /// A reply of one line.
        public static Code of(int code, String line) {
            return new Code(code, List.of(line));
        }
    }

    /// What is to be done with the message; only at the body's end.
    sealed interface Change extends MilterReply {
        /// What the milter must have asked for to say this.
        MilterOptions.Action action();
    }

    /// A change of the header.
    sealed interface FieldChange extends Change {}

    /// A change of the envelope. Addresses stand in `<>` or not, as the milter wrote them.
    sealed interface EnvelopeChange extends Change {}

    /// A field at the header's end.
    ///
    /// @param value with the blank behind the colon, and LF and a blank where it is folded
    record AddField(String name, String value) implements FieldChange {
        public AddField {
            name = fieldName(name);
            value = fieldValue(value);
        }

        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.ADD_FIELDS;
        }
    }

    /// A field within the header.
    ///
    /// @param place how many fields stand before it; 0 on top
    record InsertField(int place, String name, String value) implements FieldChange {
        public InsertField {
            number("place", place);
            name = fieldName(name);
            value = fieldValue(value);
        }

        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.ADD_FIELDS;
        }
    }

    /// Another value for a field, or its end.
    ///
    /// @param index which of that name, from 1; 0 means the first too
    /// @param value nothing takes it away
    record ChangeField(int index, String name, String value) implements FieldChange {
        public ChangeField {
            number("index", index);
            name = fieldName(name);
            value = fieldValue(value);
        }

        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.CHANGE_FIELDS;
        }
    }

    /// Another sender.
    record ChangeSender(String address, String parameters) implements EnvelopeChange {
        public ChangeSender {
            words("an address", address, WORDS_BYTES_MAX);
            words("parameters", parameters, WORDS_BYTES_MAX);
        }

        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.CHANGE_SENDER;
        }
    }

    /// One recipient more.
    record AddRecipient(String address, String parameters) implements EnvelopeChange {
        public AddRecipient {
            words("an address", address, WORDS_BYTES_MAX);
            words("parameters", parameters, WORDS_BYTES_MAX);
        }

        @Override
        public MilterOptions.Action action() {
            return parameters.isEmpty()
                    ? MilterOptions.Action.ADD_RECIPIENTS
                    : MilterOptions.Action.ADD_RECIPIENTS_WITH_PARAMETERS;
        }
    }

    /// One recipient less.
    record DeleteRecipient(String address) implements EnvelopeChange {
        public DeleteRecipient {
            words("an address", address, WORDS_BYTES_MAX);
        }

        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.DELETE_RECIPIENTS;
        }
    }

    /// A piece of the body that takes the place of the one that came, with lines ended by CRLF.
    record ReplaceBody(byte[] bytes) implements Change {
        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.REPLACE_BODY;
        }
    }

    /// The message is put aside for people to look at.
    record Quarantine(String reason) implements Change {
        public Quarantine {
            words("a reason", reason, WORDS_BYTES_MAX);
        }

        @Override
        public MilterOptions.Action action() {
            return MilterOptions.Action.QUARANTINE;
        }
    }

    private static void number(String what, int number) {
        if (number < 0) {
            throw new IllegalArgumentException("the " + what + " " + Integer.toUnsignedString(number));
        }
    }

    private static void words(String what, String text, int max) {
        if (text.length() > max) {
            throw new IllegalArgumentException(what + " of " + text.length() + " bytes");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException(what + " with the control character " + (int) c);
            }
        }
    }

    private static String fieldName(String name) {
        if (name.isEmpty() || name.length() > NAME_BYTES_MAX) {
            throw new IllegalArgumentException("a field's name of " + name.length() + " bytes");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == ':') {
                throw new IllegalArgumentException("a field's name with the character " + (int) c);
            }
        }
        return name;
    }

    /// CRLF, which milters should not write here, is taken for the LF that is meant.
    private static String fieldValue(String written) {
        String value = written.replace("\r\n", "\n");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean folded = c == '\n' && i + 1 < value.length() && " \t".indexOf(value.charAt(i + 1)) >= 0;
            if (c == 0 || c == '\r' || (c == '\n' && !folded)) {
                throw new IllegalArgumentException(
                        "a field's value with " + (c == 0 ? "NUL" : "a line end that does not fold it"));
            }
        }
        return value;
    }
}
