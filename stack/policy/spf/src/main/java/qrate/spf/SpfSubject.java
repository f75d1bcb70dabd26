package qrate.spf;

import java.util.Locale;
import qrate.core.DomainName;

/// What a check was about.
///
/// @param client who sends
/// @param identity whose word it gave
/// @param sender the address that stands for that identity, its domain in A-labels
/// @param domain the domain asked, lower case, in A-labels, without the final dot; empty when there is none
public record SpfSubject(SpfClient client, Identity identity, String sender, String domain) {
    private static final String NOBODY = "postmaster";

    /// What a client says of itself that a domain can vouch for.
    public enum Identity {
        /// the reverse-path, or the postmaster of the HELO name when it is empty (RFC 7208 §2.4)
        MAIL_FROM,
        /// the HELO name (RFC 7208 §2.3)
        HELO;

        /// As Received-SPF has it: `mailfrom`, `helo` (RFC 7208 §9.1).
        public String word() {
            return name().replace("_", "").toLowerCase(Locale.ROOT);
        }

        /// As Authentication-Results has it: `smtp.mailfrom`, `smtp.helo` (RFC 8601 §2.7.2).
        public String property() {
            return "smtp." + word();
        }
    }

    static SpfSubject mailFrom(SpfClient client, String reversePath) {
        return reversePath.isEmpty()
                ? of(client, Identity.MAIL_FROM, NOBODY, client.helo())
                : mailFrom(client, reversePath, reversePath.lastIndexOf('@'));
    }

    private static SpfSubject mailFrom(SpfClient client, String path, int at) {
        String local = path.substring(0, Math.max(at, 0));
        return of(client, Identity.MAIL_FROM, local.isEmpty() ? NOBODY : local, at < 0 ? "" : path.substring(at + 1));
    }

    static SpfSubject helo(SpfClient client) {
        return of(client, Identity.HELO, NOBODY, client.helo());
    }

    private static SpfSubject of(SpfClient client, Identity identity, String local, String host) {
        String ascii = DomainName.ascii(host);
        String domain = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        return new SpfSubject(client, identity, local + "@" + domain, domain);
    }

    /// What stands behind {@link Identity#property}: the address, or the HELO name.
    public String value() {
        return identity == Identity.HELO ? domain : sender;
    }

    /// The sender without its domain.
    String local() {
        return sender.substring(0, sender.length() - domain.length() - 1);
    }
}
