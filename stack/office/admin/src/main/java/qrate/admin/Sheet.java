package qrate.admin;

import qrate.language.Language;

/// What whoever gets a mailbox is handed, in the language that he reads.
///
/// @param name of whoever gets it, or empty
/// @param host that mail programs speak to, or empty
/// @param text what his domain says below it
record Sheet(Language language, String name, String address, String password, String host, String text) {
    String say(String key) {
        return Texts.in(language).say(key);
    }
}
