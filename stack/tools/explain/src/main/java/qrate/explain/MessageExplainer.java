package qrate.explain;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.dns.Hosts;
import qrate.gate.Arrival;
import qrate.gate.GateLook;
import qrate.gate.Judge;
import qrate.gate.Judgement;
import qrate.gate.Ruling;
import qrate.message.Header;
import qrate.message.Wanted;
import qrate.smtpd.Filters;

/// What the gate would do with a message that is given as a file. Nothing is counted and nothing remembered.
record MessageExplainer(Judge judge, Program.Stdio stdio) {
    /// Largest message.
    static final long MESSAGE_BYTES_MAX = 256L << 20;

    private static final String STANDARD_INPUT = "-";

    /// A word of the call is wrong, or missing.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String why) {
            super(why, null, false, false);
        }
    }

    int run(Getopt.Given given) throws IOException {
        String name = given.last("message").orElseThrow();
        try (Spool.Held message = read(name)) {
            Arrival arrival = arrival(given, message.body());
            Report report = Report.of(stdio.out(), given.has("json"), "message", name);
            return judged(report, arrival, message);
        } catch (Wrong e) {
            stdio.err().println("explain: " + Log.escape(e.getMessage()));
            return Explain.USAGE;
        } catch (Spool.TooLarge e) {
            stdio.err().println("explain: " + Log.escape(name) + " is " + e.getMessage());
            return Explain.USAGE;
        }
    }

    private Spool.Held read(String name) throws IOException, Wrong {
        try (InputStream in = name.equals(STANDARD_INPUT) ? stdio.in() : Files.newInputStream(Path.of(name))) {
            return Spool.temporary().all(in, MESSAGE_BYTES_MAX, Budget.ENDLESS);
        } catch (InvalidPathException _) {
            throw new Wrong(name + " is no name of a file");
        }
    }

    /// Options first; what they do not say the message tells.
    private static Arrival arrival(Getopt.Given given, Body message) throws IOException, Wrong {
        for (String recipient : given.operands()) {
            try {
                Recipient.of(recipient);
            } catch (IllegalArgumentException e) {
                throw new Wrong("the address is " + e.getMessage());
            }
        }
        Header header = Header.of(message, Wanted.some("received", "return-path"));
        Brought brought = Brought.of(header);
        Optional<InetAddress> named = Optional.empty();
        if (given.last("client").isPresent()) {
            String text = given.last("client").get();
            named = Optional.of(Hosts.literal(text).orElseThrow(() -> new Wrong(text + " is no IP address")));
        }
        InetAddress client = named.or(brought::client)
                .orElseThrow(() -> new Wrong("no Received field names a client: --client IP says who brought it"));
        String sender = given.last("from")
                .or(brought::sender)
                .orElseThrow(() -> new Wrong(
                        "there is no Return-Path: --from ADDRESS says from whom it came, \"\" from" + " nobody"));
        String told = named.isPresent() ? "" : brought.helo();
        String helo = given.last("helo").orElse(told.isEmpty() ? "[" + Hosts.text(client) + "]" : told);
        return Arrival.of(client, helo, sender, given.operands());
    }

    private int judged(Report report, Arrival arrival, Body message) throws IOException {
        if (stdio.environment().getOrDefault(Filters.GATE, "").isEmpty()) {
            report.say("smtpd", "asks no gate here, QRATE_GATE is not set; with one it would be so:");
        }
        report.say(
                "smtpd",
                Hosts.text(arrival.client()) + ", which calls itself " + arrival.helo() + ", brings it from <"
                        + arrival.sender() + ">");
        Judgement judgement = judge.judge(arrival, message);
        for (GateLook look : judgement.looks()) {
            report.say(look.part(), look.text());
        }
        judgement.fields().forEach(field -> report.say("gate", "adds " + field.written() + ": " + field.text()));
        return switch (judgement.ruling()) {
            case Ruling.Passed _ -> {
                report.conclude("passes", "would pass the gate");
                yield 0;
            }
            case Ruling.Quarantined(var reason) -> {
                report.conclude("quarantined", "would be put aside: " + reason);
                yield 0;
            }
            case Ruling.Refused(var code, var lines) -> {
                boolean later = code < 500;
                report.conclude(
                        later ? "waits" : "refused",
                        "would be refused" + (later ? " for now: " : ": ") + code + " " + String.join(" ", lines));
                yield later ? Explain.WAITS : Explain.BOUNCED;
            }
        };
    }
}
