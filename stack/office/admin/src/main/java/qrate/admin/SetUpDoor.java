package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.Address;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.snapshots.Names;
import qrate.zone.PublishedZones;
import qrate.zone.clients.AppleProfile;
import qrate.zone.clients.Autoconfig;
import qrate.zone.clients.Autodiscover;
import qrate.zone.clients.MailService;

/// The documents by which mail programs set themselves up, for whoever asks, and the same for people and by REST.
/// Whether
/// an address is there is never looked at: every address of a domain of ours gets the same.
final class SetUpDoor {
    /// Most documents for one client in a minute: a school behind one address sets up its telephones.
    static final int ASKED_EACH_MAX = 120;

    /// Most for all in a minute.
    static final int ASKED_MAX = 3_000;

    /// Where a telephone of Apple gets its profile; the name is what a Mac stores it as.
    static final String PROFILE = "/set-up/mail.mobileconfig";

    private static final String API = "/api/v1/domains/{domain}/set-up";
    private static final String JSON = "/autodiscover/autodiscover.json";
    private static final String XML = "text/xml; charset=utf-8";
    private static final String POX = "Autodiscoverv1";

    /// The page for people.
    static final String PAGE = "/set-up";

    private final Domains domains;
    private final PublishedZones zones;
    private final Sessions sessions;
    private final ClientBudget budget;

    SetUpDoor(Domains domains, PublishedZones zones, Sessions sessions, ClientBudget budget) {
        this.domains = domains;
        this.zones = zones;
        this.sessions = sessions;
        this.budget = budget;
    }

    void register(Router router) {
        router.addLink("GET", Autoconfig.PATH, r -> within(r, this::autoconfig));
        router.addLink("GET", Autoconfig.WELL_KNOWN, r -> within(r, this::autoconfig));
        for (String path : Autodiscover.PATHS) {
            router.addLink("POST", path, r -> within(r, this::autodiscover));
            router.addLink(
                    "GET", path, _ -> new Reply.Text(200, XML, Autodiscover.refusal(new Autodiscover.Question.Bad())));
        }
        router.addLink("GET", JSON, r -> within(r, this::where));
        router.addLink("GET", JSON + "/v1.0/{email}", r -> within(r, this::where));
        router.addLink("GET", PROFILE, r -> within(r, this::profile));
        router.addLink("GET", PAGE, r -> within(r, this::page));
        router.add("GET", API, Access.DOMAIN, this::data);
    }

    private Reply within(Request request, Router.Action action) throws IOException {
        return budget.admits(request.remote())
                ? action.answer(request)
                : new Reply.Text(503, "text/plain; charset=utf-8", "Too many ask at once. Try again in a minute.\n");
    }

    private static Reply none() {
        return new Reply.Text(404, "text/plain; charset=utf-8", "There are no settings for that here.\n");
    }

    private Optional<String> ours(String domain) throws IOException {
        Optional<String> name = Names.domain(domain);
        return name.isEmpty() ? name : domains.domain(name.get()).map(EditableDirectory.Domain::name);
    }

    /// An address below a domain of ours, in the spelling that logs in.
    Optional<String> address(String text) throws IOException {
        Address address = Address.of(text.strip());
        Optional<String> local = Names.local(address.local());
        Optional<String> domain = ours(address.domain());
        return local.isPresent() ? domain.map(name -> local.get() + "@" + name) : Optional.empty();
    }

    private Reply autoconfig(Request request) throws IOException {
        String address = request.form("emailaddress");
        String host = request.client().site().name();
        String asked = host.startsWith(Autoconfig.HOST_PREFIX) ? host.substring(Autoconfig.HOST_PREFIX.length()) : host;
        Optional<String> domain =
                ours(address.isEmpty() ? asked : Address.of(address.strip()).domain());
        return domain.isEmpty() ? none() : new Reply.Text(200, XML, Autoconfig.of(domain.get(), zones.host()));
    }

    private Reply autodiscover(Request request) throws IOException {
        Autodiscover.Question question = Autodiscover.read(request.body());
        if (question instanceof Autodiscover.Question.Settings(String asked)) {
            Optional<String> address = address(asked);
            return address.isEmpty()
                    ? none()
                    : new Reply.Text(200, XML, Autodiscover.settings(address.get(), zones.host()));
        }
        return new Reply.Text(200, XML, Autodiscover.refusal(question));
    }

    /// Newer programs ask first where to ask.
    private Reply where(Request request) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        request.form().forEach((name, value) -> fields.put(name.toLowerCase(Locale.ROOT), value));
        String email = request.path().getOrDefault("email", fields.getOrDefault("email", ""));
        if (address(email).isEmpty()) {
            return none();
        }
        if (!fields.getOrDefault("protocol", "").equalsIgnoreCase(POX)) {
            return new Reply.Data(
                    400, Map.of("ErrorCode", "InvalidProtocol", "ErrorMessage", "There is only " + POX + " here."));
        }
        String asked = request.client().site().name();
        String host = asked.startsWith(Autodiscover.HOST_PREFIX) ? asked : zones.host();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("Protocol", POX);
        answer.put("Url", "https://" + host + Autodiscover.PATHS.getFirst());
        return new Reply.Data(200, answer);
    }

    private Reply profile(Request request) throws IOException {
        Optional<String> address = address(request.form("address"));
        return address.isEmpty()
                ? none()
                : new Reply.Text(200, AppleProfile.TYPE, AppleProfile.of(address.get(), zones.host()));
    }

    /// Servers and ports, and the shorter ways; and this page again as a picture, for the telephone beside the screen.
    private Reply page(Request request) throws IOException {
        String asked = request.form("address").strip();
        Optional<String> address = address(asked);
        boolean unknown = address.isEmpty() && !asked.isEmpty();
        PageLayout frame = PageLayout.of(
                Said.of("setup"),
                request,
                sessions.csrf(request.session()),
                unknown ? Said.of("setup-unknown") : Said.NOTHING);
        if (address.isEmpty()) {
            return new Reply.Page(unknown ? 404 : 200, frame, Reply.PAGES.setupask(frame, asked));
        }
        String here = request.client().site().origin() + pathOf(PAGE, address.get());
        Optional<QrCode> code =
                here.length() <= QrCode.TEXT_BYTES_MAX ? Optional.of(QrCode.of(here)) : Optional.empty();
        return new Reply.Page(200, frame, Reply.PAGES.setup(frame, address.get(), zones.host(), code));
    }

    private Reply data(Request request) throws IOException {
        Optional<String> domain = ours(request.path("domain"));
        if (domain.isEmpty()) {
            return Errors.data(404);
        }
        String host = zones.host();
        List<Map<String, Object>> services = Stream.of(MailService.values())
                .map(service -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("service", service.word());
                    one.put("host", host);
                    one.put("port", service.port());
                    one.put("tls", service.tlsAtOnce() ? "at once" : "by command");
                    return one;
                })
                .toList();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("domain", domain.get());
        members.put("login", "address");
        members.put("services", services);
        return new Reply.Data(200, members);
    }

    /// The path of a page or a profile for an address.
    static String pathOf(String page, String address) {
        return page + "?address=" + URLEncoder.encode(address, UTF_8);
    }
}
