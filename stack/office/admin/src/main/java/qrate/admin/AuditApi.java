package qrate.admin;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import qrate.directory.Audit;
import qrate.directory.AuditShapes;
import qrate.directory.Domains;

/// The audit log, by the REST API: the newest lines first, a part at a time.
final class AuditApi {
    private static final String PATH = "/api/v1/audit";

    private final Domains domains;

    AuditApi(Domains domains) {
        this.domains = domains;
    }

    void register(Router router) {
        router.add(
                "GET",
                PATH,
                Access.ADMIN,
                new Takes(Set.of(Paging.QUERY, Paging.BEFORE, Paging.LIMIT), Set.of()),
                this::lines);
    }

    private Reply lines(Request request) throws IOException {
        Optional<Long> before = Paging.number(request, Paging.BEFORE);
        if (before.isEmpty()) {
            throw new Api.BadBody(new IOException(Paging.BEFORE + ": must be the number of a line"));
        }
        int most = Paging.ofProgram(request).most();
        Audit.Part part = domains.audit().find(Paging.query(request), before.get(), most);
        return new Reply.Data(
                200,
                part.lines().stream().map(AuditShapes::of).toList(),
                Paging.older(PATH, Paging.fixed(request, Paging.QUERY, Paging.LIMIT), part.next()));
    }
}
