package qrate.posix;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Program;

/// `splogger [tag [facility]]`: hands the lines on descriptor 0 to syslog (splogger(8)).
///
/// Each gets the tag and a numerical timestamp in front. The priority is alert or warning for a line that begins so,
/// else info. A line is folded after 800 bytes, with `+` behind the timestamp of what continues it.
public final class Splogger implements Program {
    /// Where the system's log listens.
    public static final Path SOCKET = Path.of("/dev/log");

    /// Longest piece of a line in one message, in bytes.
    static final int PIECE_BYTES_MAX = 800;

    private static final int USAGE = 100;
    private static final int ALERT = 1;
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int FACILITY_MAIL = 2;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    private final Posix posix;
    private final Path socket;
    private final InstantSource clock;

    /// @param socket of the system's log
    public Splogger(Posix posix, Path socket, InstantSource clock) {
        this.posix = posix;
        this.socket = socket;
        this.clock = clock;
    }

    /// Where the lines go, and as what.
    private record Way(Datagrams log, String tag, int facility, Stdio stdio) {}

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        String facility = arguments.size() > 1 ? arguments.get(1) : Integer.toString(FACILITY_MAIL);
        if (arguments.size() > 2 || !facility.matches("[0-9]|1[0-9]|2[0-3]")) {
            stdio.err().println("splogger: usage: splogger [ tag [ facility ] ], facility a number from 0 to 23");
            return USAGE;
        }
        String tag = arguments.isEmpty() ? "splogger" : arguments.getFirst();
        try (Datagrams log = new Datagrams(posix, socket.toString())) {
            Way way = new Way(log, printable(tag), Integer.parseInt(facility), stdio);
            InputStream in = new BufferedInputStream(stdio.in());
            while (line(in, way)) {
                // the next
            }
        }
        return 0;
    }

    /// Hands one line on, piece by piece as it comes.
    ///
    /// @return false at the end of the stream
    private boolean line(InputStream in, Way way) {
        StringBuilder piece = new StringBuilder();
        int priority = INFO;
        Optional<Instant> begun = Optional.empty();
        while (true) {
            int b = read(in);
            boolean ended = b < 0 || b == '\n';
            if (piece.length() == PIECE_BYTES_MAX || (ended && !piece.isEmpty())) {
                priority = begun.isPresent() ? priority : priority(piece.toString());
                Instant when = begun.orElseGet(clock::instant);
                // a line has one timestamp, and what continues it a + right behind that
                log(way, priority, stamp(when) + (begun.isPresent() ? "+" : " ") + piece);
                begun = Optional.of(when);
                piece.setLength(0);
            }
            if (ended) {
                return b >= 0;
            }
            piece.append(printable(b));
        }
    }

    /// The end of a pipe whose writer was killed may look like an error.
    private static int read(InputStream in) {
        try {
            return in.read();
        } catch (IOException _) {
            return -1;
        }
    }

    private static char printable(int b) {
        return b < ' ' || b > '~' ? '?' : (char) b;
    }

    private static String printable(String tag) {
        StringBuilder text = new StringBuilder();
        for (byte b : tag.getBytes(StandardCharsets.UTF_8)) {
            text.append(printable(b));
        }
        return text.toString();
    }

    private static String stamp(Instant when) {
        return String.format("%d.%06d", when.getEpochSecond(), when.getNano() / 1000);
    }

    private static int priority(String line) {
        if (line.startsWith("alert:")) {
            return ALERT;
        }
        return line.startsWith("warning:") ? WARNING : INFO;
    }

    /// A line that nobody takes goes to descriptor 2: syslog is not to be relied on, and the queue must go on.
    private void log(Way way, int priority, String stamped) {
        String message = "<" + (way.facility * 8 + priority) + ">"
                + STAMP.format(clock.instant().atZone(ZoneId.systemDefault())) + " " + way.tag + ": " + stamped;
        try {
            way.log.send(message.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            way.stdio.err().println(way.tag + ": " + stamped);
            way.stdio.err().println("splogger: warning: unable to reach " + socket + ": " + e.getMessage());
        }
    }
}
