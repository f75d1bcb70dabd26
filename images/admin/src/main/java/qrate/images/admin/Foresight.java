package qrate.images.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import qrate.admin.WhatIf;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Json;
import qrate.explain.Explain;
import qrate.lists.Lists;
import qrate.remote.Surroundings;
import qrate.snapshots.SnapshotDirectory;
import qrate.wordings.Wordings;

/// What `explain` says, for pages: it is made when somebody asks, since most days nobody does.
///
/// @param intake that lists would hand their mail to; nothing is handed over
record Foresight(State state, Map<String, String> environment, Intake intake, InstantSource clock) implements WhatIf {
    /// In containers this process has no way to DNS: what another host would do is rspawn's to say.
    private List<String> words(String address) {
        return environment.containsKey("QRATE_SERVICES")
                ? List.of("--json", "-l", address)
                : List.of("--json", address);
    }

    @Override
    public Fate of(String address) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                environment,
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        explain().run(words(address), stdio);
        if (out.size() == 0) {
            return new Fate("refused", err.toString(UTF_8).strip(), List.of());
        }
        Map<String, Object> said = Json.object(out.toByteArray());
        List<Step> steps = new ArrayList<>();
        for (Object one : said.get("steps") instanceof List<?> all ? all : List.of()) {
            if (one instanceof Map<?, ?> step) {
                int depth = step.get("depth") instanceof Number number ? number.intValue() : 0;
                steps.add(new Step(String.valueOf(step.get("part")), depth, String.valueOf(step.get("text"))));
            }
        }
        return new Fate(String.valueOf(said.get("outcome")), String.valueOf(said.get("text")), steps);
    }

    private Explain explain() {
        Control control = new Control(state.control(), clock);
        SnapshotDirectory directory = new SnapshotDirectory(state, clock);
        Lists lists = new Lists(
                intake,
                clock,
                new SecureRandom(),
                Log.silent(),
                new Lists.House(
                        () -> control.line("listurl"),
                        () -> control.line("me"),
                        new Wordings(directory, Log.silent())));
        return new Explain(new Explain.Parts(
                state,
                control,
                directory,
                Surroundings.real(control, environment, Log.silent()),
                clock,
                lists.inDelivery()));
    }
}
