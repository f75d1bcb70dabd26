package qrate.milter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.message.Field;

/// What the tests of both ends share.
final class Scenes {
    static final MilterSetting.Waits SHORT = new MilterSetting.Waits(
            Duration.ofMillis(2000),
            Duration.ofMillis(2000),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofMillis(1200));

    static final MilterSetting.Waits LONG = MilterSetting.Waits.of(Duration.ofSeconds(30));

    static final Body MESSAGE =
            Body.of(bytes("From: ann@here.test\nSubject: hi\n\tthere\nTo:bob@here.test\n\none\ntwo\n"));

    static final List<Field> RECEIVED = List.of(Field.of("Received", "by here.test"));

    private Scenes() {}

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static String text(Body body) throws IOException {
        try (var in = body.open()) {
            byte[] all = in.readAllBytes();
            if (all.length != body.size()) {
                throw new AssertionError(all.length + " bytes, and it says " + body.size());
            }
            return new String(all, ISO_8859_1);
        }
    }

    static MilterSetting setting(int port, MilterSetting.Waits waits, boolean accept) {
        return new MilterSetting(new MilterAddress.Inet("127.0.0.1", port, false), "m" + port, waits, accept);
    }

    static Milters milters(Path folder, Log log, MilterSetting... settings) {
        return new Milters(List.of(settings), new Spool(folder), log);
    }

    /// A log that can be read.
    static Log log(ByteArrayOutputStream lines) {
        return new Log(new PrintStream(lines, true, ISO_8859_1), Log.Stamp.NONE, InstantSource.system());
    }

    /// A session as smtpd has one, up to its message.
    static MilterOutcome message(MilterSession session, Body message) throws IOException {
        session.mail("ann@here.test", "");
        session.rcpt("bob@here.test", "");
        session.data();
        return session.message(message, RECEIVED);
    }

    static MilterSession session(Milters milters) {
        return milters.session(Budget.ENDLESS);
    }

    static MilterOptions everything() {
        return MilterOptions.wish(Set.of(MilterOptions.Action.values()), Set.of());
    }

    /// A milter that writes down what it is told and answers as a test wants.
    static final class Recorder implements MilterHandler {
        private final List<String> told;
        private final Function<MilterCommand.Event, MilterAnswer> answers;

        Recorder(List<String> told, Function<MilterCommand.Event, MilterAnswer> answers) {
            this.told = told;
            this.answers = answers;
        }

        @Override
        public MilterAnswer on(MilterCommand.Event event, Context context) {
            told.add(
                    switch (event) {
                        case MilterCommand.BodyChunk(byte[] bytes) -> "body " + new String(bytes, ISO_8859_1);
                        case MilterCommand.BodyDone _ -> "end of body";
                        case MilterCommand.FieldLine(var name, var value) -> name + ":" + value;
                        case MilterCommand.Mail(var arguments) ->
                            "mail " + arguments + context.macro("i").orElse("");
                        case MilterCommand.Rcpt(var arguments) ->
                            "rcpt " + arguments + context.macro("{rcpt_addr}").orElse("");
                        case MilterCommand.Connect(var host, var family, var port, var ip) ->
                            "connect " + host + " " + family + " " + port + " " + ip + " "
                                    + context.macro("{client_addr}").orElse("-");
                        case MilterCommand.Helo(var name) -> "helo " + name;
                        case MilterCommand.Data _ -> "data";
                        case MilterCommand.HeaderDone _ -> "end of header";
                        case MilterCommand.Unknown(var line) -> "unknown " + line;
                    });
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
    }

    static List<String> notes() {
        return new CopyOnWriteArrayList<>();
    }

    static MilterServer server(MilterOptions wish, MilterServer.Limits limits, Log log, MilterHandler handler)
            throws IOException {
        return new MilterServer(
                new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                "",
                new MilterServer.Work(wish, () -> handler),
                limits,
                log);
    }

    static MilterServer server(List<String> told, Function<MilterCommand.Event, MilterAnswer> answers)
            throws IOException {
        return server(everything(), MilterServer.Limits.USUAL, Log.silent(), new Recorder(told, answers));
    }

    /// A milter made of bytes.
    static final class Raw implements Closeable {
        /// What one connection does.
        interface Part {
            void play(Wire wire) throws Exception;
        }

        private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> open = new CopyOnWriteArrayList<>();

        /// @param parts one for each connection, the last for all behind it
        Raw(Part... parts) throws IOException {
            Thread.ofVirtual().start(() -> {
                for (int i = 0; !door.isClosed(); i++) {
                    try {
                        Socket socket = door.accept();
                        open.add(socket);
                        Part part = parts[Math.min(i, parts.length - 1)];
                        Thread.ofVirtual().start(() -> play(part, socket));
                    } catch (IOException _) {
                        return; // closed
                    }
                }
            });
        }

        private static void play(Part part, Socket socket) {
            try (socket) {
                part.play(new Wire(socket));
            } catch (Exception _) {
                // the other end is gone, which is what its test is about
            }
        }

        int port() {
            return door.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            door.close();
            for (Socket socket : List.copyOf(open)) {
                socket.close();
            }
        }
    }

    /// Packets by hand, for either end.
    static final class Wire implements Closeable {
        private static final int WAIT_MILLIS = 20_000;

        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(WAIT_MILLIS);
            socket.setTcpNoDelay(true);
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        static Wire to(int port) throws IOException {
            return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
        }

        /// The next packet: its letter and data.
        String hear() throws IOException {
            byte[] packet = new byte[in.readInt()];
            in.readFully(packet);
            return new String(packet, ISO_8859_1);
        }

        /// Passes over packets up to one of this letter.
        String hear(char code) throws IOException {
            while (true) {
                String packet = hear();
                if (packet.charAt(0) == code) {
                    return packet;
                }
            }
        }

        Wire say(String packet) throws IOException {
            byte[] bytes = bytes(packet);
            return raw(new byte[] {0, (byte) (bytes.length >> 16), (byte) (bytes.length >> 8), (byte) bytes.length})
                    .raw(bytes);
        }

        Wire raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            return this;
        }

        /// Options as four bytes each.
        static String options(int version, int actions, int steps) {
            StringBuilder text = new StringBuilder("O");
            for (int number : new int[] {version, actions, steps}) {
                for (int shift = 24; shift >= 0; shift -= 8) {
                    text.append((char) (number >> shift & 0xff));
                }
            }
            return text.toString();
        }

        boolean closed() {
            try {
                return in.read() < 0;
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("the connection is still open", e);
            } catch (IOException _) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// A milter made of bytes that negotiates and then does as it likes.
    static Raw raw(int version, int steps, Raw.Part part) throws IOException {
        return new Raw(wire -> {
            wire.hear('O');
            wire.say(Wire.options(version, 0x1ff, steps));
            part.play(wire);
        });
    }
}
