package qrate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Starts and ends the processes of a bench run, and waits for their ports.
final class Processes {
    private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Processes() {}

    /// Runs a command to its end.
    ///
    /// @throws IOException when it fails
    static void run(String... command) throws IOException {
        output(Map.of(), command);
    }

    /// Runs a command to its end.
    ///
    /// @return what it printed
    /// @throws IOException when it fails
    static String output(Map<String, String> environment, String... command) throws IOException {
        Path out = Files.createTempFile("bench", ".out");
        try {
            Process process = start(out, environment, command);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + Files.readString(out));
            }
            return Files.readString(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /// Starts a command whose output goes to a file.
    static Process start(Path out, String... command) throws IOException {
        return start(out, Map.of(), command);
    }

    /// Starts a command with more environment.
    static Process start(Path out, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(command));
        builder.environment().putAll(environment);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        Process process =
                builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        // a run that is broken off leaves nothing running
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    /// Ends a process that this run started, and waits for it.
    static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A port of 127.0.0.1.
    static InetSocketAddress here(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /// Waits until somebody listens.
    static void awaitPort(int port) throws IOException {
        for (long start = System.nanoTime(); System.nanoTime() - start < START_NANOS_MAX; ) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException _) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        throw new IOException("nobody listens on port " + port);
    }

    /// Messages in `new/` and `cur/` of every mailbox.
    static long delivered(Server server) throws IOException {
        long count = 0;
        for (String local : Server.first()) {
            count += delivered(server, local);
        }
        return count;
    }

    /// Messages in `new/` and `cur/` of one mailbox.
    static long delivered(Server server, String local) throws IOException {
        long count = 0;
        for (String folder : List.of("new", "cur")) {
            Path path = server.maildir(local).resolve(folder);
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    count += files.count();
                }
            }
        }
        return count;
    }

    /// Takes the messages out of the first {@link Server#MAILBOXES} mailboxes; see below.
    static void clearMaildirs(Server server) throws IOException {
        clearMaildirs(server, Server.first());
    }

    /// Takes the messages out of mailboxes, and keeps them aside until the run ends.
    ///
    /// ext4 passes over inodes that were freed in the last minute one by one: a round right after thousands of
    /// deletions would measure those.
    static void clearMaildirs(Server server, List<String> locals) throws IOException {
        for (String local : locals) {
            Path aside = server.maildir(local).resolveSibling("aside-" + local);
            for (String folder : List.of("new", "cur")) {
                Path path = server.maildir(local).resolve(folder);
                if (Files.isDirectory(path)) {
                    Files.createDirectories(aside);
                    try (Stream<Path> files = Files.list(path)) {
                        for (Path file : files.toList()) {
                            Files.move(file, aside.resolve(file.getFileName()));
                        }
                    }
                }
            }
            Files.deleteIfExists(server.maildir(local).resolve("maildirsize"));
        }
    }
}
