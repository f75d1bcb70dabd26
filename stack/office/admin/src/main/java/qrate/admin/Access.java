package qrate.admin;

import java.util.Map;
import java.util.Optional;
import qrate.core.Address;
import qrate.directory.Principal;
import qrate.snapshots.Names;

/// Who may use a route.
enum Access {
    /// everybody
    OPEN,
    /// whoever has signed in
    SIGNED_IN,
    /// the owner of the mailbox in the path, and whoever may administer its domain
    MAILBOX,
    /// administrators, and postmasters of the domain in the path
    DOMAIN,
    /// administrators
    ADMIN;

    /// Whether somebody may.
    ///
    /// @param path what stands in the path for `{domain}` and `{address}`
    boolean allows(Optional<Principal> who, Map<String, String> path) {
        if (this == OPEN) {
            return true;
        }
        if (who.isEmpty()) {
            return false;
        }
        return switch (who.get()) {
            case Principal.Administrator _ -> true;
            case Principal.Postmaster p ->
                switch (this) {
                    case OPEN, SIGNED_IN -> true;
                    case MAILBOX, DOMAIN -> p.domain().equals(domain(path));
                    case ADMIN -> false;
                };
            case Principal.Owner o ->
                switch (this) {
                    case OPEN, SIGNED_IN -> true;
                    case MAILBOX -> o.name().equals(mailbox(path));
                    case DOMAIN, ADMIN -> false;
                };
        };
    }

    /// Whether an address is below a domain, in whatever spelling.
    static boolean sameDomain(String domain, Address address) {
        Optional<String> name = Names.domain(domain);
        return name.isPresent() && name.equals(Names.domain(address.domain()));
    }

    private static String domain(Map<String, String> path) {
        String text = path.containsKey("address")
                ? Address.of(path.get("address")).domain()
                : path.getOrDefault("domain", "");
        return Names.domain(text).orElse("");
    }

    private static String mailbox(Map<String, String> path) {
        String local = Address.of(path.getOrDefault("address", "")).local();
        return Names.local(local).orElse("") + "@" + domain(path);
    }
}
