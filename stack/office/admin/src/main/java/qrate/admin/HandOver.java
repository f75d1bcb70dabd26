package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.language.Language;
import qrate.wordings.Phrase;
import qrate.wordings.Placeholder;
import qrate.wordings.Wordings;

/// Passwords that are made here, and the sheet that whoever gets a mailbox is handed: a password stands on it this
/// once.
final class HandOver {
    private final Domains domains;
    private final Sessions sessions;
    private final Control control;
    private final RandomPassword passwords = new RandomPassword(new SecureRandom());

    HandOver(Domains domains, Sessions sessions, Control control) {
        this.domains = domains;
        this.sessions = sessions;
        this.control = control;
    }

    /// Another one.
    String password() {
        return passwords.next();
    }

    /// The sheet, in what the owner reads as far as that is known; the password is nowhere else.
    ///
    /// @param made whether the mailbox is new, so that its owner is greeted
    Reply page(Request request, Said title, String named, String password, boolean made) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(named);
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = PageLayout.of(title, request, sessions.csrf(request.session()), Said.NOTHING);
        String address = mailbox.get().address();
        String domain = address.substring(address.lastIndexOf('@') + 1);
        OwnWords words = OwnWords.of(domains, domain);
        Language language =
                Language.spelled(mailbox.get().language()).orElseGet(() -> words.spoken(request.language()));
        String text = made
                ? Wordings.filled(
                        words.text(Phrase.MAILBOX_SHEET, language),
                        Phrase.MAILBOX_SHEET,
                        Map.of(Placeholder.ADDRESS, address))
                : "";
        String host = control.line("me").orElse("");
        Sheet sheet = new Sheet(language, mailbox.get().name(), address, password, host, text);
        return new Reply.Page(200, frame, Reply.PAGES.handover(frame, domain, sheet));
    }
}
