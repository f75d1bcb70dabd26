package qrate.vpopmail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.State;
import qrate.vpopmail.Database.Tx;

/// What goes, or leads nowhere, with a removal beside what is named: a sentence each.
final class Losses {
    private static final List<String> HOST_NAMES = List.of("postmaster", "mailer-daemon", "root");

    private static final String DEFAULT = "-default";

    private final Maildirs maildirs;
    private final Path host;

    Losses(State state) {
        this.maildirs = new Maildirs(state.maildirs());
        this.host = state.maildirs().resolve("alias");
    }

    /// With a domain or an alias domain.
    List<String> ofDomain(Tx tx, String name) throws SQLException, IOException {
        List<String> all = new ArrayList<>();
        Optional<String> aliasOf = Editor.aliasOf(tx, name);
        if (aliasOf.isEmpty()) {
            return all;
        }
        List<String> names = new ArrayList<>(List.of(name));
        for (String alias :
                tx.list("SELECT name FROM domains WHERE alias_of = ? ORDER BY name", r -> r.getString(1), name)) {
            all.add("the alias domain " + alias);
            names.add(alias);
        }
        if (aliasOf.get().isEmpty()) {
            for (String list : maildirs.lists(name)) {
                all.add("the mailing list " + list + "@" + name + " with its subscribers and archive");
            }
        }
        for (String gone : names) {
            all.addAll(leadingTo(tx, "%@" + gone, name));
            all.addAll(ofHost("@" + gone));
        }
        return all;
    }

    /// With a mailbox or an alias.
    List<String> ofAddress(Tx tx, Box box) throws SQLException {
        List<String> all = new ArrayList<>();
        String list = box.local().endsWith(DEFAULT)
                ? box.local().substring(0, box.local().length() - DEFAULT.length())
                : box.local();
        if (maildirs.lists(box.domain()).contains(list)) {
            all.add("the mailing list " + list + "@" + box.domain()
                    + ", whose mail would be refused: its subscribers stay, and nobody can write to it");
        }
        if (box.exists(tx)) {
            for (String target : tx.list(
                    "SELECT target FROM aliases WHERE domain = ? AND box = ? ORDER BY target",
                    r -> r.getString(1),
                    box.domain(),
                    box.local())) {
                all.add("its copies to " + target);
            }
            all.addAll(leadingTo(tx, box.toString(), ""));
            all.addAll(ofHost(box.toString()));
        }
        return all;
    }

    /// Forwards and catch-alls elsewhere that lead there.
    private static List<String> leadingTo(Tx tx, String like, String own) throws SQLException {
        List<String> all = new ArrayList<>(tx.list(
                "SELECT box, domain, target FROM aliases WHERE target LIKE ? ESCAPE '!' AND domain <> ? ORDER BY domain, box",
                r -> "the forward of " + r.getString(1) + "@" + r.getString(2) + " to " + r.getString(3)
                        + ", which would lead nowhere",
                escaped(like),
                own));
        all.addAll(tx.list(
                "SELECT name, catch_all FROM domains WHERE catch_all LIKE ? ESCAPE '!' AND name <> ? ORDER BY name",
                r -> "the catch-all of " + r.getString(1) + " to " + r.getString(2) + ", which would lead nowhere",
                escaped(like),
                own));
        return all;
    }

    /// An underscore is a letter of names, and any letter to LIKE; a percent sign is in none.
    private static String escaped(String like) {
        return like.replace("_", "!_");
    }

    /// Mail of this host's own names, where a file of `alias` sends it there.
    private List<String> ofHost(String end) {
        List<String> all = new ArrayList<>();
        for (String name : HOST_NAMES) {
            Path file = host.resolve(".qmail-" + name);
            try {
                if (Files.isRegularFile(file)
                        && Files.readString(file)
                                .lines()
                                .anyMatch(line -> line.strip().endsWith(end))) {
                    all.add("mail for " + name + " of this host, which " + file.getFileName() + " in maildirs/alias"
                            + " sends there: lead that elsewhere first");
                }
            } catch (IOException _) {
                // a file that cannot be read here leads nowhere that could be named
            }
        }
        return all;
    }
}
