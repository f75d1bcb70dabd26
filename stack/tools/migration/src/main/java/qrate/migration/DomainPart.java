package qrate.migration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Edit;
import qrate.migration.People.Fate;
import qrate.vpopmail.VpasswdLine;

/// Takes over one of vpopmail's domains: people first, then `.qmail` files, then mail.
///
/// @param publish brings the snapshots after the directory, where that has waited until now
record DomainPart(Take take, People people, MaildirPart maildirs, Publish publish) {
    /// Brings files after the directory.
    @FunctionalInterface
    interface Publish {
        void run() throws IOException;
    }

    /// A domain at hand.
    private record Found(Group group, Source vpopmail, Path folder, Map<String, VpasswdLine> users) {}

    void run(Group group, Source vpopmail) throws IOException {
        String where = "domain " + group.name();
        Optional<Path> folder = group.folder(vpopmail);
        if (folder.isEmpty()) {
            take.report().leftOut(where, group.home() + " is not in the tree");
            return;
        }
        Optional<Map<String, VpasswdLine>> users;
        try {
            users = Vpasswd.read(folder.get(), "domains/" + group.name(), take.report());
        } catch (IOException e) {
            take.report().leftOut(where, "vpasswd: " + Source.why(e));
            return;
        }
        if (users.isEmpty()) {
            take.report().leftOut(where, "it has no vpasswd: its users are in a database, which is not read");
            return;
        }
        take(new Found(group, vpopmail, folder.get(), users.get()));
    }

    private void take(Found found) throws IOException {
        Group group = found.group;
        List<String> made = new ArrayList<>();
        Fate fate = people.domain(group.name(), found.users);
        if (fate == Fate.NOT) {
            return;
        }
        List<VpasswdLine> here = new ArrayList<>();
        int boxes = 0;
        for (VpasswdLine user : found.users.values()) {
            Fate box = people.mailbox(user, group.name());
            boxes += box == Fate.MADE ? 1 : 0;
            if (box != Fate.NOT) {
                here.add(user);
            }
        }
        count(made, boxes, "mailbox", "mailboxes");
        int names = 0;
        for (String alias : group.aliases()) {
            names += people.aliasDomain(new Edit.AddAliasDomain(group.name(), alias)) == Fate.MADE ? 1 : 0;
        }
        count(made, names, "other name", "other names");
        DotFiles files = new DotFiles(take, people, group, found.users);
        files.domain(found.vpopmail, found.folder);
        for (VpasswdLine user : here) {
            Optional<Path> home = group.folder(found.vpopmail, user);
            if (home.isPresent() && Source.exists(home.get().resolve(".qmail"))) {
                files.user(user, home.get().resolve(".qmail"));
            }
        }
        count(made, files.aliases(), "alias line", "alias lines");
        limits(found);
        publish.run();
        files.write();
        if (fate == Fate.MADE || !made.isEmpty()) {
            take.report()
                    .change((fate == Fate.MADE ? "add domain " : "add to domain ")
                            + group.name()
                            + (made.isEmpty() ? "" : ": " + String.join(", ", made)));
        }
        mail(found, here);
    }

    /// After the people, whom they would keep out.
    private void limits(Found found) throws IOException {
        Path file = found.folder.resolve(".qmailadmin-limits");
        if (!Source.exists(file)) {
            return;
        }
        OldLimits old;
        try {
            old = OldLimits.parse(Source.read(file));
        } catch (IOException e) {
            take.report().leftOut("domains/" + found.group.name() + "/.qmailadmin-limits", Source.why(e));
            return;
        }
        if (people.limits(found.group.name(), old.limits()) == Fate.MADE) {
            take.report().change("limit domain " + found.group.name() + ": " + OldLimits.text(old.limits()));
            if (old.more()) {
                take.report()
                        .note("domain " + found.group.name()
                                + ": its other limits (of its disk, lists, services; or none allowed) are not taken");
            }
        }
    }

    private static void count(List<String> made, int number, String one, String many) {
        if (number > 0) {
            made.add(number + " " + (number == 1 ? one : many));
        }
    }

    private void mail(Found found, List<VpasswdLine> users) throws IOException {
        MaildirPart.Count all = MaildirPart.Count.NONE;
        for (VpasswdLine user : users) {
            String address = user.name() + "@" + found.group.name();
            Optional<Path> home = found.group.folder(found.vpopmail, user);
            if (home.isEmpty() || !Source.isFolder(home.get().resolve("Maildir"))) {
                take.report().leftOut(address, "its Maildir is not in the tree");
                continue;
            }
            try {
                all = all.plus(maildirs.take(
                        new MaildirPart.Box(found.group.name(), user.name()),
                        home.get().resolve("Maildir")));
            } catch (MaildirPart.Unreadable e) {
                take.report().leftOut(address, String.valueOf(e.getMessage()));
            }
        }
        if (all.messages() > 0) {
            take.report()
                    .change("add to domain " + found.group.name() + ": " + all.messages() + " messages, " + all.bytes()
                            + " bytes, in " + all.boxes() + " mailboxes");
        }
    }
}
