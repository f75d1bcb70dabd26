package qrate.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import qrate.core.Envelope;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.remote.session.Course;
import qrate.remote.session.Report;
import qrate.remote.sign.Signatures;

/// `qmail-remote host sender recip…`: sends the message on fd 0, reports on fd 1 (qmail-remote(8)).
public final class QmailRemote implements Program {
    private static final int TEMPORARY = 111;

    private final Surroundings surroundings;

    public QmailRemote(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /// @return 0 whenever there is a report, whatever it says; 111 when it could not be written
    @Override
    public int run(List<String> arguments, Stdio stdio) throws InterruptedException {
        Report report;
        if (arguments.size() < 3) {
            report = Report.all(new Verdict.Never("I (qmail-remote) was invoked improperly. (#5.3.5)\n"));
        } else {
            report = deliver(arguments, stdio.in());
        }
        for (Verdict verdict : report.recipients()) {
            char letter = switch (verdict) {
                case Verdict.Delivered _ -> 'r';
                case Verdict.Never _ -> 'h';
                case Verdict.Later _ -> 's';
            };
            print(stdio.out(), letter, verdict.text());
        }
        print(stdio.out(), report.message().code(), report.message().text());
        return stdio.out().checkError() ? TEMPORARY : 0;
    }

    private Report deliver(List<String> arguments, InputStream in) throws InterruptedException {
        Envelope envelope;
        try {
            List<Recipient> recipients = arguments.subList(2, arguments.size()).stream()
                    .map(Recipient::of)
                    .toList();
            envelope = new Envelope(arguments.get(1), "", recipients);
        } catch (IllegalArgumentException e) {
            return Report.all(new Verdict.Never("No such address: " + e.getMessage() + ". (#5.1.3)\n"));
        }
        String host = arguments.getFirst().toLowerCase(Locale.ROOT);
        try (Spool.Held body = Spool.temporary().all(in);
                Deliverer deliverer = new Deliverer(surroundings, Limits.STANDARD);
                SpeakingTurns.Turn turn =
                        new SpeakingTurns(Limits.STANDARD, surroundings.clock()).take(1, (_, _) -> {}, Course.FREE)) {
            return deliverer.deliver(Signatures.NO_ID, host, envelope, body, turn);
        } catch (IOException _) {
            return Report.all(new Verdict.Later("Unable to read message. (#4.3.0)\n"));
        }
    }

    private static void print(PrintStream out, char letter, String text) {
        byte[] bytes = (letter + text.replace('\0', '?')).getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.write(0);
    }
}
