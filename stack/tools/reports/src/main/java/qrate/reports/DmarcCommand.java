package qrate.reports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import qrate.core.Program;
import qrate.core.State;
import qrate.dmarc.reports.ReportReader;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `dmarc`: who sends in a domain's name, by the reports of others (dmarc(8)).
public final class DmarcCommand implements Program {
    private final MailboxCommand command;

    public DmarcCommand(InstantSource clock) {
        this(clock, SnapshotDirectory::new);
    }

    DmarcCommand(InstantSource clock, BiFunction<State, InstantSource, Directory> directories) {
        command = new MailboxCommand("dmarc", "dmarcmailbox", clock, directories, DmarcCommand::show);
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        return command.run(arguments, stdio);
    }

    private static void show(MailboxCommand.Asked asked, ReportMailbox mailbox, Stdio stdio) throws IOException {
        DomainReports reports = new DomainReports(asked.domain(), asked.since());
        mailbox.read(asked.since(), attachment -> switch (ReportReader.read(new ByteArrayInputStream(attachment))) {
            case ReportReader.Read.Good(var report) -> {
                reports.add(report);
                yield true;
            }
            case ReportReader.Read.Bad _ -> false;
        });
        ShownReports shown = new ShownReports(asked.domain(), asked.address(), mailbox, reports);
        if (asked.json()) {
            shown.json(stdio.out());
        } else {
            shown.text(stdio.out());
        }
    }
}
