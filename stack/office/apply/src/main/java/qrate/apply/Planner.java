package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import qrate.checkpassword.Hashes;
import qrate.core.State;
import qrate.directory.ControlFolder;
import qrate.directory.DomainTexts;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Staff;
import qrate.directory.Tokens;
import qrate.directory.Words;
import qrate.language.Language;
import qrate.snapshots.Directory;
import qrate.wordings.Phrase;

/// Compares what is there with what the file says.
///
/// @param snapshots where the hashes of passwords are
/// @param prune whether what is not named goes
record Planner(State state, EditableDirectory directory, Directory snapshots, int cost, boolean prune) {
    /// The domain of whose texts count where a domain says nothing.
    static final String SYSTEM = "";

    /// What is to be done, in the order in which it can be.
    ///
    /// @throws BadFile when the file contradicts what is there
    List<PlannedChange> plan(Declared wanted) throws IOException, BadFile {
        Map<String, EditableDirectory.Domain> there = directory.domains().stream()
                .collect(Collectors.toMap(EditableDirectory.Domain::name, Function.identity()));
        Set<String> names = new TreeSet<>(wanted.domains().all().keySet());
        for (Map.Entry<String, Declared.Domain> one : wanted.domains().all().entrySet()) {
            for (String alias : one.getValue().aliasDomains().all().keySet()) {
                if (!names.add(alias)) {
                    throw new BadFile("domains." + one.getKey() + ".alias_domains: " + alias + " stands there twice");
                }
            }
        }
        Controls controls = new Controls(new ControlFolder(state.control()), directory);
        List<PlannedChange> steps = new ArrayList<>(controls.plan(wanted.control(), names, prune));
        administrators(steps, wanted.administrators());
        words(steps, SYSTEM, true, wanted.words());
        if (prune && wanted.domains().said()) {
            removeDomains(steps, there, wanted.domains().all());
        }
        Domain domain = new Domain(this, new Lister(state.maildirs(), directory), there);
        for (Map.Entry<String, Declared.Domain> one : wanted.domains().all().entrySet()) {
            domain.plan(steps, one.getKey(), one.getValue());
        }
        return steps;
    }

    /// What people of a domain are written, or of this system.
    ///
    /// @param there whether it is there already
    void words(List<PlannedChange> steps, String domain, boolean there, Declared.Words wanted) throws IOException {
        DomainTexts before = there ? directory.texts(domain) : DomainTexts.NONE;
        String language = wanted.language().orElse(before.language());
        if (!language.equals(before.language())) {
            steps.add(PlannedChange.of(
                    directory, new Edit.SetLanguage(domain, language), before.language() + " -> " + language));
        }
        List<Edit> edits = new ArrayList<>();
        wanted.texts().all().forEach((name, texts) -> {
            Phrase wording = Phrase.of(name).orElseThrow();
            texts.forEach((tongue, text) -> {
                if (!text.equals(before.text(wording, tongue).orElse(""))) {
                    edits.add(new Edit.SetText(domain, wording, tongue, text));
                }
            });
        });
        for (DomainTexts.Own own : prune && wanted.texts().said() ? before.own() : List.<DomainTexts.Own>of()) {
            Map<Language, String> named =
                    wanted.texts().all().getOrDefault(own.wording().word(), Map.of());
            if (!named.containsKey(own.language())) {
                edits.add(new Edit.SetText(domain, own.wording(), own.language(), ""));
            }
        }
        edits.forEach(edit -> steps.add(PlannedChange.of(directory, edit, "")));
    }

    private void administrators(List<PlannedChange> steps, Named<DeclaredPassword> wanted) throws IOException {
        if (!wanted.said()) {
            return;
        }
        Set<String> there = directory.staff().administrators().stream()
                .map(Staff.Administrator::name)
                .collect(Collectors.toCollection(TreeSet::new));
        for (Map.Entry<String, DeclaredPassword> one : wanted.all().entrySet()) {
            String name = one.getKey();
            if (!there.contains(name)) {
                Password password = password(one.getValue());
                steps.add(PlannedChange.of(
                        directory, new Edit.AddAdministrator(name, password), unknown(one.getValue())));
            }
        }
        if (prune && !wanted.all().isEmpty()) {
            there.removeAll(wanted.all().keySet());
            List<Tokens.Token> tokens =
                    there.isEmpty() ? List.of() : directory.staff().tokens();
            for (String name : there) {
                long theirs = tokens.stream()
                        .filter(token -> token.holder().equals(name))
                        .count();
                steps.add(PlannedChange.losing(
                        directory,
                        new Edit.RemoveAdministrator(name),
                        "",
                        List.of(Loss.of(Loss.Key.ADMINISTRATOR_WHOLE, name, theirs))));
            }
        }
    }

    /// For somebody who is made.
    static Password password(DeclaredPassword secret) {
        return switch (secret) {
            case DeclaredPassword.None _ -> Password.random(new SecureRandom(), Password.RANDOM_CHARS);
            case DeclaredPassword.Given given -> given.password();
        };
    }

    static String unknown(DeclaredPassword secret) {
        return secret instanceof DeclaredPassword.None ? "with a password that nobody knows: set one" : "";
    }

    private void removeDomains(
            List<PlannedChange> steps, Map<String, EditableDirectory.Domain> there, Map<String, Declared.Domain> wanted)
            throws IOException, BadFile {
        List<String> gone = there.values().stream()
                .filter(domain -> domain.aliasOf().isEmpty() && !wanted.containsKey(domain.name()))
                .map(EditableDirectory.Domain::name)
                .sorted()
                .toList();
        if (!gone.isEmpty() && wanted.isEmpty()) {
            throw new BadFile("domains: --prune would remove every domain, and with the last one its postmaster");
        }
        for (String name : gone) {
            List<Loss> losses = new ArrayList<>(directory.losses(name));
            for (Loss loss : losses) {
                if (loss.isTheHosts()) {
                    throw new BadFile("domains: --prune would remove " + name + ", and with it "
                            + Words.english().of(loss));
                }
            }
            int mailboxes = there.get(name).mailboxes();
            losses.addFirst(Loss.of(
                    Loss.Key.DOMAIN_WHOLE,
                    name,
                    mailboxes,
                    directory.aliases(name).size()));
            steps.add(PlannedChange.losing(
                    directory, new Edit.DeleteDomain(name), mailboxes + " mailboxes with all mail", losses));
        }
    }

    /// Whether somebody's password must be set. One that is compared costs as much as a login.
    boolean isOther(String address, DeclaredPassword secret) {
        if (!(secret instanceof DeclaredPassword.Given(Password password, boolean always)) || !always) {
            return false;
        }
        String hash;
        try {
            hash = snapshots.account(address).map(Directory.Account::hash).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return switch (password) {
            case Password.Clear clear ->
                new Hashes(cost).compare(clear.text().getBytes(UTF_8), hash) != Hashes.Match.SAME;
            // an old kind of hash becomes a new one at the next login
            case Password.Hashed hashed ->
                !hashed.text().equals(hash) && (hash.isEmpty() || !Hashes.old(hashed.text()) || Hashes.old(hash));
        };
    }
}
