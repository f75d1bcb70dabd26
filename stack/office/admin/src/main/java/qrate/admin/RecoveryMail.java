package qrate.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.directory.Domains;
import qrate.directory.PasswordResets;
import qrate.language.Language;
import qrate.message.EncodedWords;
import qrate.message.Mime;
import qrate.message.TraceFields;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// Mail about a forgotten password: the link, and that it was used.
///
/// @param host this one's name
record RecoveryMail(Domains domains, String host) {
    /// The user that a message is from in the ledger.
    private static final String USER = "recovery";

    /// A message and who gets it.
    record Letter(Envelope envelope, Body body) {}

    /// Who is written to.
    ///
    /// @param holder address, or an administrator's name
    /// @param language what he reads; empty where nobody said
    record Reader(String holder, String language) {
        /// Of a mailbox its domain, else empty.
        String domain() {
            return Address.of(holder).domain();
        }
    }

    /// The link.
    ///
    /// @param until when it works
    Letter link(PasswordResets.Due due, PasswordResets.Reachable reader, String link, Instant until)
            throws IOException {
        Written written = written(due, new Reader(reader.holder(), reader.language()));
        written.values.put(Placeholder.LINK, link);
        written.values.put(Placeholder.UNTIL, written.language.time(until));
        String text = written.say(Phrase.RECOVERY_LINK);
        // a domain's own words may have forgotten it
        String whole = text.contains(link) ? text : text + "\n" + link + "\n";
        return written.letter(reader.recovery(), written.say(Phrase.RECOVERY_SUBJECT), whole);
    }

    /// That it was used.
    Letter notice(PasswordResets.Due due, String to, String language) throws IOException {
        Written written = written(due, new Reader(due.holder(), language));
        return written.letter(to, written.say(Phrase.RECOVERED_SUBJECT), written.say(Phrase.RECOVERED_NOTICE));
    }

    private Written written(PasswordResets.Due due, Reader reader) throws IOException {
        OwnWords words = OwnWords.of(domains, reader.domain());
        Language language = Language.spelled(reader.language())
                .orElseGet(() -> words.spoken(Language.spelled(due.language()).orElse(Language.ENGLISH)));
        Map<Placeholder, String> values = new EnumMap<>(
                Map.of(Placeholder.ADDRESS, due.holder(), Placeholder.HOST, host, Placeholder.FROM, due.from()));
        return new Written(words, language, values, reader.domain().isEmpty() ? host : reader.domain(), due);
    }

    /// A message that is being written.
    ///
    /// @param domain that it comes from
    private record Written(
            OwnWords words, Language language, Map<Placeholder, String> values, String domain, PasswordResets.Due due) {
        String say(Phrase wording) {
            return Wordings.filled(words.text(wording, language), wording, values);
        }

        /// From nobody, so that none comes back with its link in it; whoever runs the system gets the header of one
        /// that
        /// cannot be delivered.
        Letter letter(String to, String subject, String text) {
            String id = due.when().toEpochMilli() + "." + Integer.toHexString(due.hashCode()) + ".recovery";
            String fields = "From: <postmaster@" + domain + ">\n"
                    + "To: <" + Address.quoted(to) + ">\n"
                    + "Subject: " + EncodedWords.encoded(subject) + "\n"
                    + TraceFields.date(due.when())
                    + TraceFields.messageId(id, domain)
                    + "Auto-Submitted: auto-generated\n"; // RFC 3834 §5
            boolean plain = US_ASCII.newEncoder().canEncode(to + domain);
            String parameters = "RET=HDRS BODY=8BITMIME" + (plain ? "" : " SMTPUTF8");
            Envelope envelope = new Envelope("", parameters, Client.uid(USER), List.of(Recipient.of(to)));
            return new Letter(envelope, Mime.text(fields, text));
        }
    }
}
