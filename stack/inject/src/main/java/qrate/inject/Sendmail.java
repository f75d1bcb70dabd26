package qrate.inject;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Program;

/// `sendmail [-t] [-i] [-f sender] [-F name] [recip…]`: {@link QmailInject} under the name that other programs call.
public final class Sendmail implements Program {
    private static final int MISUSE = 100;

    /// Options with a value, which have no meaning here: -B (body type), -h (hops), -L (log tag), -N (notify), -O and
    /// -o
    /// (options), -p (protocol), -q (queue), -R (return), -V (envelope id), -X (traffic log).
    private static final String IGNORED_WITH_VALUE = "BhLNOpRVX";

    private final QmailInject inject;

    public Sendmail(QmailInject inject) {
        this.inject = inject;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        List<String> options = new ArrayList<>();
        List<String> recipients = new ArrayList<>();
        Map<String, String> environment = new HashMap<>(stdio.environment());
        boolean header = false;
        int i = 0;
        while (i < arguments.size()) {
            String argument = arguments.get(i++);
            if (argument.equals("--")) {
                recipients.addAll(arguments.subList(i, arguments.size()));
                break;
            }
            if (argument.length() < 2 || argument.charAt(0) != '-') {
                recipients.add(argument);
                continue;
            }
            char letter = argument.charAt(1);
            boolean valued = "fFr".indexOf(letter) >= 0 || IGNORED_WITH_VALUE.indexOf(letter) >= 0;
            String value = argument.substring(2);
            if (valued && value.isEmpty()) {
                if (i == arguments.size()) {
                    return misuse(stdio, argument + " needs a value");
                }
                value = arguments.get(i++);
            }
            switch (letter) {
                case 't' -> header = true;
                case 'f', 'r' -> {
                    options.add("-f");
                    options.add(value);
                }
                case 'F' -> environment.put("QMAILNAME", value);
                case 'b' -> {
                    if (!value.equals("m")) {
                        return misuse(
                                stdio, argument + " is not supported; use qmail-smtpd for -bs, qmail-qread for -bp");
                    }
                }
                case 'i', 'o', 'e', 'm', 'n', 'v', 'q', 'U', 'G' -> {
                    // how to end, how to report errors, how to queue: as it is always done here
                }
                default -> {
                    if (!valued) {
                        return misuse(stdio, "no such option: " + argument);
                    }
                }
            }
        }
        options.addFirst(header ? "-H" : "-a");
        options.add("--");
        options.addAll(recipients);
        return inject.run(options, new Stdio(environment, stdio.in(), stdio.out(), stdio.err()));
    }

    private static int misuse(Stdio stdio, String why) {
        stdio.err().println("sendmail: fatal: " + why);
        return MISUSE;
    }
}
