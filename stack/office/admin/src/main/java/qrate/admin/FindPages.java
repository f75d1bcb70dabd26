package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.Optional;
import qrate.core.Slice;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;

/// Leads an administrator, who has an address or a domain in hand and not its place among thousands, to its page.
record FindPages(Domains domains) {
    private static final String PAGE = "/find";

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, r -> new Reply.Redirect(where(Paging.query(r))));
    }

    /// The page of what is called so, or the list with what is called much like it.
    private String where(String text) throws IOException {
        int at = text.lastIndexOf('@');
        Optional<EditableDirectory.Domain> domain = domains.domain(text.substring(at + 1));
        if (domain.isEmpty()) {
            return query("/domains", text.substring(at + 1));
        }
        if (at < 0) {
            return Pages.pathOf("domains", domain.get().name());
        }
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(text);
        if (mailbox.isPresent()) {
            return Pages.pathOf("mailboxes", mailbox.get().address());
        }
        String real = domains.real(domain.get().name());
        String local = text.substring(0, at);
        // in a line of an alias a space follows the name
        boolean alias =
                !domains.aliases(real, new Slice(local + " ", "", "", 1)).rows().isEmpty();
        return query(DomainTabs.link(real, alias ? "aliases" : DomainTabs.MAILBOXES), local);
    }

    private static String query(String path, String text) {
        return path + "?" + Paging.QUERY + "=" + URLEncoder.encode(text, UTF_8);
    }
}
