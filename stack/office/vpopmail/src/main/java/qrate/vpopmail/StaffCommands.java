package qrate.vpopmail;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.directory.Audit;
import qrate.directory.AuditShapes;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.FactorShapes;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Refusal;
import qrate.directory.SecondFactors;
import qrate.directory.Shapes;
import qrate.directory.SignIns;
import qrate.directory.Staff;
import qrate.directory.Tokens;

/// Commands for those who administer the system, which vpopmail has none of.
final class StaffCommands {
    /// The administrator that the first run makes.
    private static final String FIRST = "admin";

    /// Lines of the audit log where nobody says how many.
    private static final int AUDIT_LINES = 50;

    private StaffCommands() {}

    static List<Commands.Command> all() {
        return List.of(
                new Commands.Command(
                        "admin-password",
                        "vr::k",
                        0,
                        2,
                        "[-v] [-r[len]] [-k] [name [password]]",
                        (d, o, io) -> password(d, o, io)),
                new Commands.Command(
                        "administrators",
                        "vr::a:d:R:f",
                        0,
                        1,
                        "[-v] [-a name [-r[len] | password] | -d name [-f] | -R recovery name | --json]",
                        (d, o, io) -> administrators(d, o, io)),
                new Commands.Command(
                        "audit", "vn:", 0, 1, "[-v] [--json] [-n number] [text]", (d, o, io) -> audit(d, o, io)),
                new Commands.Command(
                        "second-factor",
                        "vdf",
                        1,
                        1,
                        "[-v] [-d [-f] | --json] name | address",
                        (d, o, io) -> secondFactor(d, o, io)),
                new Commands.Command(
                        "sessions", "vd:", 0, 1, "[-v] [-d id | [--json] holder]", (d, o, io) -> sessions(d, o, io)),
                new Commands.Command(
                        "tokens", "vd:f", 0, 1, "[-v] [-d id [-f] | [--json] holder]", (d, o, io) -> tokens(d, o, io)));
    }

    private static Change password(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        List<String> there = directory.staff().administrators().stream()
                .map(Staff.Administrator::name)
                .toList();
        String name = options.operand(0);
        if (name.isEmpty()) {
            if (there.size() > 1 && !there.contains(FIRST)) {
                return Change.refuse(Refusal.Key.COMMAND_WHICH_ADMINISTRATOR, String.join(" ", there));
            }
            name = there.size() == 1 ? there.getFirst() : FIRST;
        }
        if (options.has("r") && options.operands().size() > 1) {
            return MailboxCommands.noRandom();
        }
        if (!there.isEmpty() && !there.contains(name)) {
            return Change.refuse(Refusal.Key.COMMAND_NO_ADMINISTRATOR, String.join(" ", there));
        }
        Password password = Commands.password(options, new Commands.Asked(name, options.operands(), 1), stdio);
        Change change = there.isEmpty()
                ? directory.apply(new Edit.AddAdministrator(name, password))
                : directory.apply(new Edit.SetAdministratorPassword(name, password, options.has("k")));
        if (change instanceof Change.Done) {
            stdio.out().println("administrator " + name + ": the new password holds, who was signed in is no longer");
        }
        return change;
    }

    private static Change administrators(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        if (options.names().stream().filter("adR"::contains).count() > 1) {
            return Change.refuse(Refusal.Key.COMMAND_ADD_OR_REMOVE);
        }
        if (options.has("R")) {
            return directory.apply(new Edit.SetAdministratorRecovery(
                    options.operand(0), MailboxCommands.recovery(options).orElse("")));
        }
        if (options.has("d")) {
            return options.operands().isEmpty()
                    ? remove(directory, options, stdio)
                    : Change.refuse(Refusal.Key.COMMAND_NAME_ALONE);
        }
        if (options.has("a")) {
            String name = options.last("a").orElse("");
            if (options.has("r") && !options.operands().isEmpty()) {
                return MailboxCommands.noRandom();
            }
            return directory.apply(new Edit.AddAdministrator(
                    name, Commands.password(options, new Commands.Asked(name, options.operands(), 0), stdio)));
        }
        if (!options.operands().isEmpty() || options.has("r")) {
            return Change.refuse(Refusal.Key.COMMAND_ADDS);
        }
        if (options.has(Commands.JSON)) {
            JsonWriter.print(
                    directory.staff().administrators().stream().map(Shapes::of).toList(), stdio.out());
            return new Change.Done();
        }
        for (Staff.Administrator one : directory.staff().administrators()) {
            stdio.out().println(one.name() + " last signed in " + orNever(one.signedIn()));
        }
        return new Change.Done();
    }

    static String orNever(Instant time) {
        return time.equals(Instant.EPOCH) ? "never" : time.toString();
    }

    private static Change remove(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String name = options.last("d").orElse("");
        long tokens = directory.staff().tokens().stream()
                .filter(token -> token.holder().equals(name))
                .count();
        return Removals.run(
                Loss.of(Loss.Key.ADMINISTRATOR_WHOLE, name, tokens),
                List.of(),
                options,
                stdio,
                () -> directory.apply(new Edit.RemoveAdministrator(name)));
    }

    private static Change secondFactor(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String holder = options.operand(0);
        Optional<SecondFactors.Present> present = directory.staff().secondFactor(holder);
        if (options.has("d")) {
            return present.isEmpty()
                    ? directory.apply(new Edit.RemoveSecondFactor(holder)) // which says that there is none
                    : Removals.run(
                            Loss.of(Loss.Key.SECOND_FACTOR, holder),
                            List.of(),
                            options,
                            stdio,
                            () -> directory.apply(new Edit.RemoveSecondFactor(holder)));
        }
        if (options.has(Commands.JSON)) {
            JsonWriter.print(FactorShapes.of(present), stdio.out());
        } else {
            stdio.out()
                    .println(present.map(one -> "on since " + one.since() + ", recovery codes left: " + one.codes()
                                    + ", passkeys: " + one.passkeys().size() + (one.program() ? "" : ", no program"))
                            .orElse("off"));
        }
        return new Change.Done();
    }

    private static Change audit(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String number = options.last("n").orElse(Integer.toString(AUDIT_LINES));
        int most = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
        if (most < 1 || most > Staff.AUDIT_MAX) {
            return Change.refuse(Refusal.Key.COMMAND_NUMBER, "-n", Staff.AUDIT_MAX);
        }
        List<Audit.Numbered> lines = directory.staff().audit(options.operand(0), most);
        if (options.has(Commands.JSON)) {
            JsonWriter.print(lines.stream().map(AuditShapes::of).toList(), stdio.out());
            return new Change.Done();
        }
        for (Audit.Numbered line : lines) {
            Audit.Event event = line.event();
            stdio.out()
                    .println(event.when() + " " + Log.escape(event.who())
                            + (event.door().isEmpty() ? "" : " by " + event.door())
                            + (event.from().isEmpty() ? "" : " from " + Log.escape(event.from())) + ": "
                            + event.what() // escaped when it was noted
                            + (event.problem().isEmpty() ? "" : ": not done: " + event.problem()));
        }
        return new Change.Done();
    }

    private static Change sessions(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        if (options.has("d")) {
            return options.operands().isEmpty()
                    ? directory.apply(new Edit.EndSession(options.last("d").orElse(""), ""))
                    : Change.refuse(Refusal.Key.COMMAND_ID_ALONE);
        }
        String holder = options.operand(0);
        List<SignIns.SignIn> sessions = directory.staff().sessions().stream()
                .filter(session -> holder.isEmpty() || session.holder().equalsIgnoreCase(holder))
                .toList();
        if (options.has(Commands.JSON)) {
            JsonWriter.print(sessions.stream().map(Shapes::of).toList(), stdio.out());
            return new Change.Done();
        }
        for (SignIns.SignIn session : sessions) {
            stdio.out()
                    .println(session.id() + " " + session.holder() + " from " + session.from() + " since "
                            + session.opened() + " used " + session.used() + " " + Log.escape(session.browser()));
        }
        return new Change.Done();
    }

    private static Change tokens(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        if (options.has("d")) {
            String id = options.last("d").orElse("");
            return options.operands().isEmpty()
                    ? Removals.run(
                            Loss.of(Loss.Key.TOKEN, id),
                            List.of(),
                            options,
                            stdio,
                            () -> directory.apply(new Edit.EndToken(id, "")))
                    : Change.refuse(Refusal.Key.COMMAND_ID_ALONE);
        }
        String holder = options.operand(0);
        List<Tokens.Token> tokens = directory.staff().tokens().stream()
                .filter(token -> holder.isEmpty() || token.holder().equalsIgnoreCase(holder))
                .toList();
        if (options.has(Commands.JSON)) {
            JsonWriter.print(tokens.stream().map(Shapes::of).toList(), stdio.out());
            return new Change.Done();
        }
        for (Tokens.Token token : tokens) {
            stdio.out()
                    .println(token.id() + " " + token.holder() + " "
                            + token.scope().word() + " until " + token.expires() + " used " + orNever(token.used())
                            + " "
                            + Log.escape(token.label()));
        }
        return new Change.Done();
    }
}
