package qrate.directory;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.checkpassword.Unfit;
import qrate.wordings.Phrase;

/// Why something is not done, as a value: {@link Words} has the words for it, where it is shown.
///
/// @param arguments names, numbers and the like, in the order in which texts count them
public record Refusal(Key key, List<String> arguments) {
    /// Keeps a copy of the arguments.
    public Refusal {
        arguments = List.copyOf(arguments);
    }

    /// What kind of thing is in the way.
    public Change.Reason reason() {
        return key.reason;
    }

    /// One with arguments.
    public static Refusal of(Key key, Object... arguments) {
        return new Refusal(key, Arrays.stream(arguments).map(String::valueOf).toList());
    }

    /// A password or a hash that can be none.
    static Refusal of(Unfit unfit) {
        Key key = switch (unfit.why()) {
            case PASSWORD_NO_TEXT -> Key.PASSWORD_NO_TEXT;
            case PASSWORD_SHORT -> Key.PASSWORD_SHORT;
            case PASSWORD_SIMPLE -> Key.PASSWORD_SIMPLE;
            case PASSWORD_LONG -> Key.PASSWORD_LONG;
            case HASH_COST -> Key.HASH_COST;
            case HASH_ROUNDS -> Key.HASH_ROUNDS;
            case HASH_KIND -> Key.HASH_KIND;
        };
        return of(key, unfit.numbers().toArray());
    }

    /// A text that cannot stand where it is to stand; empty where it can.
    public static Optional<Refusal> of(Phrase wording, String text) {
        return wording.problem(text).map(problem -> switch (problem) {
            case Phrase.Problem.TooLong(int most) -> of(Key.TEXT_LONG, most);
            case Phrase.Problem.NoText _ -> of(Key.TEXT_LETTERS);
            case Phrase.Problem.NotOneLine _ -> of(Key.TEXT_ONE_LINE);
            case Phrase.Problem.NotOneParagraph _ -> of(Key.TEXT_PARAGRAPH);
            case Phrase.Problem.Unknown(String placeholder, String known) ->
                of(Key.TEXT_PLACEHOLDER, placeholder, known);
        });
    }

    /// In the words of somebody else, which are all that is known of it.
    static Refusal said(Change.Reason reason, String why) {
        return of(
                switch (reason) {
                    case INVALID -> Key.SAID_INVALID;
                    case EXISTS -> Key.SAID_EXISTS;
                    case MISSING -> Key.SAID_MISSING;
                    case LIMIT -> Key.SAID_LIMIT;
                    case MORE -> Key.SAID_MORE;
                    case CHANGED -> Key.SAID_CHANGED;
                },
                why);
    }

    /// Each refusal there is; its text stands under {@link #word} in each file of {@link Words}.
    public enum Key {
        DOMAIN_NAME(Change.Reason.INVALID),
        DOMAIN_EXISTS(Change.Reason.EXISTS),
        DOMAIN_MISSING(Change.Reason.MISSING),
        DOMAIN_MISSING_NAMED(Change.Reason.MISSING),
        LIMITS_NEGATIVE(Change.Reason.INVALID),
        LIMITS_SYNTAX(Change.Reason.INVALID),
        ADDRESS(Change.Reason.INVALID),
        MAILBOX_NAME(Change.Reason.INVALID),
        MAILBOX_MISSING(Change.Reason.MISSING),
        DELETED_MISSING(Change.Reason.MISSING),
        MAILBOX_EXISTS(Change.Reason.EXISTS),
        MAILBOX_TAKEN(Change.Reason.EXISTS),
        MAILBOXES_FULL(Change.Reason.LIMIT),
        MAILBOXES_NONE(Change.Reason.INVALID),
        POSTMASTER_STAYS(Change.Reason.INVALID),
        QUOTA(Change.Reason.INVALID),
        DISPLAY_NAME(Change.Reason.INVALID),
        RECOVERY_ADDRESS(Change.Reason.INVALID),
        RECOVERY_INSIDE(Change.Reason.INVALID),
        RECOVERY_NONE(Change.Reason.EXISTS),
        LINKS_OFF(Change.Reason.EXISTS),
        LINKS_MANY(Change.Reason.LIMIT),
        RESET_KEY(Change.Reason.MISSING),
        TEXT_LONG(Change.Reason.INVALID),
        TEXT_LETTERS(Change.Reason.INVALID),
        TEXT_ONE_LINE(Change.Reason.INVALID),
        TEXT_PARAGRAPH(Change.Reason.INVALID),
        TEXT_PLACEHOLDER(Change.Reason.INVALID),
        TEXT_MISSING(Change.Reason.MISSING),
        TEXTS_FULL(Change.Reason.LIMIT),
        LANGUAGE_UNKNOWN(Change.Reason.INVALID),
        VACATION_SUBJECT(Change.Reason.INVALID),
        VACATION_TEXT(Change.Reason.INVALID),
        VACATION_DAYS(Change.Reason.INVALID),
        VACATION_TIMES(Change.Reason.INVALID),
        VACATION_ZONE(Change.Reason.INVALID),
        FORWARD_ADDRESS(Change.Reason.INVALID),
        FORWARD_MANY(Change.Reason.LIMIT),
        FORWARD_LOOP(Change.Reason.INVALID),
        APP_PASSWORD_LABEL(Change.Reason.INVALID),
        APP_PASSWORD_DOORS(Change.Reason.INVALID),
        APP_PASSWORD_MISSING(Change.Reason.MISSING),
        APP_PASSWORDS_FULL(Change.Reason.LIMIT),
        ALIAS_TO_ITSELF(Change.Reason.INVALID),
        ALIAS_EXISTS(Change.Reason.EXISTS),
        ALIAS_MISSING(Change.Reason.MISSING),
        ALIASES_FULL(Change.Reason.LIMIT),
        IMPORTED(Change.Reason.EXISTS),
        ADMINISTRATOR_NAME(Change.Reason.INVALID),
        ADMINISTRATOR_EXISTS(Change.Reason.EXISTS),
        ADMINISTRATOR_MISSING(Change.Reason.MISSING),
        ADMINISTRATOR_LAST(Change.Reason.LIMIT),
        SECOND_FACTOR_MISSING(Change.Reason.MISSING),
        SECOND_FACTOR_OWN(Change.Reason.INVALID),
        PASSKEY_LABEL(Change.Reason.INVALID),
        PASSKEY_EXISTS(Change.Reason.EXISTS),
        PASSKEY_MISSING(Change.Reason.MISSING),
        PASSKEYS_FULL(Change.Reason.LIMIT),
        TOKEN_MISSING(Change.Reason.MISSING),
        TOKENS_FULL(Change.Reason.LIMIT),
        SESSION_MISSING(Change.Reason.MISSING),
        HASH_CURRENT(Change.Reason.INVALID),
        PASSWORD_CHANGED(Change.Reason.MISSING),
        PASSWORD_NO_TEXT(Change.Reason.INVALID),
        PASSWORD_SHORT(Change.Reason.INVALID),
        PASSWORD_SIMPLE(Change.Reason.INVALID),
        PASSWORD_LONG(Change.Reason.INVALID),
        HASH_COST(Change.Reason.INVALID),
        HASH_ROUNDS(Change.Reason.INVALID),
        HASH_KIND(Change.Reason.INVALID),
        COMMAND_ONE_OF(Change.Reason.INVALID),
        COMMAND_DOMAIN_ONLY(Change.Reason.INVALID),
        COMMAND_DOMAIN_PASSWORD(Change.Reason.INVALID),
        COMMAND_NOBODY(Change.Reason.INVALID),
        COMMAND_SAME_DOMAIN(Change.Reason.INVALID),
        COMMAND_FORWARD(Change.Reason.INVALID),
        COMMAND_TEXT(Change.Reason.INVALID),
        COMMAND_FILE_ALONE(Change.Reason.INVALID),
        COMMAND_ADDRESS_OR_FILE(Change.Reason.INVALID),
        COMMAND_TWO_PASSWORDS(Change.Reason.INVALID),
        COMMAND_ADDRESS_OR_DOMAIN(Change.Reason.INVALID),
        COMMAND_WHICH_ADMINISTRATOR(Change.Reason.INVALID),
        COMMAND_NO_ADMINISTRATOR(Change.Reason.MISSING),
        COMMAND_ADD_OR_REMOVE(Change.Reason.INVALID),
        COMMAND_NAME_ALONE(Change.Reason.INVALID),
        COMMAND_ADDS(Change.Reason.INVALID),
        COMMAND_ID_ALONE(Change.Reason.INVALID),
        COMMAND_NUMBER(Change.Reason.INVALID),
        COMMAND_FROM_TO(Change.Reason.INVALID),
        CONVERT_NO_USER(Change.Reason.INVALID),
        CONVERT_FAILED(Change.Reason.INVALID),
        CONVERT_NOT_YET(Change.Reason.MISSING),
        BULK_FAILED(Change.Reason.INVALID),
        MORE_BY_COMMAND(Change.Reason.MORE),
        MORE_NOT_AGREED(Change.Reason.MORE),
        MORE_BY_REST(Change.Reason.MORE),
        CHANGED_SINCE(Change.Reason.CHANGED),
        REST_TRUE_OR_FALSE(Change.Reason.INVALID),
        REST_OTHER_DOMAIN(Change.Reason.INVALID),
        REST_OTHER_ADDRESS(Change.Reason.INVALID),
        REST_OWN_HASH(Change.Reason.INVALID),
        REST_MESSAGE_NUMBER(Change.Reason.INVALID),
        MESSAGE_MISSING(Change.Reason.MISSING),
        SENDER_MISSING(Change.Reason.MISSING),
        LIST_MISSING(Change.Reason.MISSING),
        LIST_DOMAIN_MISSING(Change.Reason.MISSING),
        LIST_DOMAIN_MISSING_NAMED(Change.Reason.MISSING),
        LIST_NAME(Change.Reason.INVALID),
        LIST_TAKEN(Change.Reason.INVALID),
        LIST_OWNER(Change.Reason.INVALID),
        LIST_PREFIX(Change.Reason.INVALID),
        LIST_ADDRESS(Change.Reason.INVALID),
        CONTROL_MISSING(Change.Reason.MISSING),
        CONTROL_NO_TEXT(Change.Reason.MISSING),
        CONTROL_ELSEWHERE(Change.Reason.INVALID),
        CONTROL_RUNS(Change.Reason.INVALID),
        CONTROL_ONE_VALUE(Change.Reason.INVALID),
        CONTROL_LETTERS(Change.Reason.INVALID),
        CONTROL_EMPTY_LINE(Change.Reason.INVALID),
        CONTROL_LINE(Change.Reason.INVALID),
        CONTROL_SECRET_LINE(Change.Reason.INVALID),
        CONTROL_RULES(Change.Reason.INVALID),
        CONTROL_HOST(Change.Reason.INVALID),
        CONTROL_LOCAL_DOMAIN(Change.Reason.INVALID),
        CONTROL_OWN_LINE(Change.Reason.INVALID),
        CONTROL_STAYS(Change.Reason.INVALID),
        CONTROL_LARGE(Change.Reason.LIMIT),
        SAID_INVALID(Change.Reason.INVALID),
        SAID_EXISTS(Change.Reason.EXISTS),
        SAID_MISSING(Change.Reason.MISSING),
        SAID_LIMIT(Change.Reason.LIMIT),
        SAID_MORE(Change.Reason.MORE),
        SAID_CHANGED(Change.Reason.CHANGED);

        private final Change.Reason reason;

        Key(Change.Reason reason) {
            this.reason = reason;
        }

        /// As texts and the REST API spell it: `mailbox-exists`.
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
