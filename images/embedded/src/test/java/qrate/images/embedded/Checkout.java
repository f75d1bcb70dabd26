package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A copy of the script `qrate` beside what a build would have left, so that it builds nothing. Root's commands in it
/// go
/// on as `nobody`.
final class Checkout implements AutoCloseable {
    static final List<String> DOORS = List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN", "QMQP");

    /// Whom root's commands go on as, who is on every system.
    static final String USER = "nobody";

    private static final Path REPOSITORY = Repository.root();

    /// What of the repository the script uses in this shape; a test compares with what it copies for another user.
    private static final List<String> FILES = List.of(
            "qrate",
            "provisioning/jdk",
            "provisioning/upgrade",
            "provisioning/flat.awk",
            "images/base/begin",
            "images/base/codes",
            "images/base/flags",
            "images/base/modules",
            "images/base/program",
            "images/base/programs");

    /// Longest wait for one command.
    private static final long COMMAND_SECONDS_MAX = 90;

    final Path top;
    final Map<String, String> environment = new TreeMap<>();
    private final List<Process> started = new ArrayList<>();
    private final List<Path> states = new ArrayList<>();

    /// What a command printed, and its exit code.
    record Said(int code, String text) {}

    private Checkout(Path top) {
        this.top = top;
        this.states.add(top.resolve("var"));
    }

    /// Makes one in a folder that everybody can get at.
    static Checkout in(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Checkout made = new Checkout(folder.resolve("qrate"));
        for (String file : FILES) {
            Path copy = made.top.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(REPOSITORY.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
        made.build();
        made.environment.put("PATH", System.getenv("PATH"));
        made.environment.put("QRATE_BCRYPT_COST", "4");
        made.environment.put("QRATE_USER", USER);
        made.takePorts();
        return made;
    }

    Path run() {
        return top.resolve("images/embedded/target/run");
    }

    /// Leaves what a build would leave, made of this test's own class path.
    private void build() throws IOException {
        Files.createDirectories(run());
        List<String> names = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            if (entry.endsWith("test-classes") || !Files.exists(from)) {
                continue;
            }
            String name = names.size() + "-" + from.getFileName();
            copy(from, run().resolve(name));
            names.add(name);
        }
        Files.write(run().resolve("class-path"), names);
        Path home = Path.of(System.getProperty("java.home"));
        Files.createSymbolicLink(run().resolve("runtime"), home);
        Files.copy(home.resolve("release"), run().resolve("runtime.of"));
        // one that the JVM does not take, and goes on without
        Files.writeString(run().resolve("embedded.aot"), "none");
        trained();
        fresh();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void trained() throws IOException {
        Process stat = new ProcessBuilder("sh", "-c", "pwd && stat -c '%n %s %Y' ./*.jar runtime/lib/modules")
                .directory(run().toFile())
                .start();
        Files.write(run().resolve("embedded.aot.for"), stat.getInputStream().readAllBytes());
    }

    /// As after a build a moment ago.
    void fresh() throws IOException {
        Path stamp = run().resolve("stamp");
        if (!Files.exists(stamp)) {
            Files.createFile(stamp);
        }
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now()));
    }

    /// Another port for each door.
    void takePorts() throws IOException {
        LinkedHashSet<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < DOORS.size()) {
            ports.add(Beside.freePort());
        }
        for (String door : DOORS) {
            environment.put("QRATE_" + door + "_PORT", ports.removeFirst().toString());
        }
    }

    String port(String door) {
        return environment.get("QRATE_" + door + "_PORT");
    }

    /// Ends what runs on this state, too, when the test is over.
    void alsoEnds(Path state) {
        states.add(state);
    }

    /// Ends this process, too.
    void ends(Process process) {
        started.add(process);
    }

    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    Process start(Path output, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(top.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        started.add(process);
        return process;
    }

    Process start(Path output, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("bash", top.resolve("qrate").toString()));
        command.addAll(List.of(arguments));
        return start(output, command);
    }

    static Said end(Process process, Path output) throws IOException, InterruptedException {
        assertTrue(process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS), () -> "it does not end");
        return new Said(process.exitValue(), Files.readString(output));
    }

    Said qrate(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("said", "");
        try {
            return end(start(output, arguments), output);
        } finally {
            Files.delete(output);
        }
    }

    Said shell(String script) throws IOException, InterruptedException {
        Path output = Files.createTempFile("said", "");
        try {
            return end(start(output, List.of("bash", "-c", script)), output);
        } finally {
            Files.delete(output);
        }
    }

    void saysOneLine(int code, String text, String... arguments) throws IOException, InterruptedException {
        assertEquals(new Said(code, "qrate: " + text + "\n"), qrate(arguments));
    }

    /// The process of a state, if it is one of ours.
    static Stream<ProcessHandle> process(Path state) {
        try {
            Path pid = state.resolve("run/embedded.pid");
            return Files.exists(pid)
                    ? ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).stream()
                            .filter(process ->
                                    process.info().command().orElse("").endsWith("java"))
                    : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends whatever was started here.
    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        states.stream().flatMap(Checkout::process).forEach(ProcessHandle::destroyForcibly);
    }
}
