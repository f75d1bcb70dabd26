package qrate.migration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Address;
import qrate.directory.Directory;
import qrate.vpopmail.Change;
import qrate.vpopmail.Password;
import qrate.vpopmail.Quota;
import qrate.vpopmail.Staff;
import qrate.vpopmail.Vpopmail;

/// The directory for a dry run: what the snapshots say, and what would have been changed so far, which is forgotten.
final class DryDirectory implements Vpopmail {
    /// Nobody's name: a catch-all gets its mail.
    private static final String NOBODY = "qrate-import-nobody";

    private static final Change DONE = new Change.Done();

    private final Directory snapshots;
    private final Map<String, Domain> domains = new HashMap<>();
    private final Map<String, Mailbox> mailboxes = new HashMap<>();
    private final Set<Alias> aliases = new HashSet<>();

    DryDirectory(Directory snapshots) {
        this.snapshots = snapshots;
    }

    private static Change exists() {
        return Change.refuse(Change.Reason.EXISTS, "it is there");
    }

    @Override
    public Change addDomain(String domain, Password postmaster) throws IOException {
        if (domain(domain).isPresent()) {
            return exists();
        }
        domains.put(domain, new Domain(domain, "", "", 1, Limits.NONE));
        mailboxes.put("postmaster@" + domain, box("postmaster@" + domain));
        return DONE;
    }

    private static Mailbox box(String address) {
        return new Mailbox(address, Quota.NONE, true, true, false, true);
    }

    @Override
    public Change addAliasDomain(AliasDomain alias) throws IOException {
        if (domain(alias.alias()).isPresent()) {
            return exists();
        }
        domains.put(alias.alias(), new Domain(alias.alias(), alias.domain(), "", 0, Limits.NONE));
        return DONE;
    }

    @Override
    public Change setCatchAll(String domain, String target) {
        domains.put(domain, new Domain(domain, "", target, 0, Limits.NONE));
        return DONE;
    }

    @Override
    public Change addMailbox(String address, Password password) throws IOException {
        if (mailbox(address).isPresent()) {
            return exists();
        }
        mailboxes.put(address, box(address));
        return DONE;
    }

    @Override
    public Change modify(Mailbox mailbox) {
        mailboxes.put(mailbox.address(), mailbox);
        return DONE;
    }

    @Override
    public Change addAlias(Alias alias) throws IOException {
        Directory.Route route = snapshots.route(Address.of(alias.address()));
        boolean there = switch (route) {
            case Directory.Route.Forward(List<String> to) -> to.contains(alias.target());
            case Directory.Route.Mailbox box ->
                box.address().equals(alias.address()) && box.copies().contains(alias.target());
            case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ -> false;
        };
        return there || !aliases.add(alias) ? exists() : DONE;
    }

    @Override
    public Optional<Domain> domain(String domain) throws IOException {
        if (domains.containsKey(domain)) {
            return Optional.of(domains.get(domain));
        }
        return switch (snapshots.route(new Address("postmaster", domain))) {
            case Directory.Route.NotOurs _ -> Optional.empty();
            case Directory.Route.Mailbox box
            when !box.address().endsWith("@" + domain) ->
                Optional.of(new Domain(domain, Address.of(box.address()).domain(), "", 0, Limits.NONE));
            default -> Optional.of(new Domain(domain, "", catchAll(domain), 0, Limits.NONE));
        };
    }

    private String catchAll(String domain) throws IOException {
        return switch (snapshots.route(new Address(NOBODY, domain))) {
            case Directory.Route.Forward(List<String> to) -> to.getFirst();
            case Directory.Route.Mailbox box -> box.address();
            case Directory.Route.NoSuchUser _, Directory.Route.NotOurs _ -> "";
        };
    }

    @Override
    public Optional<Mailbox> mailbox(String address) throws IOException {
        if (mailboxes.containsKey(address)) {
            return Optional.of(mailboxes.get(address));
        }
        return snapshots.route(Address.of(address)) instanceof Directory.Route.Mailbox box
                        && box.address().equals(address)
                ? Optional.of(new Mailbox(
                        address, new Quota(box.quotaBytes(), box.quotaMessages()), true, true, false, box.keep()))
                : Optional.empty();
    }

    @Override
    public List<Domain> domains() {
        return new ArrayList<>(domains.values());
    }

    @Override
    public List<Mailbox> mailboxes(String domain) {
        return mailboxes.values().stream()
                .filter(box -> box.address().endsWith("@" + domain))
                .toList();
    }

    @Override
    public List<Alias> aliases(String domain) {
        return aliases.stream()
                .filter(alias -> alias.address().endsWith("@" + domain))
                .toList();
    }

    private static UnsupportedOperationException never() {
        return new UnsupportedOperationException("an import only adds");
    }

    @Override
    public Change deleteDomain(String domain) {
        throw never();
    }

    @Override
    public Change setLimits(String domain, Limits limits) throws IOException {
        String catchAll = domain(domain).map(Domain::catchAll).orElse("");
        domains.put(domain, new Domain(domain, "", catchAll, 0, limits));
        return DONE;
    }

    @Override
    public Change deleteMailbox(String address) {
        throw never();
    }

    @Override
    public Change setPassword(String address, Password password, boolean keepTokens) {
        throw never();
    }

    @Override
    public List<String> losses(String name) {
        throw never();
    }

    @Override
    public List<Change> addMailboxes(List<NewMailbox> wanted) {
        throw never();
    }

    @Override
    public Staff staff() {
        throw never();
    }

    @Override
    public Change deleteAlias(Alias alias) {
        throw never();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
