package qrate.vpopmail;

import java.io.IOException;
import java.util.List;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.directory.AppPasswords;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Refusal;
import qrate.directory.Shapes;

/// Commands for what the owner of a mailbox sets himself by its pages.
final class OwnerCommands {
    private OwnerCommands() {}

    static List<Commands.Command> all() {
        return List.of(
                new Commands.Command(
                        "app-passwords", "vd:", 1, 1, "[-v] [-d id | --json] address", OwnerCommands::appPasswords),
                new Commands.Command(
                        "vforward",
                        "vnd",
                        1,
                        1 + Forwarding.TARGETS_MAX,
                        "[-v] [-n | -d | --json] address [target ...]",
                        OwnerCommands::forward));
    }

    private static Change appPasswords(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String address = options.operand(0);
        if (options.has("d")) {
            return directory.apply(
                    new Edit.EndAppPassword(address, options.last("d").orElse("")));
        }
        if (directory.mailbox(address).isEmpty()) {
            return Change.refuse(Refusal.Key.MAILBOX_MISSING, address);
        }
        List<AppPasswords.Listed> all = directory.appPasswords(address);
        if (options.has(Commands.JSON)) {
            JsonWriter.print(all.stream().map(Shapes::of).toList(), stdio.out());
            return new Change.Done();
        }
        for (AppPasswords.Listed one : all) {
            stdio.out()
                    .println(one.id() + " for " + one.wish().doors() + " since " + one.created() + " used "
                            + StaffCommands.orNever(one.used()) + " "
                            + Log.escape(one.wish().label()));
        }
        return new Change.Done();
    }

    private static Change forward(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String address = options.operand(0);
        List<String> targets = options.operands().subList(1, options.operands().size());
        boolean off = options.has("d");
        if (off ? options.has("n") || !targets.isEmpty() : options.has("n") && targets.isEmpty()) {
            return Change.refuse(Refusal.Key.COMMAND_FORWARD);
        }
        if (off || !targets.isEmpty()) {
            return directory.apply(new Edit.SetForward(address, new Forwarding(targets, !options.has("n"))));
        }
        if (directory.mailbox(address).isEmpty()) {
            return Change.refuse(Refusal.Key.MAILBOX_MISSING, address);
        }
        Forwarding forward = directory.forward(address);
        if (options.has(Commands.JSON)) {
            JsonWriter.print(Shapes.of(forward), stdio.out());
        } else {
            forward.to().forEach(stdio.out()::println);
            stdio.out().println(forward.keep() ? "keeps a copy" : "keeps no copy");
        }
        return new Change.Done();
    }
}
