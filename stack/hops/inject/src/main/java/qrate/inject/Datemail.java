package qrate.inject;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Program;
import qrate.message.Dates;
import qrate.message.Field;

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
        Field date = Field.of("Date", Dates.header(clock.instant(), zone));
        return switch (Incoming.read(stdio.in())) {
            case Incoming.Read.Good(Incoming(var header, var rest)) -> {
                byte[] start = Incoming.bytes(dated(header, date));
                InputStream message = new SequenceInputStream(new ByteArrayInputStream(start), rest);
                yield sendmail.run(arguments, new Stdio(stdio.environment(), message, stdio.out(), stdio.err()));
            }
            case Incoming.Read.Bad(var why) -> {
                stdio.err().println("datemail: fatal: " + why);
                yield NEVER;
            }
        };
    }

    private static List<Field> dated(List<Field> header, Field date) {
        if (header.stream().anyMatch(f -> f.name().equals("date"))) {
            return header;
        }
        List<Field> all = new ArrayList<>(List.of(date));
        all.addAll(header);
        return all;
    }
}
