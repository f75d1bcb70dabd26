package qrate.admin;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Reasons;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.zone.OwnStsPolicy;
import qrate.zone.PublishedZones;

/// What a domain publishes and what is seen of it, for people and for programs; and the policy on TLS, for everybody.
final class ZonePages {
    private static final String PAGE = "/domains/{domain}/dns";
    private static final String API = "/api/v1/domains/{domain}/dns";
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Domains domains;
    private final PublishedZones zones;
    private final Sessions sessions;

    ZonePages(Domains domains, PublishedZones zones, Sessions sessions) {
        this.domains = domains;
        this.zones = zones;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.DOMAIN, request -> page(request, 200, Said.NOTHING));
        router.add("POST", PAGE, Access.DOMAIN, this::look);
        router.add("GET", API, Access.DOMAIN, this::data);
        router.add("POST", API, Access.DOMAIN, this::begin);
        router.add("GET", OwnStsPolicy.PATH, Access.OPEN, this::policy);
    }

    private Optional<String> name(Request request) throws IOException {
        return domains.domain(request.path("domain")).map(EditableDirectory.Domain::name);
    }

    private Reply page(Request request, int status, Said problem) throws IOException {
        Optional<String> name = name(request);
        if (name.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        Said title = Said.of("dns-title", name.get());
        String csrf = sessions.csrf(request.session());
        String path = Pages.pathOf("domains", name.get());
        try {
            PublishedZones.Shown shown = zones.shown(name.get());
            PageLayout frame = PageLayout.of(title, request, csrf, problem);
            return new Reply.Page(status, frame, Reply.PAGES.dns(frame, path, shown));
        } catch (IOException e) { // a control file that makes no sense is mended by whoever reads this
            PageLayout frame = PageLayout.of(title, request, csrf, Said.as(Reasons.of(e)));
            return new Reply.Page(503, frame, Reply.PAGES.error(frame, 503, Said.of("dns-unmended")));
        }
    }

    private Reply look(Request request) throws IOException {
        Optional<String> name = name(request);
        if (name.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        return zones.begin(name.get())
                ? new Reply.Redirect(Pages.pathOf("domains", name.get()) + "/dns")
                : page(request, 503, Said.of("dns-busy"));
    }

    private Reply data(Request request) throws IOException {
        Optional<String> name = name(request);
        return name.isEmpty()
                ? Errors.data(404)
                : new Reply.Data(200, zones.shown(name.get()).json());
    }

    private Reply begin(Request request) throws IOException {
        Optional<String> name = name(request);
        if (name.isEmpty()) {
            return Errors.data(404);
        }
        return zones.begin(name.get()) ? new Reply.Nothing() : Errors.data(503);
    }

    /// RFC 8461 §3.3: to whoever asks for `mta-sts.` and a domain of ours.
    private Reply policy(Request request) throws IOException {
        String host = request.client().host().toLowerCase(Locale.ROOT);
        int port = host.lastIndexOf(':');
        String name = port < 0 ? host : host.substring(0, port);
        boolean ours = name.startsWith(OwnStsPolicy.HOST_PREFIX)
                && domains.domain(name.substring(OwnStsPolicy.HOST_PREFIX.length()))
                        .isPresent();
        Optional<OwnStsPolicy> policy = ours ? zones.policy() : Optional.empty();
        return policy.map(found -> new Reply.Text(200, PLAIN, found.text()))
                .orElseGet(() -> new Reply.Text(404, PLAIN, "There is no policy here.\n"));
    }
}
