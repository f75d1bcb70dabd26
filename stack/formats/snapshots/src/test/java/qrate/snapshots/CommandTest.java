package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

/// A state folder, and what a command said.
abstract class CommandTest {
    @TempDir
    Path state;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();

    int run(Program program, String in, String... arguments) throws Exception {
        out.reset();
        err.reset();
        return program.run(
                List.of(arguments),
                new Program.Stdio(
                        Map.of("QRATE_STATE", state.toString()),
                        new ByteArrayInputStream(in.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8)));
    }

    String said() {
        return out.toString(UTF_8);
    }

    String complained() {
        return err.toString(UTF_8);
    }
}
