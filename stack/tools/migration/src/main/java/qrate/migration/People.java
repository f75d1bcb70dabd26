package qrate.migration;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.EditableDirectory.Alias;
import qrate.directory.EditableDirectory.Domain;
import qrate.directory.EditableDirectory.Limits;
import qrate.directory.EditableDirectory.Mailbox;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.directory.Settings;
import qrate.directory.Words;
import qrate.vpopmail.VpasswdLine;

/// Domains, mailboxes and aliases into the directory, each once: one that was taken before is as its administrator
/// wants it, or wanted it gone.
///
/// A mailbox is made in two changes, so it is noted as begun before and as done after.
record People(Take take, EditableDirectory directory, SecureRandom random) {
    private static final String BEGUN = "begun";
    private static final String DONE = "done";
    private static final String POSTMASTER = "postmaster";

    /// What became of something.
    enum Fate {
        /// it is new here
        MADE,
        /// it was here
        THERE,
        /// it cannot be, or was removed here since
        NOT
    }

    /// A domain and its postmaster.
    Fate domain(String name, Map<String, VpasswdLine> users) throws IOException {
        String key = "domain " + name;
        Optional<Domain> here = directory.domain(name);
        boolean done = take.notes().get(key).equals(Optional.of(DONE));
        if (here.isPresent() && !here.get().aliasOf().isEmpty()) {
            take.report()
                    .conflict(
                            "domain " + name,
                            "here it is another name of " + here.get().aliasOf());
            return Fate.NOT;
        }
        if (here.isEmpty() && done) {
            take.report().note("domain " + name + ": removed here since, stays so");
            return Fate.NOT;
        }
        if (here.isEmpty()) {
            VpasswdLine postmaster = users.get(POSTMASTER);
            take.notes().put(Map.of(key, BEGUN, "mailbox " + POSTMASTER + "@" + name, BEGUN));
            Password password = postmaster == null ? Password.random(random, 20) : password(postmaster, name);
            if (postmaster == null) {
                take.report().note("domain " + name + ": there was no postmaster; one is made: vpasswd lets him in");
            }
            take.target().steps().at(key);
            Change change = directory.apply(new Edit.AddDomain(name, password));
            take.target().steps().at(key);
            if (change instanceof Change.Refused refused) {
                take.report().leftOut("domain " + name, Words.english().of(refused));
                return Fate.NOT;
            }
        }
        if (!done) {
            take.notes().put(key, DONE);
        }
        return here.isEmpty() ? Fate.MADE : Fate.THERE;
    }

    /// The hash as it is; one that nobody can check here is replaced by a password that nobody knows.
    private Password password(VpasswdLine user, String domain) {
        Password.Hashed hashed = new Password.Hashed(user.hash());
        Optional<Refusal> problem = hashed.problem(Settings.BCRYPT_COST);
        if (problem.isEmpty()) {
            return hashed;
        }
        take.report()
                .leftOut(
                        user.name() + "@" + domain,
                        "its password's hash is not taken: vpasswd sets a new one. "
                                + Words.english().of(problem.get()));
        return Password.random(random, 20);
    }

    /// One mailbox with its quota and flags.
    Fate mailbox(VpasswdLine user, String domain) throws IOException {
        String address = user.name() + "@" + domain;
        String key = "mailbox " + address;
        Optional<String> state = take.notes().get(key);
        Optional<Mailbox> here = directory.mailbox(address);
        if (state.equals(Optional.of(DONE))) {
            if (here.isEmpty()) {
                take.report().note(address + ": removed here since, stays so");
            }
            return here.isEmpty() ? Fate.NOT : Fate.THERE;
        }
        if (here.isPresent() && state.isEmpty()) {
            take.report().note(address + ": is here already: password, quota and flags stay, its mail is added");
            take.notes().put(key, DONE);
            return Fate.THERE;
        }
        if (here.isEmpty()) {
            if (state.isEmpty()) {
                take.notes().put(key, BEGUN);
            }
            Password password = password(user, domain);
            take.target().steps().at(key);
            Change change = directory.apply(new Edit.AddMailbox(address, password));
            take.target().steps().at(key);
            if (change instanceof Change.Refused refused) {
                take.report().leftOut(address, Words.english().of(refused));
                return Fate.NOT;
            }
        }
        settings(user, address);
        take.notes().put(key, DONE);
        return Fate.MADE;
    }

    private void settings(VpasswdLine user, String address) throws IOException {
        Optional<Quota> quota = Quota.parse(user.quota());
        if (quota.isEmpty()) {
            take.report().leftOut(address, "no quota: " + user.quota());
        }
        if (user.refusesMail()) {
            take.report().leftOut(address, "it refused all mail; there is no such flag here: vdeluser, or an alias");
        }
        Change change = directory.apply(new Edit.Modify(address, user.values(quota.orElse(Quota.NONE))));
        take.target().steps().at("settings " + address);
        if (change instanceof Change.Refused refused) {
            take.report().leftOut(address, Words.english().of(refused));
        }
    }

    /// A second name of a domain.
    Fate aliasDomain(Edit.AddAliasDomain pair) throws IOException {
        String key = "alias-domain " + pair.alias();
        Optional<Domain> here = directory.domain(pair.alias());
        if (take.notes().has(key) || (here.isPresent() && here.get().aliasOf().equals(pair.domain()))) {
            return Fate.THERE;
        }
        return once(key, "domain " + pair.alias(), directory.apply(pair));
    }

    /// One target of an alias.
    Fate alias(Alias alias) throws IOException {
        String key = "alias " + alias.address() + " " + alias.target();
        return take.notes().has(key)
                ? Fate.THERE
                : once(key, alias.address() + " to " + alias.target(), directory.apply(new Edit.AddAlias(alias)));
    }

    /// Where everybody else's mail goes.
    Fate catchAll(String domain, String target) throws IOException {
        String key = "catch-all " + domain;
        String here = directory.domain(domain).map(Domain::catchAll).orElse("");
        if (take.notes().has(key) || here.equals(target)) {
            return Fate.THERE;
        }
        if (!here.isEmpty() && !take.options().replace()) {
            take.report().conflict("catch-all of " + domain, "is " + here + " here, was " + target);
            return Fate.NOT;
        }
        return once(key, key, directory.apply(new Edit.SetCatchAll(domain, target)));
    }

    /// How much a domain may have.
    Fate limits(String domain, Limits limits) throws IOException {
        String key = "limits " + domain;
        Limits here = directory.domain(domain).map(Domain::limits).orElse(Limits.NONE);
        if (take.notes().has(key) || here.equals(limits)) {
            return Fate.THERE;
        }
        if (!here.equals(Limits.NONE) && !take.options().replace()) {
            take.report().conflict("limits of " + domain, "are others here already, and stay");
            return Fate.NOT;
        }
        return once(key, key, directory.apply(new Edit.SetLimits(domain, limits)));
    }

    /// Mail for a mailbox goes to its copies only.
    Fate forwardOnly(String address) throws IOException {
        String key = "forward-only " + address;
        Optional<Mailbox> here = directory.mailbox(address);
        if (take.notes().has(key) || here.isEmpty() || !here.get().is(Property.KEEP)) {
            return Fate.THERE;
        }
        return once(key, address, directory.apply(new Edit.Modify(address, Map.of(Property.KEEP, false))));
    }

    /// Notes that a thing which one change makes is made, or why it is not.
    private Fate once(String key, String where, Change change) throws IOException {
        take.target().steps().at(key);
        return switch (change) {
            case Change.Done _ -> {
                take.notes().put(key, DONE);
                yield Fate.MADE;
            }
            case Change.Refused refused -> {
                if (refused.reason() == Change.Reason.EXISTS && key.startsWith("alias ")) {
                    take.notes().put(key, DONE);
                    yield Fate.THERE;
                }
                take.report().leftOut(where, Words.english().of(refused));
                yield Fate.NOT;
            }
        };
    }
}
