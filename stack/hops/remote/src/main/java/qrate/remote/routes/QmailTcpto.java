package qrate.remote.routes;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.JsonWriter;
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
        boolean json = !forget && arguments.equals(List.of("--json"));
        if (!arguments.isEmpty() && !json) {
            stdio.err()
                    .println((forget ? "qmail-tcpok" : "qmail-tcpto") + ": usage: no arguments"
                            + (forget ? "" : ", or --json"));
            return USAGE;
        }
        TimeoutTable table = new TimeoutTable(TimeoutTable.file(stdio.environment()));
        try {
            if (forget) {
                table.clear();
                return 0;
            }
            if (json) {
                JsonWriter.print(table.all().stream().map(this::shape).toList(), stdio.out());
                return 0;
            }
            for (Entry entry : table.all()) {
                long seconds = seconds(entry);
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

    private long seconds(Entry entry) {
        return Math.max(0, (clock.millis() - entry.lastMillis()) / 1000);
    }

    private Map<String, Object> shape(Entry entry) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("server", Hosts.text(entry.server()));
        shape.put("secondsAgo", seconds(entry));
        shape.put("timeouts", entry.times());
        return shape;
    }
}
