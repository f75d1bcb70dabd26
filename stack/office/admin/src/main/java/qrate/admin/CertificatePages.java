package qrate.admin;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import qrate.certificate.Report;
import qrate.core.Reasons;

/// The certificate that doors show, and what came of getting the next one.
final class CertificatePages {
    private static final String CERTIFICATE = "certificate";

    private final Report.Look look;
    private final Sessions sessions;
    private final InstantSource clock;

    CertificatePages(Report.Look look, Sessions sessions, InstantSource clock) {
        this.look = look;
        this.sessions = sessions;
        this.clock = clock;
    }

    void register(Router router) {
        router.add("GET", "/certificate", Access.ADMIN, this::show);
        router.add("GET", "/api/v1/certificate", Access.ADMIN, _ -> data());
    }

    /// The certificate that is there, and the CA that is asked for the next one; each without members where there is
    /// none.
    private Reply data() {
        try {
            Map<String, Object> json = look.report().json(clock.instant());
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put(CERTIFICATE, json.getOrDefault(CERTIFICATE, Map.of()));
            shape.put("ca", json.getOrDefault("ca", Map.of()));
            return new Reply.Data(200, shape);
        } catch (IOException e) {
            return new Reply.Data(503, Map.of("error", "NOTHING", "why", Reasons.of(e)));
        }
    }

    private Reply show(Request request) {
        Optional<Report> report = Optional.empty();
        Said problem = Said.NOTHING;
        try {
            report = Optional.of(look.report());
        } catch (IOException e) {
            problem = Said.as(Reasons.of(e));
        }
        PageLayout frame = PageLayout.of(Said.of("certificate"), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(200, frame, Reply.PAGES.certificate(frame, report, clock.instant()));
    }
}
