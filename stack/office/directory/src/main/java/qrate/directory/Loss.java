package qrate.directory;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Something that goes, or leads nowhere, with a removal, as a value: {@link Words} has the words for it, where it is
/// shown.
///
/// @param arguments names, numbers and the like, in the order in which texts count them
public record Loss(Key key, List<String> arguments) {
    /// Keeps a copy of the arguments.
    public Loss {
        arguments = List.copyOf(arguments);
    }

    /// One with arguments.
    public static Loss of(Key key, Object... arguments) {
        return new Loss(key, Arrays.stream(arguments).map(String::valueOf).toList());
    }

    /// Whether nobody can agree to it where nobody is asked: mail of the host itself would be refused.
    public boolean isTheHosts() {
        return key == Key.HOST_MAIL;
    }

    /// Each loss there is; its text stands under {@link #word} in each file of {@link Words}.
    public enum Key {
        // what is named, with all that belongs to it
        DOMAIN,
        DOMAIN_WHOLE,
        DOMAIN_NAME,
        MAILBOXES,
        MAILBOXES_COUNTED,
        ALIAS_LINES,
        MAILBOX,
        MAILBOX_OWN,
        MAILBOX_WHOLE,
        MAIL,
        MAIL_COUNTED,
        TOKENS,
        ALIAS,
        COPIES_OF,
        ADMINISTRATOR,
        ADMINISTRATOR_OWN,
        ADMINISTRATOR_WHOLE,
        SESSIONS_OF,
        TOKENS_OF,
        TOKEN,
        TOKEN_USED,
        TOKEN_NEVER_USED,
        SECOND_FACTOR,
        APP_PASSWORD,

        // what goes beside it
        ALIAS_DOMAIN,
        LIST,
        LIST_CLOSED,
        COPIES,
        FORWARD,
        CATCH_ALL,
        HOST_MAIL,
        /// in the words of somebody else, which are all that is known of it
        SAID;

        /// As texts and the REST API spell it: `alias-domain`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// A key by its word; empty for none that is known here.
        static Optional<Key> of(String word) {
            return Arrays.stream(values())
                    .filter(key -> key.word().equals(word))
                    .findFirst();
        }
    }
}
