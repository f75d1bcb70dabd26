package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import qrate.directory.Database.Tx;
import qrate.language.Language;

/// Changes of mailboxes.
record Boxes(Editor editor) {
    private static final Change DONE = new Change.Done();

    /// How many a domain may still have, counted once for all of a change.
    private static final class Room {
        private final Map<String, Long> left = new HashMap<>();

        boolean takesOne(Tx tx, String domain) throws SQLException {
            if (!left.containsKey(domain)) {
                long most = most(tx, domain);
                long there = most == 0 ? 0 : tx.count("SELECT COUNT(*) FROM mailboxes WHERE domain = ?", domain);
                left.put(domain, most == 0 ? Long.MAX_VALUE : most - there);
            }
            return left.merge(domain, -1L, Long::sum) >= 0;
        }
    }

    /// Why a domain may not have one mailbox more; empty where it may.
    Optional<Refusal> full(Tx tx, String domain) throws SQLException {
        return new Room().takesOne(tx, domain)
                ? Optional.empty()
                : Optional.of(Refusal.of(Refusal.Key.MAILBOXES_FULL, most(tx, domain)));
    }

    /// The most mailboxes that a domain may have; 0 for no limit.
    private static long most(Tx tx, String domain) throws SQLException {
        return tx.count("SELECT mailboxes_max FROM domains WHERE name = ?", domain);
    }

    Change add(Edit.AddMailbox edit) throws IOException {
        Optional<Change.Refused> problem = problem(edit);
        if (problem.isPresent()) {
            return problem.get();
        }
        Box named = Box.of(edit.address()).orElseThrow();
        String hash = edit.password().hash(editor.cost());
        return editor.change(tx ->
                insert(tx, named.real(tx), new Hashed(new NewMailbox(edit, Map.of()), hash), new Room()));
    }

    /// A mailbox to be made, whose password is hashed outside of the transaction.
    private record Hashed(NewMailbox wanted, String hash) {}

    private Optional<Change.Refused> problem(Edit.AddMailbox edit) {
        return !Box.mailbox(edit.address())
                ? Optional.of(Editor.badName(edit.address()))
                : edit.password().problem(editor.cost()).map(Change.Refused::new);
    }

    private static Optional<Change.Refused> problem(Map<Property, Object> values) {
        Optional<Refusal> refusal = Optional.empty();
        if (values.get(Property.QUOTA) instanceof Quota quota && quota.isNegative()) {
            refusal = Optional.of(Refusal.of(Refusal.Key.QUOTA));
        } else if (values.get(Property.LANGUAGE) instanceof String tag
                && !tag.isEmpty()
                && Language.spelled(tag).isEmpty()) {
            refusal = Optional.of(Refusal.of(Refusal.Key.LANGUAGE_UNKNOWN, TextEdits.known()));
        } else if (values.get(Property.RECOVERY) instanceof String address
                && recovery(address).isEmpty()) {
            refusal = Optional.of(Refusal.of(Refusal.Key.RECOVERY_ADDRESS));
        } else if (!values.entrySet().stream().allMatch(one -> one.getKey().fits(one.getValue()))) {
            refusal = Optional.of(Refusal.of(Refusal.Key.DISPLAY_NAME, Property.TEXT_CHARS_MAX));
        }
        return refusal.map(Change.Refused::new);
    }

    /// A recovery address in the spelling that is stored: an address here or anywhere, or empty for none.
    ///
    /// @return empty for what is none
    static Optional<String> recovery(String text) {
        return text.isEmpty() ? Optional.of(text) : Box.target(text);
    }

    /// A mailbox with other values, as they are stored.
    private static EditableDirectory.Mailbox with(EditableDirectory.Mailbox before, Map<Property, Object> values) {
        EditableDirectory.Mailbox after = before.with(values);
        return after.with(Map.of(Property.RECOVERY, recovery(after.recovery()).orElse(after.recovery())));
    }

    /// Whether what is sent to a recovery address comes to the mailbox itself, whose owner cannot read it there.
    private static boolean inside(Tx tx, Box box, EditableDirectory.Mailbox mailbox) throws SQLException {
        return !mailbox.recovery().isEmpty() && Forwards.leadsBack(tx, mailbox.recovery(), box);
    }

    /// Adds those of many that can be added, in one transaction, and writes files once.
    ///
    /// @return what came of each, in their order
    List<Change> add(List<Edit.AddMailbox> wanted) throws IOException {
        return add(wanted.stream().map(one -> new NewMailbox(one, Map.of())).toList(), Many.EACH);
    }

    /// How many are added.
    enum Many {
        /// each that can be
        EACH,
        /// all, or none of them
        ALL,
        /// none: it is only said what would come of each
        NONE
    }

    /// The same, perhaps only where all of them can be added.
    List<Change> add(List<NewMailbox> wanted, Many many) throws IOException {
        List<Optional<Change.Refused>> problems = wanted.stream()
                .map(one -> problem(one.edit()).or(() -> problem(one.values())))
                .toList();
        boolean hopeless =
                many == Many.NONE || (many == Many.ALL && problems.stream().anyMatch(Optional::isPresent));
        List<String> hashes = IntStream.range(0, wanted.size())
                .parallel()
                .mapToObj(i -> hopeless || problems.get(i).isPresent()
                        ? ""
                        : wanted.get(i).edit().password().hash(editor.cost()))
                .toList();
        List<Change> outcomes = new ArrayList<>();
        editor.change(tx -> {
            outcomes.clear();
            List<Outcome.Line> done = new ArrayList<>();
            Room room = new Room();
            for (int i = 0; i < wanted.size(); i++) {
                NewMailbox one = wanted.get(i);
                Outcome outcome = problems.get(i).isPresent()
                        ? new Outcome.Not(problems.get(i).get())
                        : insert(
                                tx,
                                Box.of(one.edit().address()).orElseThrow().real(tx),
                                new Hashed(one, hashes.get(i)),
                                room);
                outcomes.add(
                        switch (outcome) {
                            case Outcome.Done(List<Outcome.Line> lines) -> {
                                done.addAll(lines);
                                yield DONE;
                            }
                            case Outcome.Not(Change.Refused why) -> why;
                        });
            }
            boolean kept = !hopeless && (many == Many.EACH || done.size() == wanted.size());
            return done.isEmpty() || !kept ? Outcome.not(Refusal.Key.MAILBOXES_NONE) : new Outcome.Done(done);
        });
        return outcomes;
    }

    private Outcome insert(Tx tx, Box box, Hashed wanted, Room room) throws SQLException {
        if (!Editor.isDomain(tx, box.domain())) {
            return Outcome.not(Refusal.Key.DOMAIN_MISSING);
        }
        if (box.exists(tx)) {
            return Outcome.not(Refusal.Key.MAILBOX_EXISTS, box);
        }
        if (editor.shared().publisher().maildirs().isTaken(box.domain(), box.local())) {
            return Outcome.not(Refusal.Key.MAILBOX_TAKEN);
        }
        if (!room.takesOne(tx, box.domain())) {
            return Outcome.not(Refusal.Key.MAILBOXES_FULL, most(tx, box.domain()));
        }
        EditableDirectory.Mailbox mailbox = insert(tx, box, wanted.hash, wanted.wanted.values());
        if (inside(tx, box, mailbox)) {
            tx.update("DELETE FROM mailboxes WHERE domain = ? AND box = ?", box.domain(), box.local());
            return Outcome.not(Refusal.Key.RECOVERY_INSIDE, mailbox.recovery());
        }
        tx.touch(box.domain(), box.local());
        return Outcome.done(
                new Edit.AddMailbox(box.toString(), wanted.wanted.edit().password()));
    }

    /// @param values other than those of a new mailbox
    EditableDirectory.Mailbox insert(Tx tx, Box box, String hash, Map<Property, Object> values) throws SQLException {
        long quota = tx.count("SELECT quota_bytes FROM domains WHERE name = ?", box.domain());
        EditableDirectory.Mailbox mailbox = with(
                new EditableDirectory.Mailbox(box.toString(), Map.of(Property.QUOTA, new Quota(quota, 0))), values);
        List<Object> cells = new ArrayList<>(List.of(box.domain(), box.local(), hash, editor.now()));
        cells.addAll(Property.cells(mailbox.values()));
        tx.update(
                "INSERT INTO mailboxes (domain, box, hash, created, " + Property.COLUMNS + ") VALUES (?"
                        + ", ?".repeat(cells.size() - 1) + ")",
                cells.toArray());
        return mailbox;
    }

    Change delete(Edit.DeleteMailbox edit) throws IOException {
        return together(List.of(edit));
    }

    private Outcome delete(Tx tx, Box box) throws SQLException {
        if (!box.exists(tx)) {
            return Editor.noMailbox(tx, box);
        }
        if (box.local().equals(EditableDirectory.POSTMASTER)) {
            return Outcome.not(Refusal.Key.POSTMASTER_STAYS);
        }
        long kept = new DeletedMailboxes(editor).keep(tx, box);
        tx.update("DELETE FROM mailboxes WHERE domain = ? AND box = ?", box.domain(), box.local());
        tx.update("DELETE FROM aliases WHERE domain = ? AND box = ?", box.domain(), box.local());
        SignIns.endAll(tx, box.toString());
        Tokens.endAll(tx, box.toString());
        SecondFactors.remove(tx, box.toString());
        Logins.forget(tx, box.toString());
        PasswordResets.forget(tx, box.toString());
        tx.update("INSERT INTO removals (domain, box, kept) VALUES (?, ?, ?)", box.domain(), box.local(), kept);
        tx.touch(box.domain(), box.local());
        return Outcome.done(new Edit.DeleteMailbox(box.toString()));
    }

    Change setPassword(Edit.SetPassword edit) throws IOException {
        Optional<Refusal> problem = edit.password().problem(editor.cost());
        if (problem.isPresent()) {
            return new Change.Refused(problem.get());
        }
        String hash = edit.password().hash(editor.cost());
        return editor.onMailbox(edit.address(), (tx, box) -> {
            setHash(tx, box, hash, edit.keepTokens());
            return Outcome.done(new Edit.SetPassword(box.toString(), edit.password(), edit.keepTokens()));
        });
    }

    Change reset(Edit.ResetPassword edit) throws IOException {
        Optional<Refusal> problem = edit.password().problem(editor.cost());
        if (problem.isPresent()) {
            return new Change.Refused(problem.get());
        }
        String hash = edit.password().hash(editor.cost());
        return editor.onMailbox(edit.holder(), (tx, box) -> {
            if (!editor.resets().spend(tx, box.toString(), edit.key(), edit.language())) {
                return Outcome.not(Refusal.Key.RESET_KEY);
            }
            setHash(tx, box, hash, edit.keepTokens());
            return Outcome.done(edit);
        });
    }

    private void setHash(Tx tx, Box box, String hash, boolean keepTokens) throws SQLException {
        tx.update("UPDATE mailboxes SET hash = ? WHERE domain = ? AND box = ?", hash, box.domain(), box.local());
        if (editor.actor().name().equals(box.toString())) { // who must choose one has
            tx.update(
                    "UPDATE mailboxes SET must_change = FALSE WHERE domain = ? AND box = ?", box.domain(), box.local());
        }
        SignIns.endAll(tx, box.toString());
        PasswordResets.end(tx, box.toString());
        if (!keepTokens) {
            Tokens.endAll(tx, box.toString());
            AppEdits.endAll(tx, box);
        }
    }

    Change renewHash(Edit.RenewHash edit) throws IOException {
        String hash = edit.password().hash(editor.cost());
        return editor.onMailbox(edit.address(), (tx, box) -> {
            int changed = tx.update(
                    "UPDATE mailboxes SET hash = ? WHERE domain = ? AND box = ? AND hash = ?",
                    hash,
                    box.domain(),
                    box.local(),
                    edit.before().text());
            return changed > 0
                    ? Outcome.done(new Edit.RenewHash(box.toString(), edit.before(), edit.password()))
                    : Outcome.not(Refusal.Key.PASSWORD_CHANGED);
        });
    }

    Change modify(Edit.Modify edit) throws IOException {
        return together(List.of(edit));
    }

    private static Outcome modify(Tx tx, Box box, Map<Property, Object> values) throws SQLException {
        Optional<EditableDirectory.Mailbox> before = Rows.mailbox(tx, box);
        if (before.isEmpty()) {
            return Editor.noMailbox(tx, box);
        }
        EditableDirectory.Mailbox after = with(before.get(), values);
        boolean elsewhere = !after.recovery().equals(before.get().recovery());
        if (elsewhere && inside(tx, box, after)) {
            return Outcome.not(Refusal.Key.RECOVERY_INSIDE, after.recovery());
        }
        List<Object> cells = new ArrayList<>(Property.cells(after.values()));
        cells.add(box.domain());
        cells.add(box.local());
        tx.update("UPDATE mailboxes SET " + Property.ASSIGNMENTS + " WHERE domain = ? AND box = ?", cells.toArray());
        if (elsewhere) {
            PasswordResets.end(tx, box.toString());
        }
        tx.touch(box.domain(), box.local());
        return Outcome.done(
                new Edit.Modify(box.toString(), values), before.get().difference(after));
    }

    /// Does several in one transaction: all of them or, where one cannot be, none.
    Change together(List<? extends Edit.OfMailbox> edits) throws IOException {
        for (Edit.OfMailbox edit : edits) {
            Optional<Change.Refused> problem =
                    edit instanceof Edit.Modify modify ? problem(modify.values()) : Optional.empty();
            if (problem.isPresent()) {
                return problem.get();
            }
            if (Box.of(edit.address()).isEmpty()) {
                return Editor.badName(edit.address());
            }
        }
        List<Box> sized = new ArrayList<>();
        Change change = editor.change(tx -> {
            sized.clear();
            List<Outcome.Line> done = new ArrayList<>();
            for (Edit.OfMailbox edit : edits) {
                Box box = Box.of(edit.address()).orElseThrow().real(tx);
                Outcome outcome = switch (edit) {
                    case Edit.DeleteMailbox _ -> delete(tx, box);
                    case Edit.Modify modify -> modify(tx, box, modify.values());
                };
                switch (outcome) {
                    case Outcome.Not not -> {
                        return not;
                    }
                    case Outcome.Done(List<Outcome.Line> lines) -> done.addAll(lines);
                }
                if (edit instanceof Edit.Modify modify && modify.values().containsKey(Property.QUOTA)) {
                    sized.add(box);
                }
            }
            return new Outcome.Done(done);
        });
        if (change instanceof Change.Done) {
            for (Box box : sized) {
                editor.shared().publisher().maildirs().forgetSize(box.domain(), box.local());
            }
        }
        return change;
    }
}
