package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Opening;

/// A stopped system in a folder, and the two commands on it.
final class Rig {
    final Path folder;
    final State state;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    Rig(Path folder) throws IOException {
        this.folder = folder;
        this.state = new State(folder);
        for (Path part : List.of(state.control(), state.db(), state.maildirs(), state.users(), state.passwords())) {
            Files.createDirectories(part);
        }
        control("me", "mail.example.test\n");
    }

    void control(String name, String text) throws IOException {
        Files.writeString(state.control().resolve(name), text);
    }

    String control(String name) throws IOException {
        return Files.readString(state.control().resolve(name));
    }

    int apply(String yaml, String... options) throws Exception {
        return apply(Opening::open, yaml, options);
    }

    int apply(Opening.Opener opener, String yaml, String... options) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(options));
        arguments.add("-");
        return run(new ApplyProgram(opener), yaml, arguments);
    }

    int run(Program program, String in, List<String> arguments) throws Exception {
        out.reset();
        err.reset();
        return program.run(
                arguments,
                new Program.Stdio(
                        Map.of("QRATE_STATE", folder.toString(), "QRATE_BCRYPT_COST", "4"),
                        new ByteArrayInputStream(in.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8)));
    }

    String export(String... options) throws Exception {
        int code = run(new ExportProgram(), "", List.of(options));
        if (code != 0) {
            throw new IOException(code + " " + err());
        }
        return out();
    }

    String out() {
        return out.toString(UTF_8);
    }

    String err() {
        return err.toString(UTF_8);
    }
}
