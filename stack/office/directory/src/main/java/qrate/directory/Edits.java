package qrate.directory;

import java.io.IOException;

/// Does edits: the one place that every change of the directory passes.
record Edits(Editor editor) {
    Change apply(Edit edit) throws IOException {
        DomainEdits domains = new DomainEdits(editor);
        Boxes boxes = new Boxes(editor);
        Aliases aliases = new Aliases(editor);
        ListEdits lists = new ListEdits(editor);
        ControlEdits control = new ControlEdits(editor);
        StaffEdits staff = new StaffEdits(editor);
        FactorEdits factors = new FactorEdits(editor);
        return switch (edit) {
            case Edit.AddDomain add -> domains.add(add);
            case Edit.DeleteDomain delete -> domains.delete(delete);
            case Edit.AddAliasDomain add -> domains.addAlias(add);
            case Edit.SetCatchAll set -> domains.setCatchAll(set);
            case Edit.SetText set -> new TextEdits(editor).set(set);
            case Edit.SetLanguage set -> new TextEdits(editor).setLanguage(set);
            case Edit.SetLimits set -> domains.setLimits(set);
            case Edit.AddMailbox add -> boxes.add(add);
            case Edit.DeleteMailbox delete -> boxes.delete(delete);
            case Edit.RestoreMailbox restore -> new DeletedMailboxes(editor).restore(restore);
            case Edit.ForgetMailbox forget -> new DeletedMailboxes(editor).forget(forget);
            case Edit.SetPassword set -> boxes.setPassword(set);
            case Edit.ResetPassword reset -> reset.holder().contains("@") ? boxes.reset(reset) : staff.reset(reset);
            case Edit.RenewHash renew -> boxes.renewHash(renew);
            case Edit.Modify modify -> boxes.modify(modify);
            case Edit.SetVacation set -> new Vacations(editor).set(set);
            case Edit.SetForward set -> new Forwards(editor).set(set);
            case Edit.AddAppPassword add -> new AppEdits(editor).add(add);
            case Edit.EndAppPassword end -> new AppEdits(editor).end(end);
            case Edit.AddAlias add -> aliases.add(add);
            case Edit.DeleteAlias delete -> aliases.delete(delete);
            case Edit.SetList set -> lists.set(set);
            case Edit.AddToList add -> lists.add(add);
            case Edit.TakeFromList take -> lists.take(take);
            case Edit.RemoveList remove -> lists.remove(remove);
            case Edit.SetControl set -> control.set(set);
            case Edit.RemoveControl remove -> control.remove(remove);
            case Edit.AddAdministrator add -> staff.add(add);
            case Edit.SetAdministratorPassword set -> staff.setPassword(set);
            case Edit.SetAdministratorRecovery set -> staff.setRecovery(set);
            case Edit.RemoveAdministrator remove -> staff.remove(remove);
            case Edit.SetSecondFactor set -> factors.set(set);
            case Edit.RemoveSecondFactor remove -> factors.remove(remove);
            case Edit.SetRecoveryCodes set -> factors.setCodes(set);
            case Edit.AddPasskey add -> factors.add(add);
            case Edit.RemovePasskey remove -> factors.remove(remove);
            case Edit.EndToken end -> staff.endToken(end);
            case Edit.EndTokens end -> staff.endTokens(end);
            case Edit.EndSession end -> staff.endSession(end);
            case Edit.EndSessions end -> staff.endSessions(end);
        };
    }
}
