package qrate.tcpserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import qrate.core.Program;
import qrate.posix.Posix;

/// tcprules(1): `tcprules rules.cdb rules.tmp < rules`.
public final class Tcprules implements Program {
    private static final int RULES_BYTES_MAX = 64 << 20;

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        if (arguments.isEmpty() || arguments.size() > 2) {
            stdio.err().println("tcprules: usage: tcprules rules.cdb [rules.tmp]");
            return 100;
        }
        // the temporary file's name is ours, so that it is always in the same folder
        byte[] text = stdio.in().readNBytes(RULES_BYTES_MAX + 1);
        if (text.length > RULES_BYTES_MAX) {
            stdio.err().println("tcprules: fatal: rules are larger than " + RULES_BYTES_MAX + " bytes");
            return 100;
        }
        try {
            Path rules = Path.of(arguments.getFirst());
            new Posix().becomeWhoseWay(rules);
            TcprulesCompiler.compile(new String(text, StandardCharsets.UTF_8), rules);
            return 0;
        } catch (IOException e) {
            stdio.err().println("tcprules: fatal: unable to make " + arguments.getFirst() + ": " + e.getMessage());
            return e instanceof TcprulesCompiler.BadLine ? 100 : 111;
        }
    }
}
