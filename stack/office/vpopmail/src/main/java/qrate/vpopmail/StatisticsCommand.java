package qrate.vpopmail;

import java.io.IOException;
import java.util.List;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;
import qrate.directory.Change;
import qrate.directory.EditableDirectory;
import qrate.directory.MailDay;
import qrate.directory.Refusal;

/// `statistics`: the mail of a domain, day by day.
final class StatisticsCommand {
    private static final String COLUMNS = "%-10s %9s %13s %7s %9s %13s %8s %8s%n";

    private StatisticsCommand() {}

    static Commands.Command command() {
        return new Commands.Command("statistics", "v", 1, 1, "[-v] [--json] domain", StatisticsCommand::run);
    }

    private static Change run(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        List<MailDay> days = directory.mailDays(options.operand(0));
        if (days.isEmpty()) {
            return Change.refuse(Refusal.Key.DOMAIN_MISSING);
        }
        if (options.has(Commands.JSON)) {
            JsonWriter.print(days.stream().map(MailDay::json).toList(), stdio.out());
            return new Change.Done();
        }
        stdio.out().printf(COLUMNS, "day", "received", "bytes", "spam", "sent", "bytes", "bounced", "refused");
        for (MailDay day : days) {
            print(day.day().toString(), day, stdio);
        }
        print("together", days.stream().reduce(MailDay.none(days.getFirst().day()), MailDay::plus), stdio);
        return new Change.Done();
    }

    private static void print(String name, MailDay day, Program.Stdio stdio) {
        stdio.out()
                .printf(
                        COLUMNS,
                        name,
                        day.received(),
                        day.receivedBytes(),
                        day.spam(),
                        day.sent(),
                        day.sentBytes(),
                        day.bounced(),
                        day.refused());
    }
}
