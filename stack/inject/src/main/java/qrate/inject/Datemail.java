package qrate.inject;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import qrate.core.Program;
import qrate.message.Dates;

/// `datemail`: sendmail with a Date field in local time, where the message has none.
public final class Datemail implements Program {
    private static final int NEVER = 100;

    private final Program sendmail;
    private final InstantSource clock;
    private final ZoneId zone;

    /// @param zone of the caller, as TZ says
    public Datemail(Program sendmail, InstantSource clock, ZoneId zone) {
        this.sendmail = sendmail;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws Exception {
        String date = "Date: " + Dates.header(clock.instant(), zone) + "\n";
        return switch (Incoming.read(new BufferedInputStream(stdio.in()))) {
            case Incoming.Read.Good(var header, var rest) -> {
                InputStream message = dated(header, date, rest);
                yield sendmail.run(arguments, new Stdio(stdio.environment(), message, stdio.out(), stdio.err()));
            }
            case Incoming.Read.Bad(var why) -> {
                stdio.err().println("datemail: fatal: " + why);
                yield NEVER;
            }
        };
    }

    private static InputStream dated(List<Field> header, String date, InputStream rest) {
        StringBuilder lines = new StringBuilder();
        if (header.stream().noneMatch(f -> f.key().equals("date"))) {
            lines.append(date);
        }
        header.forEach(f -> lines.append(f.lines()));
        byte[] start = lines.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
        return new SequenceInputStream(new ByteArrayInputStream(start), rest);
    }
}
