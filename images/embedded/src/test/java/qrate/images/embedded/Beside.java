package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import qrate.core.State;

/// Our commands as files in a `bin` folder, as links to the launcher are in the images, and others' programs that run
/// them.
final class Beside implements AutoCloseable {
    private static final List<String> NAMES = List.of(
            "checkpassword",
            "forward",
            "qmail-clean",
            "qmail-local",
            "qmail-lspawn",
            "qmail-newmrh",
            "qmail-pop3d",
            "qmail-popup",
            "qmail-queue",
            "qmail-rspawn",
            "qmail-send",
            "qmail-smtpd",
            "qmail-start",
            "sendmail",
            "tcp-env",
            "tcprules",
            "vchkpw",
            "vdelivermail");
    private static final String OURS = "our-";
    private static final int PORT_FIRST = 15_000;
    private static final int PORT_AFTER_LAST = 30_000;

    private final Path folder;
    private final Path bin;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<Process> running = new ArrayList<>();
    private int number;

    /// @param send host and port of the queue's QMQP
    Beside(Path folder, State state, String send) throws IOException {
        this.folder = folder;
        this.bin = Files.createDirectories(folder.resolve("bin"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path arguments = Files.writeString(
                folder.resolve("java.arguments"), """
                -XX:+UseSerialGC
                -XX:TieredStopAtLevel=1
                -Xmx64m
                --enable-native-access=ALL-UNNAMED
                -cp
                %s
                """.formatted(System.getProperty("java.class.path")));
        String run = "#!/bin/sh\nexec '" + java + "' '@" + arguments + "' qrate.images.embedded.Main ";
        Map<String, String> scripts = new TreeMap<>();
        for (String name : NAMES) {
            scripts.put(name, run + name + " \"$@\"\n");
        }
        // a name of its own beside Debian's
        scripts.put(OURS + "tcpserver", run + "tcpserver \"$@\"\n");
        install(bin, scripts);
        environment.put("PATH", bin + ":/usr/bin:/bin:/usr/sbin");
        environment.put("QRATE_STATE", state.root().toString());
        environment.put("QRATE_SEND", send);
    }

    /// Writes an executable into `bin`.
    Path script(String name, String text) throws IOException {
        install(bin, Map.of(name, "#!/bin/sh\n" + text + "\n"));
        return bin.resolve(name);
    }

    /// Writes executables by another program: whatever another test starts meanwhile has the open files of this process
    /// for a moment, and a file that somebody has open for writing cannot be run.
    static void install(Path folder, Map<String, String> texts) throws IOException {
        List<String> command = new ArrayList<>(List.of("install", "-m", "755", "-t", folder.toString()));
        Path sources = Files.createTempDirectory(folder, "sources");
        for (Map.Entry<String, String> one : texts.entrySet()) {
            command.add(Files.writeString(sources.resolve(one.getKey()), one.getValue())
                    .toString());
        }
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IOException("install ended with " + code);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        for (String name : texts.keySet()) {
            Files.delete(sources.resolve(name));
        }
        Files.delete(sources);
    }

    Path bin() {
        return bin;
    }

    Map<String, String> environment() {
        return environment;
    }

    /// Starts a program; what it prints goes to {@link #said}.
    ///
    /// @return its number
    int start(String... command) throws IOException {
        number++;
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said." + number).toFile());
        running.add(builder.start());
        return number;
    }

    /// Runs a program to its end.
    ///
    /// @return its exit code
    int run(String in, String... command) throws IOException, InterruptedException {
        int started = start(command);
        Process process = running.get(started - 1);
        try (OutputStream input = process.getOutputStream()) {
            input.write(in.getBytes(UTF_8));
        } catch (IOException _) {
            // a program need not read its input: its exit code says why
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException(String.join(" ", command) + " does not end");
        }
        return process.exitValue();
    }

    /// What the last program has printed.
    String said() throws IOException {
        return said(number);
    }

    /// What a program has printed.
    String said(int started) throws IOException {
        return Files.readString(folder.resolve("said." + started));
    }

    /// A program that was started.
    Process process(int started) {
        return running.get(started - 1);
    }

    /// Tells the last program to end.
    ///
    /// @return its exit code
    int term() throws IOException, InterruptedException {
        Process process = running.get(number - 1);
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("still there after TERM");
        }
        return process.exitValue();
    }

    /// The port that a tcpserver has printed.
    int port() {
        Awaitility.await().atMost(Installation.SOON).until(() -> said().lines().anyMatch(l -> l.matches("[0-9]+")));
        try {
            return said().lines()
                    .filter(l -> l.matches("[0-9]+"))
                    .map(Integer::parseInt)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A port that nobody listens on, below those that the system gives to whoever asks for any: one of these could be
    /// another test's before it is used.
    static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_AFTER_LAST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // somebody has it: another then
            }
        }
    }

    /// Waits until someone listens.
    static void listens(int port) {
        Awaitility.await().atMost(Installation.SOON).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
    }

    @Override
    public void close() {
        for (Process process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
