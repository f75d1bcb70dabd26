package qrate.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.snapshots.Names;
import qrate.zone.Ours;

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

    /// The domain of ours that the first operand names.
    ///
    /// @param program who is asked, for what is said where it is none of ours
    /// @return empty for one that is not, when that was said
    Optional<String> domain(Ours ours, String program, Program.Stdio stdio) throws Wrong {
        String named = given.operand(0);
        String domain = Names.domain(named).orElseThrow(() -> new Wrong("not a domain name: " + named));
        if (ours.domains().contains(domain)) {
            return Optional.of(domain);
        }
        stdio.err()
                .println(program + ": " + Log.escape(domain)
                        + ": not a domain of this system: ./qrate vdominfo lists them");
        return Optional.empty();
    }
}
