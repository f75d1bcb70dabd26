package qrate.certificate;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import qrate.core.Control;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.core.State;

/// certificate(8) where nothing speaks to a CA: says what is there.
///
/// @param clock of now
public record ShowCertificate(InstantSource clock) implements Program {
    private static final String NOT_HERE = "the service that asks the CA is not there: QRATE_OVERLAYS=acme in"
            + " compose/.env, then ./qrate up (./qrate man certificate)";

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        return switch (String.join(" ", arguments)) {
            case "", "show" -> show(stdio);
            default -> {
                stdio.err().println("certificate: fatal: " + NOT_HERE);
                yield arguments.getFirst().equals("renew") ? Launcher.TEMPORARY : Launcher.USAGE;
            }
        };
    }

    /// Prints it.
    ///
    /// @return 0, or 1 when something is wrong with it
    public int show(Stdio stdio) throws IOException {
        State state = State.of(stdio.environment());
        Control control = new Control(state.control(), clock);
        Report.of(state.tls(), control).lines(clock.instant()).forEach(stdio.out()::println);
        return Report.problem(state.tls(), control, Instant.MIN, clock.instant())
                .map(why -> {
                    stdio.err().println("certificate: " + why);
                    return 1;
                })
                .orElse(0);
    }
}
