package qrate.vpopmail;

import static qrate.vpopmail.Change.refuse;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.vpopmail.Change.Reason;
import qrate.vpopmail.Database.Tx;
import qrate.vpopmail.Vpopmail.NewMailbox;

/// Changes of mailboxes.
record Boxes(Editor editor) {
    static final String POSTMASTER = "postmaster";

    private static final Change DONE = new Change.Done();

    private int cost() {
        return editor.shared().settings().bcryptCost();
    }

    /// How many a domain may still have, counted once for all of a change.
    private static final class Room {
        private final Map<String, Long> left = new HashMap<>();

        boolean takesOne(Tx tx, String domain) throws SQLException {
            if (!left.containsKey(domain)) {
                long most = tx.count("SELECT mailboxes_max FROM domains WHERE name = ?", domain);
                long there = most == 0 ? 0 : tx.count("SELECT COUNT(*) FROM mailboxes WHERE domain = ?", domain);
                left.put(domain, most == 0 ? Long.MAX_VALUE : most - there);
            }
            return left.merge(domain, -1L, Long::sum) >= 0;
        }
    }

    Change add(NewMailbox wanted) throws IOException {
        Optional<Change> problem = problem(wanted);
        if (problem.isPresent()) {
            return problem.get();
        }
        Box known = editor.real(Box.of(wanted.address()).orElseThrow());
        String hash = wanted.password().hash(cost());
        return editor.change("add mailbox " + known, tx -> insert(tx, known, hash, new Room()));
    }

    private Optional<Change> problem(NewMailbox wanted) {
        return !Box.mailbox(wanted.address())
                ? Optional.of(refuse(Reason.INVALID, Box.INVALID))
                : wanted.password().problem(cost()).map(why -> refuse(Reason.INVALID, why));
    }

    /// Adds those of many that can be added, in one transaction, and writes files once.
    ///
    /// @return what came of each, in their order
    List<Change> add(List<NewMailbox> wanted) throws IOException {
        Map<NewMailbox, String> hashes = new HashMap<>();
        List<NewMailbox> possible =
                wanted.stream().filter(one -> problem(one).isEmpty()).toList();
        possible.parallelStream()
                .map(one -> Map.entry(one, one.password().hash(cost())))
                .toList()
                .forEach(entry -> hashes.put(entry.getKey(), entry.getValue()));
        List<Change> outcomes = new ArrayList<>();
        editor.change("add " + possible.size() + " mailboxes", tx -> {
            outcomes.clear();
            Room room = new Room();
            for (NewMailbox one : wanted) {
                Optional<Change> problem = problem(one);
                outcomes.add(
                        problem.isPresent()
                                ? problem.get()
                                : insertNoted(
                                        tx, Box.of(one.address()).orElseThrow().real(tx), hashes.get(one), room));
            }
            return outcomes.contains(DONE) ? DONE : refuse(Reason.INVALID, "none of them can be");
        });
        return outcomes;
    }

    private Change insertNoted(Tx tx, Box box, String hash, Room room) throws SQLException {
        Change outcome = insert(tx, box, hash, room);
        if (outcome instanceof Change.Done) {
            Audit.record(tx, editor.shared().clock(), editor.actor(), "add mailbox " + box);
        }
        return outcome;
    }

    private Change insert(Tx tx, Box known, String hash, Room room) throws SQLException {
        Box box = known.real(tx);
        if (!Editor.isDomain(tx, box.domain())) {
            return refuse(Reason.MISSING, Editor.NO_DOMAIN);
        }
        if (box.exists(tx)) {
            return refuse(Reason.EXISTS, "Username exists");
        }
        if (editor.shared().publisher().isTaken(box)) {
            return refuse(Reason.EXISTS, "A mailing list, or a folder of that name, is there");
        }
        if (!room.takesOne(tx, box.domain())) {
            return refuse(Reason.LIMIT, "Domain has all the mailboxes it may have");
        }
        insert(tx, box, hash);
        tx.touch(box.domain(), box.local());
        return DONE;
    }

    void insert(Tx tx, Box box, String hash) throws SQLException {
        long quota = tx.count("SELECT quota_bytes FROM domains WHERE name = ?", box.domain());
        tx.update(
                "INSERT INTO mailboxes (domain, box, hash, quota_bytes, quota_messages, pop, smtp, postmaster, keeps,"
                        + " created) VALUES (?, ?, ?, ?, 0, TRUE, TRUE, FALSE, TRUE, ?)",
                box.domain(),
                box.local(),
                hash,
                quota,
                editor.shared().clock().millis());
    }

    Change delete(String text) throws IOException {
        return editor.onMailbox("delete mailbox", text, (tx, box) -> {
            if (box.local().equals(POSTMASTER)) {
                return refuse(Reason.INVALID, "postmaster cannot be deleted: every domain has one (RFC 5321)");
            }
            tx.update("DELETE FROM mailboxes WHERE domain = ? AND box = ?", box.domain(), box.local());
            tx.update("DELETE FROM aliases WHERE domain = ? AND box = ?", box.domain(), box.local());
            SignIns.endAll(tx, box.toString());
            Tokens.endAll(tx, box.toString());
            tx.update("INSERT INTO removals (domain, box) VALUES (?, ?)", box.domain(), box.local());
            return DONE;
        });
    }

    Change setPassword(String text, Password password, boolean keepTokens) throws IOException {
        Optional<String> problem = password.problem(cost());
        if (problem.isPresent()) {
            return refuse(Reason.INVALID, problem.get());
        }
        String hash = password.hash(cost());
        return editor.onMailbox("set password of", text, (tx, box) -> {
            tx.update("UPDATE mailboxes SET hash = ? WHERE domain = ? AND box = ?", hash, box.domain(), box.local());
            SignIns.endAll(tx, box.toString());
            if (!keepTokens) {
                Tokens.endAll(tx, box.toString());
            }
            return DONE;
        });
    }

    Change modify(Vpopmail.Mailbox m) throws IOException {
        if (m.quota().bytes() < 0 || m.quota().messages() < 0) {
            return refuse(Reason.INVALID, "Invalid quota");
        }
        Change change = editor.onMailbox("modify mailbox", m.address(), (tx, box) -> {
            tx.update(
                    "UPDATE mailboxes SET quota_bytes = ?, quota_messages = ?, pop = ?, smtp = ?, postmaster = ?,"
                            + " keeps = ? WHERE domain = ? AND box = ?",
                    m.quota().bytes(),
                    m.quota().messages(),
                    m.pop(),
                    m.smtp(),
                    m.postmaster(),
                    m.keep(),
                    box.domain(),
                    box.local());
            return DONE;
        });
        if (change instanceof Change.Done) {
            Box box = editor.real(Box.of(m.address()).orElseThrow());
            editor.shared().publisher().forgetSize(box.domain(), box.local());
        }
        return change;
    }
}
