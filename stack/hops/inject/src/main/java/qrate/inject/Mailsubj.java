package qrate.inject;

import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import qrate.core.Program;

/// `mailsubj subject recip…`: sends what comes on fd 0 as a message of that subject to those people.
public final class Mailsubj implements Program {
    private static final int MISUSE = 100;

    private final Program inject;

    public Mailsubj(Program inject) {
        this.inject = inject;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws Exception {
        if (arguments.size() < 2) {
            stdio.err().println("mailsubj: usage: mailsubj subject recip ...");
            return MISUSE;
        }
        if (arguments.stream().anyMatch(text -> text.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0))) {
            stdio.err().println("mailsubj: fatal: a line end in a subject or an address");
            return MISUSE;
        }
        String header = "Subject: " + arguments.getFirst() + "\nTo: "
                + String.join(",\n\t", arguments.subList(1, arguments.size())) + "\n\n";
        byte[] start = header.getBytes(StandardCharsets.UTF_8);
        return inject.run(
                List.of("-h"),
                new Stdio(
                        stdio.environment(),
                        new SequenceInputStream(new ByteArrayInputStream(start), stdio.in()),
                        stdio.out(),
                        stdio.err()));
    }
}
