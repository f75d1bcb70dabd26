package qrate.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Getopt;

/// What was asked for on the command line of `doctor` or `dns`.
record Options(Getopt.Given given) {
    /// A command line that is none, and why.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String why) {
            super(why);
        }
    }

    /// @param operands how many other words there must be
    static Options parse(List<String> arguments, Getopt known, int operands) throws Wrong {
        Getopt.Given given;
        try {
            given = known.read(arguments);
        } catch (Getopt.Misuse e) {
            throw new Wrong(e.isUnknown() ? e.getMessage() : "no value for " + e.option());
        }
        if (given.operands().size() != operands) {
            throw new Wrong(
                    given.operands().size() < operands
                            ? "something is missing"
                            : "too much: " + given.operands().getLast());
        }
        return new Options(given);
    }

    /// The values of an option as addresses in digits.
    List<InetAddress> addresses(String name) throws Wrong {
        List<InetAddress> found = new ArrayList<>();
        for (String text : given.all(name)) {
            try {
                found.add(InetAddress.ofLiteral(text));
            } catch (IllegalArgumentException _) {
                throw new Wrong("--" + name + ": not an IP address: " + text);
            }
        }
        return found;
    }
}
