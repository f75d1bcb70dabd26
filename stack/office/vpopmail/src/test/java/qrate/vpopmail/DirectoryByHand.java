package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Settings;

/// A directory of a test's own, and vpopmail's commands run on it.
abstract class DirectoryByHand {
    @TempDir
    Path folder;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    String input = "from stdin\n";
    Domains domains;

    @BeforeEach
    void open() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), InstantSource.system());
    }

    @AfterEach
    void close() {
        domains.close();
    }

    int run(String line) throws Exception {
        return run(List.of(line.split(" ")));
    }

    int run(List<String> words) throws Exception {
        out.reset();
        err.reset();
        Program.Stdio stdio = new Program.Stdio(
                Map.of("QRATE_STATE", folder.toString()),
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        // the test's directory, which a command must not close
        Opening.Opener borrowed = _ -> (EditableDirectory) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {EditableDirectory.class},
                (_, method, arguments) -> method.getName().equals("close") ? null : method.invoke(domains, arguments));
        return Commands.programs(borrowed).get(words.getFirst()).run(words.subList(1, words.size()), stdio);
    }
}
