package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import qrate.apply.Pieces;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;

/// Changes of lists and control files as requests ask for them.
record PieceActs(Pieces pieces, Domains domains) {
    /// Whether a change is only said.
    static final String CHECK = "check";

    static EditableDirectory as(Domains domains, Request request) {
        return domains.as(request.actor());
    }

    /// A change, once it is known whether it is done or said.
    @FunctionalInterface
    interface Deed {
        Pieces.Outcome run(Pieces.Mode mode) throws IOException;
    }

    /// Does what a request asks for, or says what would be done.
    Reply answer(Request request, Deed deed) throws IOException {
        boolean look = truth(request, CHECK);
        return switch (deed.run(look ? Pieces.Mode.LOOK : Pieces.Mode.DO)) {
            case Pieces.Outcome.Done(List<String> differences, List<String> notes) ->
                new Reply.Data(
                        200, Map.of("changed", !differences.isEmpty(), "differences", differences, "notes", notes));
            case Pieces.Outcome.Refused(Change.Refused why) -> Api.reply(why);
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
}
