package qrate.admin;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import qrate.certificate.Report;
import qrate.core.Reasons;

/// The certificate that doors show, and what came of getting the next one.
final class CertificatePages {
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
