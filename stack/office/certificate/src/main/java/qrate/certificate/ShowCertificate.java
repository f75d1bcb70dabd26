package qrate.certificate;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.core.State;

/// certificate(8) where nothing speaks to a CA: says what is there.
///
/// @param clock of now
public record ShowCertificate(InstantSource clock) implements Program {
    private static final String NOT_HERE = "the service that asks the CA is not there: QRATE_OVERLAYS=acme in"
            + " compose/.env, then ./qrate up (./qrate man certificate)";

    private static final Getopt KNOWN = Getopt.anywhere("", "json");

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Optional<Boolean> show = asked(arguments);
        if (show.isPresent()) {
            return show(show.get(), stdio);
        }
        stdio.err().println("certificate: fatal: " + NOT_HERE);
        return arguments.getFirst().equals("renew") ? Launcher.TEMPORARY : Launcher.USAGE;
    }

    /// Whether it is asked for what is there, and then whether as JSON.
    public static Optional<Boolean> asked(List<String> arguments) {
        try {
            Getopt.Given given = KNOWN.read(arguments);
            boolean show = given.operands().isEmpty() || given.operands().equals(List.of("show"));
            return show ? Optional.of(given.has("json")) : Optional.empty();
        } catch (Getopt.Misuse _) {
            return Optional.empty();
        }
    }

    /// Prints it.
    ///
    /// @return 0, or 1 when something is wrong with it
    public int show(boolean json, Stdio stdio) throws IOException {
        State state = State.of(stdio.environment());
        Control control = new Control(state.control(), clock);
        Report report = Report.of(state.tls(), control);
        Optional<String> problem = Report.problem(state.tls(), control, Instant.MIN, clock.instant());
        if (json) {
            Map<String, Object> shape = new LinkedHashMap<>(report.json(clock.instant()));
            problem.ifPresent(why -> shape.put("problem", why));
            JsonWriter.print(shape, stdio.out());
        } else {
            report.lines(clock.instant()).forEach(stdio.out()::println);
        }
        problem.ifPresent(why -> stdio.err().println("certificate: " + why));
        return problem.isPresent() ? 1 : 0;
    }
}
