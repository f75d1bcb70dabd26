package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.core.State;
import qrate.directory.Database.Tx;
import qrate.publish.MaildirFolders;
import qrate.snapshots.Names;

/// Finds what goes, or leads nowhere, with a removal beside what is named.
final class Losses {
    private static final List<String> HOST_NAMES = List.of("postmaster", "mailer-daemon", "root");

    private static final String DEFAULT = "-default";

    /// Most mailboxes whose messages are counted.
    private static final int COUNTED_MAX = 200;

    private final MaildirFolders maildirs;
    private final Path host;

    Losses(State state, MaildirFolders maildirs) {
        this.maildirs = maildirs;
        this.host = state.maildirs().resolve("alias");
    }

    /// With what an edit takes away; nothing with one that takes nothing.
    List<Loss> of(Tx tx, Edit edit) throws SQLException, IOException {
        return switch (edit) {
            case Edit.DeleteDomain(String domain) -> {
                Optional<String> name = Names.domain(domain);
                yield name.isEmpty() ? List.of() : ofDomain(tx, name.get());
            }
            case Edit.DeleteMailbox(String address) -> {
                Optional<Box> box = Box.of(address);
                yield box.isEmpty() ? List.of() : ofAddress(tx, box.get().real(tx));
            }
            case Edit.DeleteAlias(EditableDirectory.Alias line) -> {
                Optional<Box> box = Box.of(line.address());
                yield box.isEmpty() ? List.of() : ofLine(tx, box.get().real(tx));
            }
            // what it names is worth a question: its people cannot be had back
            case Edit.RemoveList(String address) -> {
                Optional<Box> box = Box.of(address);
                yield box.isEmpty() ? List.of() : ofListItself(box.get().real(tx));
            }
            // with these goes what they name, and nothing else
            case Edit.TakeFromList _, Edit.RemoveControl _ -> List.of();
            case Edit.RemoveAdministrator _, Edit.EndToken _, Edit.EndTokens _, Edit.EndSession _, Edit.EndSessions _ ->
                List.of();
            case Edit.SetText _, Edit.SetLanguage _ -> List.of();
            case Edit.AddDomain _, Edit.AddAliasDomain _, Edit.SetCatchAll _, Edit.SetLimits _ -> List.of();
            case Edit.RestoreMailbox _, Edit.ForgetMailbox _ -> List.of();
            case Edit.AddMailbox _, Edit.SetPassword _, Edit.RenewHash _, Edit.Modify _ -> List.of();
            case Edit.SetVacation _, Edit.SetForward _, Edit.AddAppPassword _, Edit.EndAppPassword _ -> List.of();
            case Edit.SetList _, Edit.AddToList _, Edit.SetControl _ -> List.of();
            case Edit.ResetPassword _, Edit.SetAdministratorRecovery _ -> List.of();
            case Edit.SetSecondFactor _, Edit.RemoveSecondFactor _, Edit.SetRecoveryCodes _ -> List.of();
            case Edit.AddPasskey _, Edit.RemovePasskey _ -> List.of();
            case Edit.AddAlias _, Edit.AddAdministrator _, Edit.SetAdministratorPassword _ -> List.of();
        };
    }

    /// With a domain or an alias domain.
    List<Loss> ofDomain(Tx tx, String name) throws SQLException, IOException {
        List<Loss> all = new ArrayList<>();
        Optional<String> aliasOf = Editor.aliasOf(tx, name);
        if (aliasOf.isEmpty()) {
            return all;
        }
        List<String> names = names(tx, name);
        names.stream().skip(1).forEach(alias -> all.add(Loss.of(Loss.Key.ALIAS_DOMAIN, alias)));
        if (aliasOf.get().isEmpty()) {
            for (String list : maildirs.lists(name, Rows.locals(tx, name))) {
                all.add(Loss.of(Loss.Key.LIST, list + "@" + name));
            }
        }
        for (String gone : names) {
            all.addAll(leadingTo(tx, "%@" + gone, name));
            all.addAll(ofHost("@" + gone));
        }
        return all;
    }

    /// How many messages mailboxes of a domain hold; empty where it cannot be counted.
    OptionalLong messages(String domain, List<String> locals) {
        return maildirs.messages(domain, locals);
    }

    /// The same of all of a domain's; empty also where it would take long.
    OptionalLong messages(Tx tx, String domain) throws SQLException {
        return tx.count("SELECT COUNT(*) FROM mailboxes WHERE domain = ?", domain) > COUNTED_MAX
                ? OptionalLong.empty()
                : messages(domain, List.copyOf(Rows.locals(tx, domain)));
    }

    /// A domain's names: its own, then those of its alias domains.
    private static List<String> names(Tx tx, String domain) throws SQLException {
        List<String> names = new ArrayList<>(List.of(domain));
        names.addAll(tx.list("SELECT name FROM domains WHERE alias_of = ? ORDER BY name", r -> r.getString(1), domain));
        return names;
    }

    private static long lines(Tx tx, Box box) throws SQLException {
        return tx.count("SELECT COUNT(*) FROM aliases WHERE domain = ? AND box = ?", box.domain(), box.local());
    }

    /// With one line of an alias; beside a mailbox of that name it is a copy, and the mailbox stays.
    List<Loss> ofLine(Tx tx, Box box) throws SQLException {
        if (box.exists(tx)) {
            return List.of();
        }
        return lines(tx, box) > 1 ? ofList(box) : ofAddress(tx, box);
    }

    private List<Loss> ofListItself(Box box) {
        return maildirs.isList(box.domain(), box.local()) ? List.of(Loss.of(Loss.Key.LIST, box)) : List.of();
    }

    private List<Loss> ofList(Box box) {
        String list = box.local().endsWith(DEFAULT)
                ? box.local().substring(0, box.local().length() - DEFAULT.length())
                : box.local();
        return maildirs.isList(box.domain(), list)
                ? List.of(Loss.of(Loss.Key.LIST_CLOSED, list + "@" + box.domain()))
                : List.of();
    }

    /// With a mailbox, or all lines of an alias.
    List<Loss> ofAddress(Tx tx, Box box) throws SQLException {
        List<Loss> all = new ArrayList<>(ofList(box));
        boolean mailbox = box.exists(tx);
        if (mailbox) {
            for (String target : tx.list(
                    "SELECT target FROM aliases WHERE domain = ? AND box = ? ORDER BY target",
                    r -> r.getString(1),
                    box.domain(),
                    box.local())) {
                all.add(Loss.of(Loss.Key.COPIES, target));
            }
        }
        if (mailbox || lines(tx, box) > 0) {
            for (String domain : names(tx, box.domain())) {
                String address = new Box(box.local(), domain).toString();
                all.addAll(leadingTo(tx, address, ""));
                all.addAll(ofHost(address));
            }
        }
        return all;
    }

    /// Forwards and catch-alls elsewhere that lead there.
    private static List<Loss> leadingTo(Tx tx, String like, String own) throws SQLException {
        List<Loss> all = new ArrayList<>(tx.list(
                "SELECT box, domain, target FROM aliases WHERE target LIKE ? ESCAPE '!' AND domain <> ? ORDER BY"
                        + " domain, box",
                r -> Loss.of(Loss.Key.FORWARD, r.getString(1) + "@" + r.getString(2), r.getString(3)),
                escaped(like),
                own));
        all.addAll(tx.list(
                "SELECT name, catch_all FROM domains WHERE catch_all LIKE ? ESCAPE '!' AND name <> ? ORDER BY name",
                r -> Loss.of(Loss.Key.CATCH_ALL, r.getString(1), r.getString(2)),
                escaped(like),
                own));
        return all;
    }

    /// An underscore is a letter of names, and any letter to LIKE; a percent sign is in none.
    static String escaped(String like) {
        return like.replace("_", "!_");
    }

    /// Mail of this host's own names, where a file of `alias` sends it there.
    private List<Loss> ofHost(String end) {
        List<Loss> all = new ArrayList<>();
        for (String name : HOST_NAMES) {
            Path file = host.resolve(".qmail-" + name);
            try {
                if (Files.isRegularFile(file)
                        && Files.readString(file)
                                .lines()
                                .anyMatch(line -> line.strip().endsWith(end))) {
                    all.add(Loss.of(Loss.Key.HOST_MAIL, name));
                }
            } catch (IOException _) {
                // a file that cannot be read here leads nowhere that could be named
            }
        }
        return all;
    }
}
