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
import qrate.directory.AppPasswords;
import qrate.directory.Change;
import qrate.directory.DomainTexts;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Loss;
import qrate.directory.MailDay;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.directory.Staff;
import qrate.snapshots.Directory;
import qrate.snapshots.Vacation;

/// The directory for a dry run: what the snapshots say, and what would have been changed so far, which is forgotten.
final class DryDirectory implements EditableDirectory {
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
        return Change.refuse(Refusal.Key.IMPORTED);
    }

    @Override
    public Change apply(Edit edit) throws IOException {
        return switch (edit) {
            case Edit.AddDomain(String domain, Password _) -> {
                if (domain(domain).isPresent()) {
                    yield exists();
                }
                mailboxes.put("postmaster@" + domain, box("postmaster@" + domain));
                yield is(new Domain(domain, "", "", 1, Limits.NONE));
            }
            case Edit.AddAliasDomain(String domain, String alias) ->
                domain(alias).isPresent() ? exists() : is(new Domain(alias, domain, "", 0, Limits.NONE));
            case Edit.SetCatchAll(String domain, String target) -> is(new Domain(domain, "", target, 0, Limits.NONE));
            case Edit.SetLimits(String domain, Limits limits) ->
                is(new Domain(domain, "", domain(domain).map(Domain::catchAll).orElse(""), 0, limits));
            case Edit.AddMailbox(String address, Password _) ->
                mailbox(address).isPresent() ? exists() : is(box(address));
            case Edit.Modify(String address, Map<Property, Object> values) ->
                is(mailbox(address).orElse(box(address)).with(values));
            case Edit.AddAlias(Alias line) -> add(line);
            case Edit.DeleteDomain _,
                    Edit.DeleteMailbox _,
                    Edit.RestoreMailbox _,
                    Edit.ForgetMailbox _,
                    Edit.SetPassword _,
                    Edit.RenewHash _,
                    Edit.ResetPassword _,
                    Edit.SetText _,
                    Edit.SetLanguage _,
                    Edit.SetVacation _,
                    Edit.SetForward _,
                    Edit.AddAppPassword _,
                    Edit.EndAppPassword _,
                    Edit.DeleteAlias _,
                    Edit.SetList _,
                    Edit.AddToList _,
                    Edit.TakeFromList _,
                    Edit.RemoveList _,
                    Edit.SetControl _,
                    Edit.RemoveControl _,
                    Edit.AddAdministrator _,
                    Edit.SetAdministratorPassword _,
                    Edit.SetAdministratorRecovery _,
                    Edit.RemoveAdministrator _,
                    Edit.SetSecondFactor _,
                    Edit.RemoveSecondFactor _,
                    Edit.SetRecoveryCodes _,
                    Edit.AddPasskey _,
                    Edit.RemovePasskey _,
                    Edit.EndToken _,
                    Edit.EndTokens _,
                    Edit.EndSession _,
                    Edit.EndSessions _ -> throw never();
        };
    }

    private Change is(Domain domain) {
        domains.put(domain.name(), domain);
        return DONE;
    }

    private Change is(Mailbox mailbox) {
        mailboxes.put(mailbox.address(), mailbox);
        return DONE;
    }

    private static Mailbox box(String address) {
        return new Mailbox(address, Map.of());
    }

    private Change add(Alias alias) throws IOException {
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
                        address,
                        Map.of(
                                Property.QUOTA,
                                new Quota(box.quotaBytes(), box.quotaMessages()),
                                Property.KEEP,
                                box.keep())))
                : Optional.empty();
    }

    @Override
    public Vacation vacation(String address) {
        throw never();
    }

    @Override
    public DomainTexts texts(String domain) {
        throw never();
    }

    @Override
    public Forwarding forward(String address) {
        throw never();
    }

    @Override
    public List<AppPasswords.Listed> appPasswords(String address) {
        throw never();
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
    public List<MailDay> mailDays(String domain) {
        return List.of();
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
    public List<Loss> losses(String name) {
        throw never();
    }

    @Override
    public List<Change> addMailboxes(List<Edit.AddMailbox> edits) {
        throw never();
    }

    @Override
    public Staff staff() {
        throw never();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
