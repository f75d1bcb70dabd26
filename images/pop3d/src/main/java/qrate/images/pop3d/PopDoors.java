package qrate.images.pop3d;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import qrate.checkpassword.CountedChecker;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Budget;
import qrate.core.Control;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.State;
import qrate.core.StateVersion;
import qrate.pop3d.Pop3d;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Doors;
import qrate.tcpserver.Listener;
import qrate.tcpserver.RefusalReplies;
import qrate.tcpserver.RulesFile;

/// The two doors mail is read by.
///
/// @param pop3 port 110's listener
/// @param pop3s port 995's
public record PopDoors(Listener pop3, Listener pop3s) {
    private static final int CONNECTIONS_MAX = 400;
    private static final int PER_ADDRESS_MAX = 50;
    private static final RefusalReplies WORDS = new RefusalReplies(
            "-ERR [SYS/TEMP] too many connections from your address\r\n",
            "-ERR [SYS/TEMP] going down, come back in a moment\r\n");

    /// What the doors ask further in, and what they may hold of the heap.
    ///
    /// @param checker says whether a login is right
    /// @param bytes for the clients of both doors together
    public record Inside(PasswordChecker checker, long bytes) {}

    /// Opens the doors as `QRATE_BIND`, `QRATE_POP3_PORT` and `QRATE_POP3S_PORT` say; by default 110 and 995 on every
    /// address.
    public static PopDoors open(Daemon daemon, State state, Map<String, String> environment, Inside inside, Log log)
            throws IOException {
        StateVersion.check(state);
        InstantSource clock = InstantSource.system();
        Control control = new Control(state.control(), clock);
        Certificates certificates = Certificates.in(state.tls(), clock, log);
        daemon.health().watch("tls", certificates::problem);
        Listener.Parts parts =
                new Listener.Parts(control, RulesFile.none(), certificates, log, new Budget(inside.bytes));
        CountedChecker checker = new CountedChecker(inside.checker, PasswordChecker.Asker.POP3);
        Pop3d pop3d = new Pop3d(checker, control, log, clock);
        Listener.Settings pop3 = Listener.Settings.of(environment, "QRATE_POP3_PORT", 110)
                .withLimits(CONNECTIONS_MAX, PER_ADDRESS_MAX)
                .withWords(WORDS);
        Listener.Settings pop3s = Listener.Settings.of(environment, "QRATE_POP3S_PORT", 995)
                .withLimits(CONNECTIONS_MAX, PER_ADDRESS_MAX)
                .withImplicitTls()
                .withWords(WORDS.insideTls());
        Doors open = daemon.add(Doors.of(environment));
        daemon.figures().add(open::samples);
        daemon.figures().add(checker::samples);
        return new PopDoors(
                open.add("pop3", Listener.start(pop3, parts, pop3d)),
                open.add("pop3s", Listener.start(pop3s, parts, pop3d)));
    }
}
