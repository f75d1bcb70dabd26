package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.checkpassword.AppSecret;
import qrate.directory.Actor;
import qrate.directory.AppPasswords;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.PasswordResets;
import qrate.directory.Property;
import qrate.directory.RecoveryCodes;
import qrate.directory.ResetKey;
import qrate.directory.Tokens;
import qrate.directory.Totp;
import qrate.language.Language;
import qrate.qcontrol.Channel;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.QueueControl;
import qrate.snapshots.Vacation;
import qrate.wordings.Phrase;
import qrate.zone.DomainRows;
import qrate.zone.RowSeen;
import qrate.zone.ZoneLook;

/// Whatever strangers, other servers and users can write is a script here, and every page that there is shows it: none
/// runs, with and without the policy that would stop it, and no page breaks. The pages are those of the router, so that
/// a new one cannot be forgotten.
@Tag("browser")
@Timeout(180)
@ExtendWith(Chromium.class)
class HostileContentTest {
    /// Ends an attribute, a field, a title; runs as element and as handler; turns what follows around; and means
    /// something to templates and to formats of texts.
    private final ResetKey key = ResetKey.make(new SecureRandom());

    private static final String SCRIPT =
            "\u202e'\"></textarea></title><img src=x onerror=ran=1><script>ran=1</script>${913*917}{0}";

    /// Pages of one route that are looked at: more of a kind show nothing new.
    private static final int EACH_MAX = 2;

    /// Pages that show parts of messages, or of what clients and other servers have said.
    private static final Set<String> OF_MESSAGES = Set.of(
            "/overview",
            "/queue",
            "/queue/{id}/bounce",
            "/queue/{id}/drop",
            "/domains/{domain}/quarantine",
            "/domains/{domain}/quarantine/{id}",
            "/domains/{domain}/quarantine/{id}/delete",
            "/mailboxes/{address}/quarantine",
            "/mailboxes/{address}/quarantine/{id}",
            "/mailboxes/{address}/quarantine/{id}/delete",
            "/lists/{address}",
            "/lists/{address}/waiting",
            "/lists/{address}/waiting/{id}",
            "/lists/{address}/archive",
            "/lists/{address}/archive/{number}",
            "/domains/{domain}/dns",
            "/domains/{domain}/reports",
            "/mailboxes/{address}/sign-ins",
            "/access",
            "/account",
            "/audit");

    /// Parameters of queries that pages show again.
    private static final List<String> QUERY =
            List.of("q", "after", "before", "holder", "local", "target", "done", "set", "address", "code", "email");

    @TempDir
    Path folder;

    private Rig rig;
    private ChromeDriver chromium;

    /// Routes that answered with a page.
    private final Set<String> shown = new TreeSet<>();

    /// Routes of pages that showed a script as text.
    private final Set<String> harmless = new TreeSet<>();

    @BeforeEach
    void start(ChromeDriver driver) throws IOException {
        rig = new Rig(folder);
        chromium = driver;
        chromium.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                window.broken = [];
                document.addEventListener('securitypolicyviolation',
                    e => window.broken.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));"""));
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private void fill() throws IOException {
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        for (String target : List.of("ann@example.test", "\"<script>ran=1</script>\"@evil.test", "|" + SCRIPT)) {
            rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", target)));
        }
        rig.domains.apply(new Edit.AddMailbox("gone@example.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.Modify(
                "gone@example.test", Map.of(Property.NAME, "<script>ran=1</script><img src=x onerror=ran=1>")));
        rig.domains.apply(new Edit.DeleteMailbox("gone@example.test"));
        rig.domains.apply(new Edit.SetVacation(
                "ann@example.test", new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, SCRIPT, SCRIPT)));
        for (String domain : List.of("", "example.test")) {
            rig.domains.apply(new Edit.SetText(domain, Phrase.BOUNCE_FAILED, Language.ENGLISH, SCRIPT));
        }
        for (String login : List.of("admin", "ann@example.test")) {
            Tokens.Wish wish = new Tokens.Wish(SCRIPT, Tokens.Scope.READ, Duration.ofDays(1));
            rig.domains.tokens().create(rig.domains.accounts().principal(login).orElseThrow(), wish);
            Actor actor = new Actor(login, Actor.Door.PAGE, SCRIPT.substring(0, 64));
            rig.domains.as(actor).signIns().begin("secret of " + login, SCRIPT, Duration.ofHours(1));
        }
        Actor nobody = new Actor(SCRIPT, Actor.Door.REST, SCRIPT.substring(0, 64));
        rig.domains.audit().done(nobody, SCRIPT);
        rig.domains.audit().refused(nobody, SCRIPT, SCRIPT);
        rig.domains.apply(new Edit.AddAppPassword(
                "ann@example.test", new AppPasswords.Wish(SCRIPT, true, true), AppSecret.make(new SecureRandom())));
        try (Connection database = Holdings.connect(rig);
                PreparedStatement place = database.prepareStatement(
                        "INSERT INTO logins (holder, door, remote, app, used_at) VALUES (?, 'POP3', ?, '', ?)")) {
            place.setString(1, "ann@example.test");
            place.setString(2, SCRIPT.substring(0, 64));
            place.setLong(3, Instant.now().toEpochMilli());
            place.executeUpdate();
        } catch (SQLException e) {
            throw new IOException(e);
        }
        HostileList.make(rig);
        writeMessages();
        ReportedMail.make(rig, SCRIPT);
        rig.problems = List.of("disk: " + SCRIPT, SCRIPT);
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        Files.writeString(rig.state.control().resolve("acme"), "https://ca.test/" + SCRIPT + "\n");
        Files.createDirectories(rig.state.tls().resolve("acme"));
        String at = "2026-11-29T10:00:00Z ";
        Files.writeString(rig.state.tls().resolve("acme/state"), "failure 2 " + at.repeat(4) + SCRIPT + "\n");
        rig.looking = (rows, _, _) -> strange(rows);
    }

    /// Messages that wait and that were put aside, with a script in all that a stranger writes and others answer.
    private void writeMessages() {
        rig.queue.others.add(new QueueControl.Item(
                8,
                Instant.EPOCH,
                SCRIPT + "@evil.test",
                1234,
                Instant.EPOCH,
                true,
                SCRIPT,
                SCRIPT,
                List.of(new QueueControl.Line(
                        SCRIPT + "@x.test", Channel.REMOTE, QueueControl.Progress.PENDING, "552 5.2.2 " + SCRIPT))));
        rig.queue.kept.add(new Quarantine.Kept(
                10,
                new Quarantine.Stay(Instant.EPOCH, 0),
                SCRIPT,
                1234,
                SCRIPT,
                new Quarantine.About(SCRIPT, SCRIPT, SCRIPT, SCRIPT),
                List.of("mx.example.test; dmarc=fail reason=\"" + SCRIPT + "\" header.from=" + SCRIPT),
                List.of("ann@example.test")));
    }

    private static List<ZoneLook.Looked> strange(DomainRows rows) {
        RowSeen seen = new RowSeen(RowSeen.State.WRONG, List.of(SCRIPT), SCRIPT);
        return List.of(new ZoneLook.Looked(
                rows.rows().getFirst(), List.of(new ZoneLook.By(SCRIPT, seen)), RowSeen.State.WRONG, SCRIPT));
    }

    @Test
    void noScriptRunsOnAnyPage() throws IOException {
        fill();
        rig.domains.apply(new Edit.Modify("postmaster@example.test", Map.of(Property.RECOVERY, "pm@elsewhere.test")));
        PasswordResets resets = rig.domains.passwordResets();
        assertTrue(resets.ask("postmaster@example.test", Language.ENGLISH, _ -> true));
        PasswordResets.Due due = resets.due(1).getFirst();
        assertTrue(resets.begin(due, key).isPresent());
        resets.sent(due, key);
        // not before: who sends the mail would make a key of its own
        Files.writeString(rig.state.control().resolve("adminurl"), "https://mail.example.test\n");
        chromium.get(rig.url() + "/style.css"); // cookies need a page of the host
        walk(rig.browser(), "/sign-in");
        walk(rig.browser().signIn("ann@example.test"), "/");
        for (String login : List.of("ann@example.test", "eve")) { // its pages are the administrator's
            rig.domains.apply(new Edit.SetSecondFactor(
                    login, Totp.make(new SecureRandom()), 0, RecoveryCodes.make(new SecureRandom())));
        }
        RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());
        rig.domains.apply(new Edit.AddPasskey("admin", Rig.passkey(SCRIPT), codes));
        Rig.Browser admin = rig.browser().signIn("admin", codes.texts().getFirst());
        admin.get("/domains/example.test/dns");
        admin.post("/domains/example.test/dns", Map.of());
        Awaitility.await()
                .until(() -> admin.get("/domains/example.test/dns").body().contains("onerror=ran=1"));
        walk(admin, "/");
        Set<String> left = new TreeSet<>();
        for (Router.Route route : rig.routes()) {
            if (route.method().equals("GET") && route.door() != Router.Door.API && !shown.contains(route.path())) {
                left.add(route.path());
            }
        }
        assertEquals(Set.of(), left, "pages that nobody has seen");
        Set<String> silent = new TreeSet<>(OF_MESSAGES);
        silent.removeAll(harmless);
        assertEquals(Set.of(), silent, "pages of messages that did not show what a stranger wrote");
    }

    /// All pages, and what their forms answer; and again, with what the forms have left, where nothing but escaping
    /// holds scripts back.
    private void walk(Rig.Browser reader, String from) throws IOException {
        walk(reader, from, true);
        chromium.executeCdpCommand("Page.setBypassCSP", Map.of("enabled", true));
        walk(reader, from, false);
        chromium.executeCdpCommand("Page.setBypassCSP", Map.of("enabled", false));
    }

    /// Every page that links lead to from one, and that the router knows.
    private void walk(Rig.Browser reader, String from, boolean forms) throws IOException {
        rig.later(Duration.ofMinutes(2)); // what one client may ask in a minute
        chromium.manage().deleteAllCookies();
        int equals = reader.cookie.indexOf('=');
        if (equals > 0) {
            chromium.manage()
                    .addCookie(new Cookie(reader.cookie.substring(0, equals), reader.cookie.substring(equals + 1)));
        }
        List<Router.Route> routes = rig.routes();
        Deque<String> todo = new ArrayDeque<>(List.of(from));
        for (Router.Route route : routes) {
            if (route.method().equals("GET") && route.door() != Router.Door.API) {
                todo.add(Paths.of(route, (r, parameter) -> Paths.there(rig, r, parameter)) + query(route));
            }
        }
        Map<String, Integer> times = new HashMap<>();
        Set<String> seen = new LinkedHashSet<>();
        Set<String> sent = new LinkedHashSet<>();
        while (!todo.isEmpty()) {
            String path = todo.poll();
            String route = Paths.found(routes, path).map(Router.Route::path).orElse("");
            if (!route.isEmpty()
                    && seen.add(path)
                    && times.merge(route, 1, Integer::sum) <= EACH_MAX
                    && html(reader, path, route)) {
                chromium.get(rig.url() + path);
                look(path, route);
                links().forEach(todo::add);
                for (Object form : forms ? fields() : List.of()) {
                    Map<?, ?> one = (Map<?, ?>) form;
                    String where = Boolean.TRUE.equals(one.get("head")) ? "" : route + " ";
                    if (sent.add(where + one.get("action").toString().replaceAll("[?=].*", ""))) {
                        send(path, one.get("number"));
                        look(path + " " + one.get("action"), route);
                    }
                }
            }
        }
    }

    private String query(Router.Route route) {
        if (route.path().equals("/forgotten/new")) {
            return "?key=" + key.text();
        }
        String query = QUERY.stream()
                .map(name -> name + "=" + URLEncoder.encode(SCRIPT, UTF_8))
                .collect(Collectors.joining("&", "?", ""));
        return route.door() == Router.Door.LINK ? query + "&list=team%40example.test" : query;
    }

    /// Whether a path is a page; what is none must not be taken for one.
    private boolean html(Rig.Browser reader, String path, String route) throws IOException {
        HttpResponse<String> answer = reader.get(path);
        String type = answer.headers().firstValue("Content-Type").orElse("");
        boolean html = type.startsWith("text/html");
        if (answer.statusCode() < 400 || !html) {
            shown.add(route);
        }
        assertTrue(answer.statusCode() != 500, path + answer.body());
        assertEquals(
                "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse(""), path);
        return html;
    }

    private List<String> links() {
        Object found = chromium.executeScript("""
                return [...document.links].filter(a => a.origin === location.origin).map(a => a.pathname + a.search)""");
        return ((List<?>) found).stream().map(Object::toString).toList();
    }

    /// Forms that somebody can write into; that in the head of each page is the same everywhere.
    private List<?> fields() {
        return (List<?>) chromium.executeScript("""
                return [...document.forms].map((form, number) => ({number, action: form.getAttribute('action'), head: !form.closest('main'),
                    writes: [...form.elements].some(e => e.matches('textarea, input:not([type]), [type=text], [type=search]'))}))
                    .filter(form => form.writes)""");
    }

    private void send(String path, Object number) {
        chromium.get(rig.url() + path);
        chromium.executeScript("""
                const form = document.forms[arguments[0]];
                for (const field of form.querySelectorAll('textarea, input:not([type=hidden])')) {
                  if (field.matches('[type=checkbox], [type=radio]')) continue;
                  if (field.tagName == 'INPUT') field.type = 'text';
                  field.value = arguments[1];
                }
                window.before = true;
                HTMLFormElement.prototype.submit.call(form);""", number, SCRIPT);
        Awaitility.await()
                .until(() -> Boolean.TRUE.equals(chromium.executeScript(
                        "return window.before === undefined && document.readyState === 'complete'")));
    }

    private void look(String where, String route) {
        assertEquals(List.of(), chromium.executeScript("""
                const wrong = [...window.broken];
                if (window.ran || document.title === 'run') wrong.push('a script ran');
                if (!document.title.endsWith('· Qrate')) wrong.push('title: ' + document.title);
                if (document.querySelectorAll('h1').length !== 1) wrong.push('headings');
                if (!document.querySelector('main#main')) wrong.push('no main');
                for (const e of document.querySelectorAll('*')) {
                  if (e.matches('script:not([src^="/passkeys.js?v="], [src^="/comfort.js?v="]), img, iframe, object, embed, base, b, i')) wrong.push(e.outerHTML);
                  for (const a of e.attributes) {
                    if (/^on/i.test(a.name) || (/^(href|src|action|formaction)$/i.test(a.name) && /^\\s*(javascript|data):/i.test(a.value))) {
                      wrong.push(e.outerHTML);
                    }
                  }
                }
                if (document.body.innerText.includes('837221')) wrong.push('a template ran');
                return wrong;"""), where);
        if (Boolean.TRUE.equals(
                chromium.executeScript(
                        "return document.body.innerText.includes('<script>') || [...document.querySelectorAll('input, textarea')].some(e => e.value.includes('<script>'))"))) {
            harmless.add(route);
        }
    }
}
