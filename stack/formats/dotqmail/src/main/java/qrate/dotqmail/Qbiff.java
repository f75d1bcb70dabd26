package qrate.dotqmail;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.Body;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.message.Header;
import qrate.message.Wanted;

/// `qbiff`: writes a line about a message to each terminal that its user is logged in on and has said `biff y` on
/// (qbiff(1), biff(1)).
public final class Qbiff implements Program {
    /// Who is logged in where (utmp(5)).
    public static final Path UTMP = Path.of("/run/utmp");

    /// Where terminals are.
    public static final Path DEVICES = Path.of("/dev");

    /// Longest line, in characters.
    static final int LINE_CHARS_MAX = 79;

    private static final int RECORD_BYTES = 384;
    private static final int RECORDS_MAX = 10_000;
    private static final int TYPE_USER = 7;
    private static final int LINE_AT = 8;
    private static final int USER_AT = 44;
    private static final int NAME_BYTES = 32;
    private static final int OWNER_EXECUTE = 0100;
    private static final int TEXT_BYTES = 8192;
    private static final Duration WRITE_MAX = Duration.ofSeconds(3);

    private final Path utmp;
    private final Path devices;

    /// @param utmp who is logged in on which terminal, as utmp(5) has it
    /// @param devices the folder of terminals, `/dev`
    public Qbiff(Path utmp, Path devices) {
        this.utmp = utmp;
        this.devices = devices;
    }

    /// @return 0, whether anybody was there to see it or not: a message is not to wait for that
    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        String user = stdio.environment().getOrDefault("USER", "");
        try (Spool.Held message = Spool.temporary().all(stdio.in())) {
            if (user.isEmpty() || !Files.isReadable(utmp)) {
                return 0;
            }
            byte[] line = ("\r\n" + line(stdio.environment(), message) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (Path terminal : terminals(user)) {
                write(terminal, line);
            }
            return 0;
        }
    }

    /// Whom it is to, whom from, and as much of the text as there is room for; nothing that a terminal would obey.
    private static String line(Map<String, String> environment, Body message) throws IOException {
        Wanted beginning = Wanted.end().within(Wanted.Limits.USUAL.within(TEXT_BYTES, TEXT_BYTES));
        byte[] start;
        try (var in = message.open()) {
            start = Header.split(in, beginning).body().readNBytes(TEXT_BYTES);
        }
        String words = new String(start, StandardCharsets.ISO_8859_1).replaceAll("\\s+", " ");
        String to = environment.getOrDefault("EXT", "").isEmpty() ? environment.get("USER") : environment.get("EXT");
        String line = "*** TO <" + to + "> FROM <" + environment.getOrDefault("SENDER", "") + "> " + words.strip();
        return line.substring(0, Math.min(line.length(), LINE_CHARS_MAX)).replaceAll("[^ -~]", "_");
    }

    /// Those that the user has, and lets be written to.
    private Set<Path> terminals(String user) throws IOException {
        Set<Path> found = new TreeSet<>();
        byte[] records = read();
        for (int at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
            ByteBuffer entry =
                    ByteBuffer.wrap(records, at, RECORD_BYTES).slice().order(ByteOrder.nativeOrder());
            String line = name(records, at + LINE_AT);
            if (entry.getShort(0) != TYPE_USER || !name(records, at + USER_AT).equals(user) || line.isEmpty()) {
                continue;
            }
            Path terminal = devices.resolve(line).normalize();
            if (terminal.startsWith(devices) && Files.isWritable(terminal) && wantsIt(terminal)) {
                found.add(terminal);
            }
        }
        return found;
    }

    private byte[] read() throws IOException {
        try (var in = Files.newInputStream(utmp)) {
            return in.readNBytes(RECORDS_MAX * RECORD_BYTES);
        }
    }

    private static String name(byte[] records, int from) {
        int length = 0;
        while (length < NAME_BYTES && records[from + length] != 0) {
            length++;
        }
        return new String(records, from, length, StandardCharsets.UTF_8);
    }

    private static boolean wantsIt(Path terminal) throws IOException {
        return ((Integer) Files.getAttribute(terminal, "unix:mode") & OWNER_EXECUTE) != 0;
    }

    /// A terminal that is stopped must not stop the delivery.
    private static void write(Path terminal, byte[] line) {
        Thread writer = Thread.ofPlatform().daemon().start(() -> {
            try (OutputStream out = new FileOutputStream(terminal.toFile(), true)) {
                out.write(line);
            } catch (IOException _) {
                // logged out meanwhile
            }
        });
        try {
            writer.join(WRITE_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
