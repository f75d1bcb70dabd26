package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import qrate.apply.Pieces;
import qrate.core.Log;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Loss;
import qrate.directory.Vpopmail;

/// Changes of lists and control files as requests ask for them; each stands in the audit log.
record PieceActs(Pieces pieces, Domains domains, Log log) {
    /// Whether a change is only said.
    static final String CHECK = "check";

    static Vpopmail as(Domains domains, Request request) {
        return domains.as(request.actor());
    }

    /// A change, once it is known whether it is done or said.
    @FunctionalInterface
    interface Deed {
        Pieces.Outcome run(Pieces.Mode mode) throws IOException;
    }

    /// Does what a request asks for, or says what would be done.
    ///
    /// @param what it is about, for the audit log
    Reply answer(Request request, String what, Deed deed) throws IOException {
        boolean look = truth(request, CHECK);
        return switch (deed.run(look ? Pieces.Mode.LOOK : Pieces.Mode.DO)) {
            case Pieces.Outcome.Done(List<String> differences, List<String> notes) -> {
                if (!look) {
                    note(request, what, differences);
                }
                yield new Reply.Data(
                        200, Map.of("changed", !differences.isEmpty(), "differences", differences, "notes", notes));
            }
            case Pieces.Outcome.Refused(Change.Refused why, List<String> done) -> {
                note(request, what, done);
                yield Api.reply(why);
            }
            case Pieces.Outcome.Asks(List<Loss> losses) -> Api.asks(request, losses);
        };
    }

    /// A parameter of the query that is true or false.
    static boolean truth(Request request, String name) throws Api.BadBody {
        return switch (request.form(name)) {
            case "", "false" -> false;
            case "true" -> true;
            default -> throw new Api.BadBody(new IOException(name + ": must be true or false"));
        };
    }

    /// It is done already: a line that cannot be written stands in the log at least.
    private void note(Request request, String what, List<String> differences) {
        if (differences.isEmpty()) {
            return;
        }
        String line = what + ": " + String.join("; ", differences);
        try {
            domains.audit().done(request.actor(), line);
        } catch (IOException e) {
            log.line("admin: not in the audit log: " + request.name() + " from " + request.remote() + ": "
                    + Log.escape(line) + ": " + e.getMessage());
        }
    }
}
