package qrate.admin;

import java.util.List;

/// The pages of a domain.
final class DomainTabs {
    static final String MAILBOXES = "mailboxes";

    /// By their words, in order; each but the first is the end of a path.
    static final List<String> ALL = List.of(
            MAILBOXES, "aliases", "lists", "quarantine", "trace", "dns", "reports", "texts", "statistics", "settings");

    private DomainTabs() {}

    /// Where one leads.
    static String link(String domain, String tab) {
        String path = Pages.pathOf("domains", domain);
        return tab.equals(MAILBOXES) ? path : path + "/" + tab;
    }
}
