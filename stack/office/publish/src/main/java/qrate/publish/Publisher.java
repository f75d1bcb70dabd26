package qrate.publish;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import qrate.core.State;
import qrate.publish.DirectoryRows.Contents;
import qrate.publish.DirectoryRows.Domain;
import qrate.publish.DirectoryRows.Removal;
import qrate.snapshots.Directory;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.Snapshot;
import qrate.snapshots.SnapshotWriter;

/// Brings the files to what the source says: snapshots, control files, folders.
///
/// Everything here can be done twice, so that a crash at any point is healed by doing it again. A change writes
/// what it touched; whatever else is amiss, {@link #heal} finds. One caller at a time.
public final class Publisher {
    private final DirectoryRows source;
    private final SnapshotWriter snapshots;
    private final MaildirFolders maildirs;
    private final ControlLists control;

    /// Revision that a domain's files have, as they were last written or looked at.
    private final Map<String, Long> published = new HashMap<>();

    /// Whether files may be older than the source: then all are looked at.
    private boolean behind = true;

    /// @param uid user that owns every mailbox, for `users/assign`
    /// @param gid its group
    public Publisher(DirectoryRows source, State state, int uid, int gid) {
        this.source = source;
        this.snapshots = new SnapshotWriter(state, uid, gid);
        this.maildirs = new MaildirFolders(state.maildirs());
        this.control = new ControlLists(state.control());
    }

    /// Where mailboxes live.
    public MaildirFolders maildirs() {
        return maildirs;
    }

    /// Says that a change was made that {@link #publish} will not be told of.
    public void behind() {
        behind = true;
    }

    /// Writes what a change touched; all that is old where something was left over before.
    public void publish(Touched touched) throws IOException {
        if (behind) {
            heal();
            return;
        }
        behind = true; // until all of it is written
        bringBack();
        for (Map.Entry<String, Set<String>> entry : touched.locals().entrySet()) {
            Optional<Domain> domain = source.domain(entry.getKey());
            if (domain.isPresent() && !amend(domain.get(), entry.getValue())) {
                replace(domain.get());
            }
        }
        snapshots.sync(); // once for all of them, before anything of theirs is removed
        List<String> gone = remove();
        if (touched.names()) {
            names(source.domains(), gone);
        }
        if (touched.said()) {
            snapshots.writeSaid(source.said());
        }
        forget();
        behind = false;
    }

    /// Finishes removals, writes every snapshot that is missing or of another revision, and mends control files
    /// and folders.
    public void heal() throws IOException {
        behind = true;
        bringBack();
        snapshots.makeFolders();
        for (Removal removal : source.removals()) {
            Optional<Domain> domain = removal.local().isEmpty() ? Optional.empty() : source.domain(removal.domain());
            if (domain.isPresent()) {
                replace(domain.get());
            }
        }
        snapshots.sync();
        List<String> gone = remove();
        List<Domain> domains = source.domains();
        Set<String> names = new HashSet<>(domains.stream().map(Domain::name).toList());
        for (Domain domain : domains) {
            if (snapshots.revision(domain.name()).equals(OptionalLong.of(domain.revision()))) {
                published.put(domain.name(), domain.revision());
            } else {
                replace(domain);
            }
        }
        snapshots.sync(); // once for all of them
        for (String stray : snapshots.written()) {
            if (!names.contains(stray)) {
                snapshots.remove(stray);
            }
        }
        published.keySet().retainAll(names);
        names(domains, gone);
        snapshots.writeSaid(source.said());
        forget();
        behind = false;
    }

    private void names(List<Domain> domains, List<String> gone) throws IOException {
        Map<String, String> folders = new HashMap<>();
        domains.forEach(domain -> folders.put(domain.name(), domain.real()));
        snapshots.writeAssign(folders, gone);
        control.update(folders.keySet(), gone);
    }

    /// Writes what a change of some mailboxes or aliases made of a domain, beside its files, and makes the
    /// folders that they have not.
    ///
    /// @return whether that will do; else the files are to be written anew
    private boolean amend(Domain domain, Set<String> locals) throws IOException {
        String name = domain.name();
        long before = domain.revision() - 1;
        if (locals.contains(Touched.WHOLE)
                || locals.size() > SnapshotWriter.AMENDED_MAX
                || published.getOrDefault(name, 0L) != before) {
            return false;
        }
        Contents contents = source.contents(name, locals);
        if (locals.stream().anyMatch(local -> (local + "@" + name).equals(contents.catchAll()))) {
            return false; // what the catch-all leads to is in the files too
        }
        maildirs.make(name, contents.accounts().keySet());
        boolean done = snapshots.amend(new Snapshot.Amendment(
                name, domain.revision(), before, locals, contents.routes(), contents.accounts()));
        if (done) {
            published.put(name, domain.revision());
        }
        return done;
    }

    /// Writes a domain's files, and makes its folder and those that mailboxes have not.
    private void replace(Domain domain) throws IOException {
        String name = domain.name();
        published.remove(name);
        if (domain.aliasOf().isEmpty()) {
            Contents contents = source.contents(name, List.of());
            maildirs.make(name, contents.accounts().keySet());
            snapshots.replace(new Snapshot.Domain(
                    name,
                    domain.revision(),
                    contents.routes(),
                    catchAll(name, contents),
                    contents.accounts(),
                    said(contents)));
        } else {
            snapshots.replace(new Snapshot.Alias(name, domain.revision(), domain.aliasOf()));
        }
        published.put(name, domain.revision());
    }

    private static Map<String, String> said(Contents contents) {
        if (!contents.catchAll().equals(DirectoryRows.DROPS)) {
            return contents.said();
        }
        Map<String, String> all = new HashMap<>(contents.said());
        all.put(Directory.DROPS, "yes");
        return all;
    }

    private static Route catchAll(String domain, Contents contents) {
        String target = contents.catchAll();
        if (target.isEmpty() || target.equals(DirectoryRows.DROPS)) {
            return new Route.NoSuchUser();
        }
        String end = "@" + domain;
        Route own = target.endsWith(end)
                ? contents.routes().get(target.substring(0, target.length() - end.length()))
                : null;
        return own == null ? new Route.Forward(List.of(target)) : own;
    }

    /// Removes the files of what was deleted: routes first, so that nothing is delivered to a folder on its way
    /// out. Those of mailboxes are written by now.
    private List<String> remove() throws IOException {
        List<Removal> removals = source.removals();
        for (Removal removal : removals) {
            if (removal.local().isEmpty()) {
                snapshots.remove(removal.domain());
                published.remove(removal.domain());
            }
            if (removal.kept() == 0) {
                maildirs.remove(removal.domain(), removal.local());
            } else {
                maildirs.keep(removal.domain(), removal.local(), removal.kept());
            }
        }
        return removals.stream()
                .filter(removal -> removal.local().isEmpty())
                .map(Removal::domain)
                .toList();
    }

    /// Before anything makes an empty Maildir in its place, and before a route leads there.
    private void bringBack() throws IOException {
        List<Removal> returns = source.returns();
        for (Removal one : returns) {
            maildirs.bringBack(one.domain(), one.local(), one.kept());
        }
        if (!returns.isEmpty()) {
            source.forgetReturns();
        }
    }

    private void forget() throws IOException {
        if (!source.removals().isEmpty()) {
            source.forgetRemovals();
        }
    }
}
