package qrate.vpopmail;

import java.io.IOException;
import java.util.List;
import qrate.core.Log;
import qrate.core.Program;

/// Commands for those who administer the system, which vpopmail has none of.
final class StaffCommands {
    /// The administrator that the first run makes.
    private static final String FIRST = "admin";

    private StaffCommands() {}

    static List<Commands.Command> all() {
        return List.of(
                new Commands.Command(
                        "admin-password",
                        "vr::k",
                        0,
                        2,
                        "[-v] [-r[len]] [-k] [name [password]]",
                        (d, o, io) -> password(d.staff(), o, io)),
                new Commands.Command(
                        "administrators",
                        "vr::a:d:",
                        0,
                        1,
                        "[-v] [-a name [-r[len] | password] | -d name]",
                        (d, o, io) -> administrators(d.staff(), o, io)),
                new Commands.Command(
                        "tokens", "vd:", 0, 1, "[-v] [-d id | holder]", (d, o, io) -> tokens(d.staff(), o, io)));
    }

    private static Change password(Staff staff, Options options, Program.Stdio stdio) throws IOException {
        List<String> there = staff.administrators();
        String name = options.operand(0);
        if (name.isEmpty()) {
            if (there.size() > 1 && !there.contains(FIRST)) {
                return Change.refuse(
                        Change.Reason.INVALID, "which one? The administrators are " + String.join(" ", there));
            }
            name = there.size() == 1 ? there.getFirst() : FIRST;
        }
        if (options.has('r') && options.operands().size() > 1) {
            return MailboxCommands.noRandom();
        }
        if (!there.isEmpty() && !there.contains(name)) {
            return Change.refuse(
                    Change.Reason.MISSING,
                    "There is no such administrator; administrators -a adds one. There is " + String.join(" ", there));
        }
        Password password = Commands.password(options, new Commands.Asked(name, options.operands(), 1), stdio);
        Change change = there.isEmpty()
                ? staff.addAdministrator(name, password)
                : staff.setAdministratorPassword(name, password, options.has('k'));
        if (change instanceof Change.Done) {
            stdio.out().println("administrator " + name + ": the new password holds, who was signed in is no longer");
        }
        return change;
    }

    private static Change administrators(Staff staff, Options options, Program.Stdio stdio) throws IOException {
        if (options.has('a') && options.has('d')) {
            return Change.refuse(Change.Reason.INVALID, "-a or -d");
        }
        if (options.has('d')) {
            return options.operands().isEmpty()
                    ? staff.removeAdministrator(options.get('d', ""))
                    : Change.refuse(Change.Reason.INVALID, "-d name, and no more");
        }
        if (options.has('a')) {
            String name = options.get('a', "");
            if (options.has('r') && !options.operands().isEmpty()) {
                return MailboxCommands.noRandom();
            }
            return staff.addAdministrator(
                    name, Commands.password(options, new Commands.Asked(name, options.operands(), 0), stdio));
        }
        if (!options.operands().isEmpty() || options.has('r')) {
            return Change.refuse(Change.Reason.INVALID, "-a name adds one");
        }
        staff.administrators().forEach(stdio.out()::println);
        return new Change.Done();
    }

    private static Change tokens(Staff staff, Options options, Program.Stdio stdio) throws IOException {
        if (options.has('d')) {
            return options.operands().isEmpty()
                    ? staff.endToken(options.get('d', ""))
                    : Change.refuse(Change.Reason.INVALID, "-d id, and no more");
        }
        String holder = options.operand(0);
        for (Tokens.Token token : staff.tokens()) {
            if (holder.isEmpty() || token.holder().equalsIgnoreCase(holder)) {
                String used = token.used().toEpochMilli() == 0
                        ? "never"
                        : token.used().toString();
                stdio.out()
                        .println(token.id() + " " + token.holder() + " "
                                + token.scope().word() + " until " + token.expires() + " used " + used + " "
                                + Log.escape(token.label()));
            }
        }
        return new Change.Done();
    }
}
