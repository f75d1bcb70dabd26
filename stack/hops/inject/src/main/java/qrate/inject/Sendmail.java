package qrate.inject;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;

/// `sendmail [-t] [-i] [-f sender] [-F name] [-bm | -bs | -bp | -bv | -q] [recip…]`: qmail's programs under the
/// name that others call.
public final class Sendmail implements Program {
    private static final int MISUSE = 100;

    /// What `explain` exits with for an address of another host.
    private static final int FOR_ANOTHER_HOST = 99;

    /// Those with a value that mean nothing here are A (submission mode), B (body type), C (configuration), D and
    /// X (logs), L (log tag), N, R and V (receipts), O and o (options), d (debugging), e (errors), h (hops), p
    /// (protocol); those without: how to end (i), whom to include (m), how to queue (c), how to report (v) and so
    /// on. A value, if any, stands in the same argument in -Mid, -q30m, and those of SONY's NEWS-OS.
    private static final Getopt KNOWN = Getopt.of("A:B:C:D:F:L:N:O:R:V:X:b:d:e:f:h:o:p:r:GIUcimnstvxE::J::M::q::");

    private final Program inject;
    private final Program smtp;
    private final Queue queue;
    private final Program verify;

    /// What it asks qmail-send for.
    ///
    /// @param list lists the queue, for `-bp`
    /// @param flush has everything tried now, for `-q`
    public record Queue(Program list, Program flush) {}

    /// @param smtp qmail-smtpd, for `-bs`
    /// @param verify says what would become of mail for its one argument, for `-bv`, and exits as `explain` does
    public Sendmail(Program inject, Program smtp, Queue queue, Program verify) {
        this.inject = inject;
        this.smtp = smtp;
        this.queue = queue;
        this.verify = verify;
    }

    private enum Mode {
        MAIL,
        SMTP,
        LIST,
        FLUSH,
        VERIFY,
        NOTHING
    }

    /// What the options ask for.
    private static final class Asked {
        private Mode mode = Mode.MAIL;
        private boolean header;
        private Optional<String> queue = Optional.empty();
        private Optional<String> sender = Optional.empty();
        private Optional<String> name = Optional.empty();
        private Optional<String> wrong = Optional.empty();
        private List<String> recipients = List.of();
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws Exception {
        Asked asked = parse(arguments);
        if (asked.wrong.isPresent()) {
            stdio.err().println("sendmail: fatal: " + asked.wrong.get());
            return MISUSE;
        }
        return switch (asked.mode) {
            case NOTHING -> 0; // there is no database of aliases to make: files in alias/ are read as they stand
            case LIST -> queue.list.run(List.of(), stdio);
            case FLUSH -> queue.flush.run(List.of(), stdio);
            case VERIFY -> verify(asked.recipients, stdio);
            case SMTP -> smtp.run(List.of(), with(stdio, trusted(stdio.environment())));
            case MAIL -> inject.run(injectArguments(asked), with(stdio, user(asked, stdio.environment())));
        };
    }

    /// `-bv`: a line an address.
    ///
    /// @return 0 when mail for all of them would be taken, else what the worst of them exits with
    private int verify(List<String> addresses, Stdio stdio) throws Exception {
        if (addresses.isEmpty()) {
            stdio.err().println("sendmail: fatal: -bv needs an address");
            return MISUSE;
        }
        int worst = 0;
        for (String address : addresses) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(said, true, UTF_8);
            int code = verify.run(List.of(address), new Stdio(stdio.environment(), stdio.in(), print, print));
            String end =
                    said.toString(UTF_8).lines().reduce("", (_, last) -> last).strip();
            boolean fine = code == 0 || code == FOR_ANOTHER_HOST;
            stdio.out().println(Log.escape(address) + "... " + (fine ? "deliverable: " : "not deliverable: ") + end);
            worst = fine ? worst : Math.max(worst, code);
        }
        return worst;
    }

    private static Asked parse(List<String> arguments) {
        Asked asked = new Asked();
        try {
            Getopt.Given given = KNOWN.read(arguments);
            for (Getopt.Option option : given.options()) {
                if (asked.wrong.isEmpty()) {
                    take(option.name(), option.value(), asked);
                }
            }
            asked.recipients = given.operands();
        } catch (Getopt.Misuse e) {
            asked.wrong = Optional.of(Log.escape(e.getMessage()));
        }
        if (asked.queue.isPresent() && asked.mode == Mode.MAIL && !asked.header && asked.recipients.isEmpty()) {
            // -q30m is how another sendmail is told to look at its queue again and again, which qmail-send does anyway
            boolean again = asked.queue.get().matches("p?[0-9].*");
            asked.mode = again ? Mode.NOTHING : Mode.FLUSH;
        }
        return asked;
    }

    private static void take(String letter, String value, Asked asked) {
        switch (letter) {
            case "f", "r" -> asked.sender = Optional.of(value);
            case "F" -> asked.name = Optional.of(value);
            case "q" -> asked.queue = Optional.of(value);
            case "t" -> asked.header = true;
            case "I" -> asked.mode = Mode.NOTHING;
            case "b" -> {
                switch (value.isEmpty() ? ' ' : value.charAt(0)) {
                    case 'm' -> asked.mode = Mode.MAIL;
                    case 's' -> asked.mode = Mode.SMTP;
                    case 'p' -> asked.mode = Mode.LIST;
                    case 'i' -> asked.mode = Mode.NOTHING;
                    case 'v' -> asked.mode = Mode.VERIFY;
                    case 'd', 'D' ->
                        asked.wrong = Optional.of("-b" + value + ": there is no daemon to start, qmail-smtpd listens");
                    default -> asked.wrong = Optional.of("-b" + value + " is not what this sendmail does");
                }
            }
            default -> {
                // ignored, as said where the letters stand
            }
        }
    }

    private static List<String> injectArguments(Asked asked) {
        List<String> all = new ArrayList<>(List.of(asked.header ? "-H" : "-a"));
        asked.sender.ifPresent(sender -> all.addAll(List.of("-f", sender)));
        all.add("--");
        all.addAll(asked.recipients);
        return all;
    }

    /// `-f` is the author as well, where the message does not say who wrote it, and his name is not the caller's.
    private static Map<String, String> user(Asked asked, Map<String, String> environment) {
        Map<String, String> own = new HashMap<>(environment);
        asked.sender.filter(sender -> !sender.isEmpty() && !sender.equals("<>")).ifPresent(sender -> {
            own.keySet().removeAll(List.of("QMAILNAME", "MAILNAME", "NAME", "QMAILHOST", "MAILHOST"));
            int at = sender.lastIndexOf('@');
            own.put("QMAILUSER", at < 0 ? sender : sender.substring(0, at));
            if (at >= 0) {
                own.put("QMAILHOST", sender.substring(at + 1));
            }
        });
        // DEVIATION: qmail's sendmail forgets the name of -F when -f is there too; callers mean both
        asked.name.ifPresent(name -> own.put(asked.sender.isPresent() ? "QMAILNAME" : "MAILNAME", name));
        return own;
    }

    /// Whoever can run a program here may send through it; behind a superserver, its environment says who may.
    private static Map<String, String> trusted(Map<String, String> environment) {
        if (environment.containsKey("PROTO")) {
            return environment;
        }
        Map<String, String> own = new HashMap<>(environment);
        own.putAll(Map.of(
                "RELAYCLIENT",
                "",
                "DATABYTES",
                "0",
                "PROTO",
                "TCP",
                "TCPLOCALIP",
                "127.0.0.1",
                "TCPLOCALHOST",
                "localhost",
                "TCPREMOTEIP",
                "127.0.0.1",
                "TCPREMOTEHOST",
                "localhost",
                "TCPREMOTEINFO",
                "sendmail-bs"));
        return own;
    }

    private static Stdio with(Stdio stdio, Map<String, String> environment) {
        return new Stdio(environment, stdio.in(), stdio.out(), stdio.err());
    }
}
