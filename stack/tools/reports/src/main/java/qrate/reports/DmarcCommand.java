package qrate.reports;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import qrate.core.Program;
import qrate.core.State;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `dmarc`: who sends in a domain's name, by the reports of others (dmarc(8)).
public final class DmarcCommand implements Program {
    private final MailboxCommand command;

    public DmarcCommand(InstantSource clock) {
        this(clock, SnapshotDirectory::new);
    }

    DmarcCommand(InstantSource clock, BiFunction<State, InstantSource, Directory> directories) {
        command = new MailboxCommand("dmarc", ReportBoxes.DMARC, clock, directories, DmarcCommand::show);
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        return command.run(arguments, stdio);
    }

    private static void show(MailboxCommand.Asked asked, ReportMailbox mailbox, Stdio stdio) throws IOException {
        new ShownReports(asked, mailbox, asked.read(mailbox)).print(stdio.out());
    }
}
