package qrate.apply;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.ControlFile;
import qrate.core.Log;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Password;

/// Something to be done.
///
/// @param lines what is said about it, one or more of one kind
/// @param deed does it, and says of each line what came of it
/// @param losses what goes with it that somebody must agree to: mail, a list, or what would lead nowhere
record PlannedChange(List<Line> lines, Deed deed, List<Loss> losses) {
    static final String ADD = "add";
    static final String CHANGE = "change";
    static final String REMOVE = "remove";

    static final String CONTROL = "control file";
    private static final String MAILBOX = "mailbox";
    private static final String ADMINISTRATOR = "administrator";

    /// One difference.
    ///
    /// @param act {@link #ADD}, {@link #CHANGE} or {@link #REMOVE}
    /// @param kind of thing: `mailbox`
    /// @param name of it
    /// @param what is different, or empty
    record Line(String act, String kind, String name, String what) {
        /// What is said of an edit.
        ///
        /// @param what beside what the edit says
        static Line of(Edit edit, String what) {
            return switch (edit) {
                case Edit.AddDomain(String domain, Password _) -> new Line(ADD, "domain", domain, what);
                case Edit.DeleteDomain(String domain) -> new Line(REMOVE, "domain", domain, what);
                case Edit.AddAliasDomain(String domain, String alias) ->
                    new Line(ADD, "alias domain", alias, "of " + domain);
                case Edit.SetCatchAll(String domain, String _) -> new Line(CHANGE, "catch-all of domain", domain, what);
                case Edit.SetText set ->
                    new Line(
                            CHANGE,
                            set.domain().isEmpty() ? "text of" : "text of domain",
                            orSystem(set.domain()),
                            set.wording().word() + " " + set.language().tag());
                case Edit.SetLanguage set ->
                    new Line(
                            CHANGE,
                            set.domain().isEmpty() ? "language of" : "language of domain",
                            orSystem(set.domain()),
                            what);
                case Edit.SetLimits set -> new Line(CHANGE, "limits of domain", set.domain(), what);
                case Edit.AddMailbox(String address, Password _) -> new Line(ADD, MAILBOX, address, what);
                case Edit.DeleteMailbox(String address) -> new Line(REMOVE, MAILBOX, address, what);
                case Edit.RestoreMailbox back -> new Line(ADD, MAILBOX, back.address(), what);
                case Edit.ForgetMailbox kept -> new Line(REMOVE, "what was kept of mailbox", kept.address(), what);
                case Edit.SetPassword set -> new Line(CHANGE, "password of mailbox", set.address(), what);
                case Edit.ResetPassword reset -> new Line(CHANGE, "forgotten password of", reset.holder(), what);
                case Edit.RenewHash renew -> new Line(CHANGE, "password hash of mailbox", renew.address(), what);
                case Edit.Modify modify -> new Line(CHANGE, MAILBOX, modify.address(), what);
                case Edit.SetVacation set -> new Line(CHANGE, "vacation of mailbox", set.address(), what);
                case Edit.SetForward set -> new Line(CHANGE, "forward of mailbox", set.address(), what);
                case Edit.AddAppPassword add -> new Line(ADD, "app password of mailbox", add.address(), what);
                case Edit.EndAppPassword end -> new Line(REMOVE, "app password of mailbox", end.address(), what);
                case Edit.AddAlias(EditableDirectory.Alias(String address, String target)) ->
                    new Line(ADD, "alias", address, "to " + target);
                case Edit.DeleteAlias(EditableDirectory.Alias(String address, String target)) ->
                    new Line(REMOVE, "alias", address, "to " + target);
                case Edit.SetList set -> new Line(CHANGE, "list", set.address(), what);
                case Edit.AddToList add -> new Line(ADD, add.set().word() + " of list", add.address(), what);
                case Edit.TakeFromList take -> new Line(REMOVE, take.set().word() + " of list", take.address(), what);
                case Edit.RemoveList(String address) -> new Line(REMOVE, "list", address, what);
                case Edit.SetControl set -> new Line(CHANGE, CONTROL, set.file().file(), what);
                case Edit.RemoveControl(ControlFile file) -> new Line(REMOVE, CONTROL, file.file(), what);
                case Edit.AddAdministrator(String name, Password _) -> new Line(ADD, ADMINISTRATOR, name, what);
                case Edit.SetAdministratorPassword set ->
                    new Line(CHANGE, "password of administrator", set.name(), what);
                case Edit.SetAdministratorRecovery set ->
                    new Line(CHANGE, "recovery address of administrator", set.name(), what);
                case Edit.RemoveAdministrator(String name) -> new Line(REMOVE, ADMINISTRATOR, name, what);
                case Edit.SetSecondFactor set -> new Line(CHANGE, "second factor of", set.holder(), what);
                case Edit.SetRecoveryCodes set -> new Line(CHANGE, "recovery codes of", set.holder(), what);
                case Edit.AddPasskey add -> new Line(ADD, "passkey of", add.holder(), what);
                case Edit.RemovePasskey remove -> new Line(REMOVE, "passkey of", remove.holder(), what);
                case Edit.RemoveSecondFactor(String holder) -> new Line(REMOVE, "second factor of", holder, what);
                case Edit.EndToken end -> new Line(REMOVE, "token", end.id(), what);
                case Edit.EndTokens(String holder) -> new Line(REMOVE, "tokens of", holder, what);
                case Edit.EndSession end -> new Line(REMOVE, "session", end.id(), what);
                case Edit.EndSessions(String holder) -> new Line(REMOVE, "sessions of", holder, what);
            };
        }

        private static String orSystem(String domain) {
            return domain.isEmpty() ? "this system" : domain;
        }

        String text() {
            return Log.escape(act + " " + kind + " " + name + (what.isEmpty() ? "" : ": " + what));
        }

        Map<String, Object> shape() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("act", act);
            shape.put("kind", kind);
            shape.put("name", name);
            shape.put("what", what);
            return shape;
        }
    }

    /// Does it all, line by line.
    @FunctionalInterface
    interface Deed {
        List<Change> run() throws IOException;
    }

    /// Does one thing.
    @FunctionalInterface
    interface One {
        Change run() throws IOException;
    }

    /// An edit of the directory.
    ///
    /// @param what is said of it beside what it says
    static PlannedChange of(EditableDirectory directory, Edit edit, String what) {
        return losing(directory, edit, what, List.of());
    }

    static PlannedChange losing(EditableDirectory directory, Edit edit, String what, List<Loss> losses) {
        return losing(Line.of(edit, what), losses, () -> directory.apply(edit));
    }

    static PlannedChange of(Line line, One deed) {
        return losing(line, List.of(), deed);
    }

    static PlannedChange losing(Line line, List<Loss> losses, One deed) {
        return new PlannedChange(List.of(line), () -> List.of(deed.run()), losses);
    }
}
