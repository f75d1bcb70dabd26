package qrate.smtpd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import qrate.core.Log;
import qrate.milter.MilterAddress;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.milter.MilterHandler;
import qrate.milter.MilterOptions;
import qrate.milter.MilterServer;

/// A milter at a Unix socket that writes down what it is told and answers as a test wants.
final class TestMilter implements AutoCloseable {
    /// What it was told, in order.
    final List<String> told = new CopyOnWriteArrayList<>();

    /// Macros as they were at the last step.
    final Map<String, String> macros = new ConcurrentHashMap<>();

    private final MilterServer server;
    private final Path socket;

    TestMilter(Path folder, String name, Function<MilterCommand.Event, MilterAnswer> answers) throws IOException {
        this.socket = folder.resolve(name);
        this.server = new MilterServer(
                MilterAddress.parse("unix:" + socket),
                "rw-------",
                new MilterServer.Work(
                        MilterOptions.wish(Set.of(MilterOptions.Action.values()), Set.of()), () -> handler(answers)),
                MilterServer.Limits.USUAL,
                Log.silent());
    }

    /// One that answers a step of a kind so, and goes on at all others.
    static <E extends MilterCommand.Event> Function<MilterCommand.Event, MilterAnswer> at(
            Class<E> step, MilterAnswer answer) {
        return event -> step.isInstance(event) ? answer : MilterAnswer.CONTINUE;
    }

    /// Its line in `control/milters`.
    String line() {
        return "unix:" + socket + " timeout=20 name=" + socket.getFileName();
    }

    private MilterHandler handler(Function<MilterCommand.Event, MilterAnswer> answers) {
        return new MilterHandler() {
            @Override
            public MilterAnswer on(MilterCommand.Event event, Context context) {
                told.add(words(event));
                for (String name : List.of(
                        "j",
                        "_",
                        "v",
                        "i",
                        "{client_addr}",
                        "{client_name}",
                        "{client_ptr}",
                        "{daemon_name}",
                        "{tls_version}",
                        "{cipher}",
                        "{cipher_bits}",
                        "{auth_type}",
                        "{auth_authen}",
                        "{mail_addr}",
                        "{rcpt_addr}")) {
                    context.macro(name).ifPresent(value -> macros.put(name, value));
                }
                return answers.apply(event);
            }

            @Override
            public void abort() {
                told.add("abort");
            }

            @Override
            public void close() {
                told.add("close");
            }
        };
    }

    private static String words(MilterCommand.Event event) {
        return switch (event) {
            case MilterCommand.Connect(var host, var _, var _, var ip) -> "connect " + host + " " + ip;
            case MilterCommand.Helo(var name) -> "helo " + name;
            case MilterCommand.Mail(var arguments) -> "mail " + String.join(" ", arguments);
            case MilterCommand.Rcpt(var arguments) -> "rcpt " + String.join(" ", arguments);
            case MilterCommand.Data _ -> "data";
            case MilterCommand.FieldLine(var name, var value) -> name + ":" + value;
            case MilterCommand.HeaderDone _ -> "header ends";
            case MilterCommand.BodyChunk(byte[] bytes) -> "body " + new String(bytes, ISO_8859_1);
            case MilterCommand.BodyDone _ -> "body ends";
            case MilterCommand.Unknown(var line) -> "unknown " + line;
        };
    }

    @Override
    public void close() {
        server.close();
    }
}
