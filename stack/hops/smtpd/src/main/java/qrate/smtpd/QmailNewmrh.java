package qrate.smtpd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import qrate.cdb.CdbWriter;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.core.Program;
import qrate.core.Reasons;

/// `qmail-newmrh`: compiles `control/morercpthosts` to `morercpthosts.cdb`, which qmail-smtpd reads (qmail-newmrh(8)).
/// The file is replaced at once, and left alone when something is wrong.
///
/// Exit codes: 0, 100 for a wrong call, 111 when a file cannot be read or written.
public final class QmailNewmrh implements Program {
    private static final int USAGE = 100;
    private static final int TEMPORARY = 111;
    private static final String SOURCE = "morercpthosts";
    private static final byte[] NOTHING = {};

    private final Control control;

    public QmailNewmrh(Control control) {
        this.control = control;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-newmrh: usage: qmail-newmrh");
            return USAGE;
        }
        try {
            if (!control.exists(SOURCE)) {
                stdio.err().println("qmail-newmrh: fatal: unable to read control/" + SOURCE + ": no such file");
                return TEMPORARY;
            }
            CdbWriter cdb = new CdbWriter();
            for (String line : control.lines(SOURCE)) {
                cdb.put(DomainName.ascii(line).getBytes(StandardCharsets.UTF_8), NOTHING);
            }
            cdb.write(control.folder().resolve(SOURCE + ".cdb"), "rw-r--r--");
            return 0;
        } catch (IOException e) {
            stdio.err().println("qmail-newmrh: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }
}
