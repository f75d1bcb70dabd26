package qrate.refusals;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The large providers, known by marks that only their replies have, and by the domains of their users.
public enum MailProvider {
    GMAIL("Gmail", List.of("gsmtp", "support.google.com"), Set.of("gmail.com", "googlemail.com")),
    MICROSOFT(
            "Microsoft",
            List.of(
                    "outlook.com",
                    "mail.live.com",
                    "postmaster.live.com",
                    "aka.ms",
                    "delist@microsoft.com",
                    "sender.office.com",
                    "(s3140)",
                    "(s3150)",
                    "(s77",
                    "rp-00",
                    "sc-00",
                    "dy-00",
                    "ou-00"),
            Set.of(
                    "outlook.com",
                    "hotmail.com",
                    "live.com",
                    "msn.com",
                    "hotmail.co.uk",
                    "hotmail.fr",
                    "hotmail.de",
                    "outlook.de",
                    "outlook.fr",
                    "live.co.uk",
                    "live.fr",
                    "live.de")),
    YAHOO(
            "Yahoo",
            List.of(
                    "yahooinc.com",
                    "postmaster.yahoo.com",
                    "help.yahoo.com",
                    "mail.yahoo.com",
                    "a yahoo.com account",
                    "[ts0",
                    "[tss0",
                    "[bl2",
                    "[ph0"),
            Set.of(
                    "yahoo.com",
                    "aol.com",
                    "ymail.com",
                    "rocketmail.com",
                    "verizon.net",
                    "yahoo.co.uk",
                    "yahoo.fr",
                    "yahoo.de",
                    "yahoo.ca",
                    "yahoo.co.in",
                    "yahoo.it",
                    "yahoo.es")),
    APPLE("Apple", List.of("support.apple.com", "icloud", "[cs0", "[hm0"), Set.of("icloud.com", "me.com", "mac.com")),
    /// Anybody else.
    OTHER("", List.of(), Set.of());

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // List.of never changes
    private final List<String> marks;

    @SuppressWarnings("ImmutableEnumChecker") // nor does Set.of
    private final Set<String> domains;

    MailProvider(String title, List<String> marks, Set<String> domains) {
        this.title = title;
        this.marks = marks;
        this.domains = domains;
    }

    /// `Gmail`; empty for {@link #OTHER}.
    public String title() {
        return title;
    }

    /// Whose users a domain's are: a short list of the best known, which no stranger can get onto.
    ///
    /// @param domain in any case
    public static MailProvider ofDomain(String domain) {
        String lower = domain.toLowerCase(Locale.ROOT);
        for (MailProvider provider : values()) {
            if (provider.domains.contains(lower)) {
                return provider;
            }
        }
        return OTHER;
    }

    /// Whose reply it is.
    ///
    /// @param words as {@link RemoteReply#words()}
    static MailProvider of(String words) {
        for (MailProvider provider : values()) {
            if (provider.marks.stream().anyMatch(words::contains)) {
                return provider;
            }
        }
        return OTHER;
    }
}
