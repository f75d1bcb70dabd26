package qrate.smtp;

import java.util.Set;
import qrate.core.Envelope;

/// ESMTP parameters of MAIL.
///
/// @param size SIZE in bytes (RFC 1870), {@link #UNSAID} if not given, `Long.MAX_VALUE` for more than a long holds
/// @param content BODY (RFC 6152)
/// @param words those without a value
/// @param ret RET: `FULL`, `HDRS` or `""` (RFC 3461 §4.3)
/// @param envid ENVID as given, in xtext, or `""` (RFC 3461 §4.4)
/// @param auth AUTH as given, in xtext, or `""` (RFC 4954 §5); checked, and not believed
public record MailParameters(long size, Content content, Set<Word> words, String ret, String envid, String auth) {
    /// No SIZE was given.
    public static final long UNSAID = -1;

    /// No parameters at all.
    public static final MailParameters NONE = new MailParameters(UNSAID, Content.UNSAID, Set.of(), "", "", "");

    /// A parameter that has no value.
    public enum Word {
        /// addresses and header may be UTF-8 (RFC 6531)
        SMTPUTF8,
        /// over sure connections only (RFC 8689)
        REQUIRETLS
    }

    public MailParameters {
        words = Set.copyOf(words);
    }

    /// Whether addresses may be UTF-8.
    public boolean smtpUtf8() {
        return words.contains(Word.SMTPUTF8);
    }

    /// Whether the message goes over sure connections only.
    public boolean requireTls() {
        return words.contains(Word.REQUIRETLS);
    }

    /// What BODY says.
    public enum Content {
        /// nothing
        UNSAID,
        /// `7BIT`
        SEVEN_BIT,
        /// `8BITMIME`
        EIGHT_BIT
    }

    /// Those that go on with the message, as {@link Envelope#parameters()} wants them.
    public String travelling() {
        if (equals(NONE)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        append(text, ret.isEmpty() ? "" : "RET=" + ret);
        append(text, envid.isEmpty() ? "" : "ENVID=" + envid);
        append(
                text,
                switch (content) {
                    case UNSAID -> "";
                    case SEVEN_BIT -> "BODY=7BIT";
                    case EIGHT_BIT -> "BODY=8BITMIME";
                });
        append(text, smtpUtf8() ? "SMTPUTF8" : "");
        append(text, requireTls() ? Envelope.REQUIRETLS : "");
        return text.toString();
    }

    static void append(StringBuilder text, String parameter) {
        if (!parameter.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(parameter);
        }
    }
}
