package qrate.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import qrate.apply.Pieces;
import qrate.directory.Actor;
import qrate.directory.Change;
import qrate.directory.Json;
import qrate.directory.Refusal;

/// Control files, below `/api/v1/control`: for administrators, and without secrets.
final class ControlApi {
    private static final String FILES = "/api/v1/control";
    private static final String FILE = FILES + "/{file}";
    private static final String LINES = "lines";

    private final PieceActs acts;

    ControlApi(PieceActs acts) {
        this.acts = acts;
    }

    void register(Router router) {
        router.add(
                "GET",
                FILES,
                Access.ADMIN,
                r -> new Reply.Data(
                        200, files(r).stream().map(ControlApi::shape).toList()));
        router.add("GET", FILE, Access.ADMIN, this::one);
        router.add("PUT", FILE, Access.ADMIN, new Takes(Set.of(PieceActs.CHECK), Set.of(LINES)), this::set);
        router.add("DELETE", FILE, Access.ADMIN, Takes.query(PieceActs.CHECK), r -> {
            String name = r.path("file");
            return acts.answer(
                    r, mode -> acts.pieces().removeFile(PieceActs.as(acts.domains(), r), name, asked(r, mode)));
        });
    }

    private List<Pieces.File> files(Request request) throws IOException {
        return acts.pieces().files(PieceActs.as(acts.domains(), request));
    }

    private static Map<String, Object> shape(Pieces.File file) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", file.name());
        shape.put("there", file.there());
        shape.put("oneValue", file.value());
        shape.put("secret", file.secret());
        shape.put("settable", file.settable());
        shape.put(LINES, file.lines());
        return shape;
    }

    private Reply one(Request request) throws IOException {
        return files(request).stream()
                .filter(file -> file.name().equals(request.path("file")))
                .findFirst()
                .<Reply>map(file -> new Reply.Data(200, shape(file)))
                .orElseGet(() -> Api.reply(Change.refuse(Refusal.Key.CONTROL_NO_TEXT)));
    }

    private Reply set(Request request) throws IOException {
        List<String> lines = Api.body(request, body -> texts(body, LINES));
        String name = request.path("file");
        return acts.answer(
                request,
                mode -> acts.pieces().set(PieceActs.as(acts.domains(), request), name, lines, asked(request, mode)));
    }

    private static Pieces.Asked asked(Request request, Pieces.Mode mode) {
        return new Pieces.Asked(request.actor().door() == Actor.Door.COMMAND, mode);
    }

    /// A member that is a list of texts, and of nothing else.
    static List<String> texts(Map<String, Object> body, String name) throws IOException {
        if (body.get(name) instanceof List<?> all && all.stream().allMatch(String.class::isInstance)) {
            return Json.texts(body, name);
        }
        throw new IOException(name + ": must be a list of texts");
    }
}
