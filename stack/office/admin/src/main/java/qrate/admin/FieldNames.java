package qrate.admin;

import qrate.directory.Property;
import qrate.directory.Refusal;

/// Which field of a form a refusal is about, as forms call it. A form without such a field says it at its head alone.
final class FieldNames {
    /// Of an address, where it is not said which: no form calls a field so.
    static final String ADDRESS = "an address";

    private FieldNames() {}

    /// The name of the field, or empty where it is about none, or about something else in each form.
    static String of(Refusal.Key key) {
        return switch (key) {
            case MAILBOX_NAME, MAILBOX_EXISTS, MAILBOX_TAKEN, MAILBOXES_FULL, ALIAS_EXISTS -> "local";
            case ADDRESS -> ADDRESS;
            case ALIAS_TO_ITSELF -> "target";
            case QUOTA -> "quota";
            case DISPLAY_NAME -> Property.NAME.word();
            case RECOVERY_ADDRESS, RECOVERY_INSIDE -> Property.RECOVERY.word();
            case PASSWORD_NO_TEXT, PASSWORD_SHORT, PASSWORD_SIMPLE, PASSWORD_LONG -> "password";
            case DOMAIN_NAME, DOMAIN_EXISTS, ADMINISTRATOR_NAME, ADMINISTRATOR_EXISTS, LIST_NAME, LIST_TAKEN -> "name";
            case LIST_OWNER -> "owner";
            case LIST_PREFIX -> "prefix";
            case LIST_ADDRESS -> "addresses";
            case TEXT_LONG, TEXT_LETTERS, TEXT_ONE_LINE, TEXT_PARAGRAPH, TEXT_PLACEHOLDER, VACATION_TEXT -> "text";
            case VACATION_SUBJECT -> "subject";
            case VACATION_DAYS -> "days";
            case VACATION_TIMES -> "until";
            case VACATION_ZONE -> "zone";
            case FORWARD_ADDRESS, FORWARD_MANY, FORWARD_LOOP -> "to";
            case APP_PASSWORD_LABEL, PASSKEY_LABEL -> "label";
            default -> "";
        };
    }
}
