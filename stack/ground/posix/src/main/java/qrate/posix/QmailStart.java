package qrate.posix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Program;

/// qmail-start: starts qmail-lspawn, qmail-rspawn, qmail-clean and a logger with the pipes between them, and becomes
/// qmail-send (qmail-start(8)).
///
/// So a signal to its process id reaches qmail-send. When one of them ends, the others see the end of a pipe.
///
/// | qmail-send's descriptor | other end |
/// | --- | --- |
/// | 0 | the logger's 0, without one qmail-start's own 1 |
/// | 1, 2 | qmail-lspawn's 0, 1 |
/// | 3, 4 | qmail-rspawn's 0, 1 |
/// | 5, 6 | qmail-clean's 0, 1 |
// DEVIATION: everything runs as who runs qmail-start, and descriptor 2 of all but qmail-send is qmail-start's own,
// where our programs say what went wrong.
public final class QmailStart implements Program {
    /// Where qmail-send takes mail from qmail-queue if `QRATE_SEND` does not say: this host only.
    public static final String SEND_USUAL = "127.0.0.1:628";

    private static final int LAST = 6;

    private final Posix posix;

    public QmailStart(Posix posix) {
        this.posix = posix;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Map<String, String> environment = new TreeMap<>(stdio.environment());
        environment.putIfAbsent("QRATE_SEND", SEND_USUAL);
        String delivery = arguments.isEmpty() ? "" : arguments.getFirst();
        List<Posix.Command> programs = List.of(
                new Posix.Command(List.of("qmail-lspawn", delivery), environment),
                new Posix.Command(List.of("qmail-rspawn"), environment),
                new Posix.Command(List.of("qmail-clean"), environment));
        Posix.Command send = new Posix.Command(List.of("qmail-send"), environment);
        List<Posix.Command> loggers = arguments.size() < 2
                ? List.of()
                : List.of(new Posix.Command(arguments.subList(1, arguments.size()), environment));
        Posix.find(send);
        for (Posix.Command program : programs) {
            Posix.find(program);
        }
        // from here on a failure ends this process, and with it the pipes that keep the others running
        Map<Integer, Integer> descriptors = new HashMap<>();
        descriptors.put(0, posix.duplicateAbove(LAST, 1));
        List<Integer> theirs = new ArrayList<>();
        for (Posix.Command logger : loggers) {
            int[] ends = posix.pipeAbove(LAST);
            posix.spawn(
                    logger,
                    Map.of(
                            0,
                            new Redirection.Passed(ends[0]),
                            1,
                            new Redirection.Passed(1),
                            2,
                            new Redirection.Passed(2)));
            descriptors.put(0, ends[1]);
            theirs.add(ends[0]);
        }
        int next = 1;
        for (Posix.Command program : programs) {
            int[] commands = posix.pipeAbove(LAST);
            int[] reports = posix.pipeAbove(LAST);
            posix.spawn(
                    program,
                    Map.of(
                            0,
                            new Redirection.Passed(commands[0]),
                            1,
                            new Redirection.Passed(reports[1]),
                            2,
                            new Redirection.Passed(2)));
            descriptors.put(next++, commands[1]);
            descriptors.put(next++, reports[0]);
            theirs.add(commands[0]);
            theirs.add(reports[1]);
        }
        for (int descriptor : theirs) {
            posix.close(descriptor);
        }
        return posix.exec(send, descriptors);
    }
}
