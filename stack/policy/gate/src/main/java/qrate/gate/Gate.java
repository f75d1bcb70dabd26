package qrate.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.UnixSocket;
import qrate.dns.Dns;
import qrate.milter.MilterAddress;
import qrate.milter.MilterOptions;
import qrate.milter.MilterOptions.Action;
import qrate.milter.MilterServer;
import qrate.milter.MilterStage;
import qrate.milter.Milters;

/// The gate as a milter behind a listener.
public final class Gate implements AutoCloseable {
    /// Port of the gate.
    public static final int PORT = 631;

    /// SMTP sessions at once; more wait at the door.
    private static final int SESSIONS_MAX = 800;

    private static final Duration IDLE_MAX = Duration.ofMinutes(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    /// Its file, in the folder of its own.
    private static final String GREYLIST = "greylist";

    private final MilterServer server;
    private final Greylist greylist;
    private final MilterAddress at;
    private final Optional<DmarcReporting> reporting;

    private Gate(MilterServer server, Greylist greylist, MilterAddress at, Optional<DmarcReporting> reporting) {
        this.server = server;
        this.greylist = greylist;
        this.at = at;
        this.reporting = reporting;
    }

    /// Listens from now on.
    ///
    /// @param at where; port 0 is one that is free
    /// @param own the folder where it keeps what it has to remember
    /// @throws IOException when it cannot listen there
    public static Gate open(MilterAddress at, Control control, Path own, Dns dns, InstantSource clock, Log log)
            throws IOException {
        DmarcReporting reporting = DmarcReporting.start(control, own, dns, clock, log);
        boolean open = false;
        try {
            Judge judge = new Judge(control, dns, clock, reporting::count);
            Gate gate = open(at, judge, Greylist.open(own.resolve(GREYLIST), clock, log), Optional.of(reporting), log);
            open = true;
            return gate;
        } finally {
            if (!open) {
                reporting.close();
            }
        }
    }

    static Gate open(MilterAddress at, Judge judge, Greylist greylist, Log log) throws IOException {
        return open(at, judge, greylist, Optional.empty(), log);
    }

    private static Gate open(
            MilterAddress at, Judge judge, Greylist greylist, Optional<DmarcReporting> reporting, Log log)
            throws IOException {
        Budget headers = new Budget(Budget.ofHeap(4));
        MilterServer.Limits limits = new MilterServer.Limits(
                SESSIONS_MAX,
                IDLE_MAX,
                MilterServer.Limits.USUAL.headerBytes(),
                MilterServer.Limits.USUAL.sessionBytes(),
                Budget.ofHeap(4),
                DRAIN);
        MilterServer.Work work = new MilterServer.Work(wish(), () -> new GateSession(judge, greylist, headers, log));
        return new Gate(new MilterServer(at, UnixSocket.GROUP, work, limits, log), greylist, at, reporting);
    }

    /// What is asked of SMTP servers: few answers are waited for, and of macros only those that are looked at.
    private static MilterOptions wish() {
        Set<Action> actions = Set.of(Action.ADD_FIELDS, Action.CHANGE_FIELDS, Action.QUARANTINE);
        return MilterOptions.wish(actions, Set.of(MilterStage.UNKNOWN))
                .with(MilterStage.CONNECT.unanswered()
                        | MilterStage.HELO.unanswered()
                        | MilterStage.MAIL.unanswered()
                        | MilterStage.FIELD.unanswered())
                .naming(Map.of(
                        MilterStage.CONNECT,
                        "j {client_addr} " + Milters.OURS,
                        MilterStage.MAIL,
                        "i {auth_authen} " + Milters.OURS));
    }

    /// Where it listens: an address that `QRATE_GATE` and a line of `control/milters` can hold.
    public String address() {
        return at instanceof MilterAddress.Inet(var host, var _, var six)
                ? new MilterAddress.Inet(host, server.port(), six).toString()
                : at.toString();
    }

    /// Lets messages under way end, and closes.
    @Override
    public void close() {
        server.close();
        greylist.close();
        reporting.ifPresent(DmarcReporting::close);
    }
}
