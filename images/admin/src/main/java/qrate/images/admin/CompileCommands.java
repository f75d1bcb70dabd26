package qrate.images.admin;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Control;
import qrate.core.Program;
import qrate.core.State;
import qrate.local.plan.QmailNewdot;
import qrate.smtpd.QmailNewmrh;
import qrate.snapshots.QmailNewu;
import qrate.snapshots.QmailPw2u;
import qrate.snapshots.SnapshotDirectory;
import qrate.tcpserver.Tcprules;

/// What compiles files for other services: here, since this image alone may write `control` and `users`.
final class CompileCommands {
    private CompileCommands() {}

    /// By name.
    static Map<String, Program> programs() {
        InstantSource clock = InstantSource.system();
        Map<String, Program> programs = new TreeMap<>();
        programs.put(
                "qmail-newdot",
                Program.of(() -> new QmailNewdot(state -> SnapshotDirectory.orNone(state, clock), clock)));
        programs.put("qmail-newmrh", (arguments, stdio) -> {
            Control control = new Control(State.of(stdio.environment()).control(), clock);
            return new QmailNewmrh(control).run(arguments, stdio);
        });
        programs.put("qmail-newu", new QmailNewu());
        programs.put("qmail-pw2u", QmailPw2u.program());
        programs.put("tcprules", Program.of(Tcprules::new)); // what smtpd has as well
        return programs;
    }
}
