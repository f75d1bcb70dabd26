package qrate.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.address.Addresses;
import qrate.address.Routing;
import qrate.core.Control;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.gate.Judge;
import qrate.local.plan.Preview;
import qrate.remote.Directions;
import qrate.remote.Surroundings;
import qrate.smtpd.Reception;
import qrate.snapshots.Directory;

/// `explain [--json] [-l | -r] user@domain`, and `explain --message FILE` (explain(8)).
public final class Explain implements Program {
    /// Exit code with `-l` when rspawn's part is still to be asked.
    public static final int REMOTE = 99;

    static final int BOUNCED = 100;
    static final int WAITS = 111;
    static final int USAGE = 100;
    private static final Getopt KNOWN = Getopt.anywhere("lr", "json", "message:", "client:", "helo:", "from:");

    /// What it looks at.
    ///
    /// @param known programs of ours that every domain's `.qmail` files may run, by name
    public record Parts(
            State state,
            Control control,
            Directory directory,
            Surroundings remote,
            InstantSource clock,
            Map<String, Program> known) {}

    /// Which parts of the system are asked.
    enum Part {
        /// All.
        ALL,
        /// All but rspawn's, whose way out is another container's.
        WITHOUT_REMOTE,
        /// Only send's and rspawn's, where nothing else can be seen.
        REMOTE_ONLY
    }

    private final Parts parts;
    private final Judge judge;

    public Explain(Parts parts) {
        this.parts = parts;
        this.judge = new Judge(parts.control, parts.remote.dns(), parts.clock);
    }

    /// @return 0 when mail would be delivered or offered to a server, 99 with `-l` when that is for rspawn to say, 100
    ///     when it would be refused or bounced, or after a wrong call, 111 when it would wait or cannot be told; of
    ///     a message 0 when the gate would let it pass or put it aside
    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(stdio);
        }
        if (given.has("message")) {
            return given.has("l") || given.has("r") ? usage(stdio) : new MessageExplainer(judge, stdio).run(given);
        }
        boolean ofMessage = given.has("client") || given.has("helo") || given.has("from");
        boolean twoParts = given.has("l") && given.has("r");
        if (given.operands().size() != 1 || given.operand(0).isEmpty() || twoParts || ofMessage) {
            return usage(stdio);
        }
        Part part = given.has("l") ? Part.WITHOUT_REMOTE : given.has("r") ? Part.REMOTE_ONLY : Part.ALL;
        String address = given.operand(0);
        try {
            Recipient.of(address);
        } catch (IllegalArgumentException e) {
            stdio.err().println("explain: the address is " + Log.escape(e.getMessage()));
            return USAGE;
        }
        if (part != Part.REMOTE_ONLY) {
            for (Path folder : List.of(parts.state.users(), parts.state.maildirs())) {
                if (!Files.isDirectory(folder)) {
                    stdio.err()
                            .println("explain: fatal: " + folder
                                    + " cannot be seen from here; lspawn sees it, and `explain -r` does without");
                    return WAITS;
                }
            }
        }
        Report report = Report.of(stdio.out(), given.has("json"), "address", address);
        return end(report, part, address);
    }

    private static int usage(Stdio stdio) {
        stdio.err()
                .println("explain: usage: explain [--json] [-l | -r] user@domain\n"
                        + "       explain --message FILE [--client IP] [--helo NAME] [--from ADDRESS] [--json]"
                        + " [user@domain...]");
        return USAGE;
    }

    private int end(Report report, Part part, String address) throws IOException {
        try (Preview preview = new Preview(
                new Preview.Parts(
                        parts.state.maildirs(), parts.state.users(), parts.directory, parts.control, parts.clock),
                parts.known)) {
            String envelope = address;
            if (part != Part.REMOTE_ONLY) {
                SmtpdExplainer door = new SmtpdExplainer(
                        new Reception(
                                parts.control,
                                Addresses.published(parts.state, parts.control, parts.directory, parts.clock)),
                        report);
                switch (door.ask(address)) {
                    case SmtpdExplainer.Answer.Malformed(String reply) -> {
                        report.conclude("refused", "would be refused: " + reply);
                        return BOUNCED;
                    }
                    case SmtpdExplainer.Answer.Shut(String reply) -> {
                        report.say("smtpd", "what programs on this machine hand in would go on like this:");
                        way(preview, report, part).of(envelope);
                        boolean later = reply.startsWith("4");
                        report.conclude(
                                later ? "waits" : "refused",
                                "would be refused" + (later ? " for now: " : ": ") + reply);
                        return later ? WAITS : BOUNCED;
                    }
                    case SmtpdExplainer.Answer.Open(String taken) -> envelope = taken;
                }
            }
            Way way = way(preview, report, part);
            Verdict verdict = way.of(envelope);
            return switch (verdict) {
                case Verdict.Delivered(String text) -> {
                    if (way.unseen()) {
                        report.conclude("elsewhere", "for another host: what rspawn would do, `explain -r` says there");
                        yield REMOTE;
                    }
                    report.conclude("delivered", "would be delivered: " + text);
                    yield 0;
                }
                case Verdict.Later(String text) -> {
                    report.conclude("waits", "would wait: " + text);
                    yield WAITS;
                }
                case Verdict.Never(String text) -> {
                    report.conclude("bounces", "would bounce: " + text);
                    yield BOUNCED;
                }
            };
        }
    }

    private Way way(Preview preview, Report report, Part part) throws IOException {
        return new Way(
                new Way.Hops(parts.control, Routing.read(parts.control), preview, new Directions(parts.remote)),
                report,
                part);
    }
}
