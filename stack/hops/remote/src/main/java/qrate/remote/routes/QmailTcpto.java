package qrate.remote.routes;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.dns.Hosts;
import qrate.remote.routes.TimeoutTable.Entry;

/// `qmail-tcpto` prints the hosts that timed out (qmail-tcpto(8)); `qmail-tcpok` forgets them (qmail-tcpok(8)).
///
/// Both exit with 111 when the table cannot be read or written, and know no arguments.
public final class QmailTcpto implements Program {
    private static final int TEMPORARY = 111;
    private static final int USAGE = 100;

    private final InstantSource clock;
    private final boolean forget;

    private QmailTcpto(InstantSource clock, boolean forget) {
        this.clock = clock;
        this.forget = forget;
    }

    /// `qmail-tcpto`.
    public static QmailTcpto list(InstantSource clock) {
        return new QmailTcpto(clock, false);
    }

    /// `qmail-tcpok`.
    public static QmailTcpto forget(InstantSource clock) {
        return new QmailTcpto(clock, true);
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println((forget ? "qmail-tcpok" : "qmail-tcpto") + ": usage: no arguments");
            return USAGE;
        }
        TimeoutTable table = new TimeoutTable(TimeoutTable.file(stdio.environment()));
        try {
            if (forget) {
                table.clear();
                return 0;
            }
            for (Entry entry : table.all()) {
                long seconds = Math.max(0, (clock.millis() - entry.lastMillis()) / 1000);
                stdio.out()
                        .println(Hosts.text(entry.server()) + " timed out " + seconds
                                + " seconds ago; # recent timeouts: " + entry.times());
            }
            return 0;
        } catch (IOException e) {
            String what = forget ? "qmail-tcpok: fatal: unable to clear tcpto: " : "fatal: unable to read tcpto: ";
            (forget ? stdio.err() : stdio.out()).println(what + Reasons.of(e));
            return TEMPORARY;
        }
    }
}
