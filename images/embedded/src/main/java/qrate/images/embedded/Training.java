package qrate.images.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Launcher;
import qrate.core.Log;
import qrate.core.Program;
import qrate.tcpserver.Listener;

/// What `./qrate` runs once after a build so that the JVM's AOT cache knows what commands and daemon load: a system in
/// a folder that is thrown away, a mail through it, a login, and each kind of command.
///
/// `init` is not among them and must have run: it loads classes of a signed jar, which a cache cannot hold, and then
/// every later start would check that jar's signature.
final class Training {
    private static final int WAIT_MILLIS = 10_000;

    /// As many messages as make what runs for each of them known to the cache (JEP 515), in a second or two.
    private static final int CONNECTIONS = 80;

    private static final int MESSAGES_A_CONNECTION = 25;
    private static final String LINE = "The quick brown fox jumps over the lazy dog, and does so again.\r\n";
    private static final int LINES = 20;

    private final Map<String, Program> programs;
    private final Map<String, String> environment = new TreeMap<>();

    private Training(Map<String, Program> programs) {
        this.programs = programs;
    }

    /// @param programs by the environment they are for
    /// @param folder with a state that `init` has made in `state`
    static int run(java.util.function.Function<Map<String, String>, Map<String, Program>> programs, Path folder)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "QRATE_STATE",
                folder.resolve("state").toString(),
                "QRATE_SPOOL",
                folder.resolve("spool").toString(),
                "QRATE_SEND",
                "127.0.0.1:" + freePort(),
                "QRATE_BIND",
                "127.0.0.1",
                "QRATE_DOMAIN",
                "example.test"));
        for (String door : List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN")) {
            environment.put("QRATE_" + door + "_PORT", "0");
        }
        Training training = new Training(programs.apply(environment));
        training.environment.putAll(environment);
        Files.createDirectories(folder.resolve("spool"));
        try (Embedded system = Embedded.start(environment, Log.silent())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                training.talk(system.smtp().smtp(), letters(i % 2 == 0 ? 1 : MESSAGES_A_CONNECTION));
            }
            training.talk(system.pop().pop3(), List.of("CAPA", "QUIT"));
            training.command("qmail-inject", "To: postmaster@example.test\n\nx\n");
            training.command("sendmail", "To: postmaster@example.test\n\nx\n", "-t");
            training.command("qmail-remote", "x\n", "127.0.0.1", "a@example.test", "b@example.test");
            training.command("vuserinfo", "", "postmaster@example.test");
            for (String name : List.of("qmail-qstat", "qmail-qread", "qmail-showctl")) {
                training.command(name, "");
            }
        }
        return 0;
    }

    /// A dialogue of so many messages, each line once the one before is answered.
    private static List<String> letters(int messages) {
        List<String> lines = new ArrayList<>(List.of("EHLO train.test"));
        for (int i = 0; i < messages; i++) {
            lines.addAll(List.of(
                    "MAIL FROM:<train@train.test>",
                    "RCPT TO:<postmaster@example.test>",
                    "DATA",
                    "From: train@train.test\r\nSubject: x\r\n\r\n" + LINE.repeat(LINES) + "."));
        }
        lines.add("QUIT");
        return lines;
    }

    private void command(String name, String in, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = name;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Launcher.run(
                programs,
                all,
                new Program.Stdio(
                        environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), nowhere, nowhere));
    }

    private void talk(Listener door, List<String> lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout(WAIT_MILLIS);
            InputStream in = socket.getInputStream();
            byte[] reply = new byte[4096];
            for (String line : lines) {
                if (in.read(reply) < 0) {
                    return;
                }
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
