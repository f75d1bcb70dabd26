package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.ControlFile;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.snapshots.Names;
import qrate.snapshots.Vacation;

/// The directory by the admin service's REST API, for commands that run while it has the database open.
public final class RemoteDirectory implements EditableDirectory {
    private static final String DOMAINS = "domains";
    static final String PASSWORD = "/password";
    private static final String VACATION = "/vacation";
    private static final String FORWARD = "/forward";
    private static final String APP_PASSWORDS = "/app-passwords";
    static final String KEEP_TOKENS = "keepTokens";
    private static final String FORCE = "?force=true";

    private final AdminHttp http;

    /// Whether an admin service is there.
    enum Presence {
        /// it answers
        READY,
        /// something listens, and does not answer now
        BUSY,
        /// nothing listens, or somebody else
        AWAY
    }

    /// @param url of the admin service: `http://127.0.0.1:8080`
    /// @param token that says who asks
    public RemoteDirectory(String url, String token) {
        this.http =
                new AdminHttp(URI.create(url.endsWith("/") ? url : url + "/").resolve("api/v1/"), token);
    }

    private Change change(String method, String path, Map<String, Object> body) throws IOException {
        AdminHttp.Response response = http.send(method, path, body);
        if (response.status() == 200 || response.status() == 201 || response.status() == 204) {
            return new Change.Done();
        }
        Optional<Change.Refused> refused = refused(problem(response));
        return refused.isPresent() ? refused.get() : fail(response);
    }

    private static Optional<Change.Refused> refused(Map<String, Object> problem) throws IOException {
        Optional<Refusal.Key> key = Refusal.Key.of(Json.text(problem, "key", ""));
        if (key.isPresent()) {
            return Optional.of(new Change.Refused(new Refusal(key.get(), Json.texts(problem, "arguments"))));
        }
        String error = Json.text(problem, "error", "");
        for (Change.Reason reason : Change.Reason.values()) {
            if (reason.name().equals(error)) {
                return Optional.of(new Change.Refused(Refusal.said(reason, Json.text(problem, "why", ""))));
            }
        }
        return Optional.empty();
    }

    /// In the words of the service, which say what is saved.
    private static Change fail(AdminHttp.Response response) throws IOException {
        Map<String, Object> problem = problem(response);
        String why = Json.text(problem, "why", "");
        throw switch (response.status()) {
            case 202 -> Trouble.of(why, Trouble.Saved.ALL);
            case 503 -> Trouble.of(why, Trouble.Saved.NOTHING);
            default -> new IOException("admin: " + response.status() + " " + why);
        };
    }

    private static Map<String, Object> problem(AdminHttp.Response response) throws IOException {
        try {
            return Json.object(response.body());
        } catch (IOException e) {
            throw new IOException("admin: answered " + response.status(), e);
        }
    }

    /// All of a list, part by part.
    List<Map<String, Object>> list(String path) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        Optional<AdminHttp.Response> part = got(path);
        while (part.isPresent()) {
            List<Map<String, Object>> rows = part.get().rows();
            all.addAll(rows);
            String next = rows.isEmpty() ? "" : part.get().next();
            part = next.isEmpty() ? Optional.empty() : got(path + next);
        }
        return all;
    }

    /// What is there, or nothing.
    Optional<AdminHttp.Response> got(String path) throws IOException {
        AdminHttp.Response response = http.send("GET", path, Map.of());
        if (response.status() != 200 && response.status() != 404) {
            fail(response);
        }
        return response.status() == 200 ? Optional.of(response) : Optional.empty();
    }

    private static String in(String domain, String... more) {
        return DOMAINS + "/" + encode(domain) + (more.length == 0 ? "" : "/" + more[0]);
    }

    static String box(String address) {
        return "mailboxes/" + encode(address);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /// What is no name is refused here, as the directory does: it would be another path.
    private static Optional<Change> badDomain(String text) {
        return Names.domain(text).isPresent() ? Optional.empty() : Optional.of(Change.refuse(Refusal.Key.DOMAIN_NAME));
    }

    private static Optional<Change> badBox(String text) {
        return Box.of(text).isPresent() ? Optional.empty() : Optional.of(Editor.badName(text));
    }

    /// A request, unless a name in its path is none.
    Change change(Optional<Change> bad, String method, String path, Map<String, Object> body) throws IOException {
        return bad.isPresent() ? bad.get() : change(method, path, body);
    }

    static Map<String, Object> with(Map<String, Object> shape, String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(shape);
        more.put(name, value);
        return more;
    }

    @Override
    public List<Loss> losses(String name) throws IOException {
        boolean address = name.contains("@");
        if (address ? Box.of(name).isEmpty() : Names.domain(name).isEmpty()) {
            return List.of();
        }
        Optional<Map<String, Object>> shape = find((address ? box(name) : in(name)) + "/losses");
        return shape.isEmpty() ? List.of() : Shapes.losses(shape.get());
    }

    private static String domainOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    @Override
    public Change apply(Edit edit) throws IOException {
        return switch (edit) {
            case Edit.AddDomain(String domain, Password password) ->
                change("POST", DOMAINS, with(Shapes.of(password), "name", domain));
            case Edit.DeleteDomain(String domain) -> change(badDomain(domain), "DELETE", in(domain) + FORCE, Map.of());
            case Edit.AddAliasDomain(String domain, String alias) ->
                domain.isEmpty()
                        ? badDomain(domain).orElseThrow()
                        : change("POST", DOMAINS, Map.of("name", alias, "aliasOf", domain));
            case Edit.SetCatchAll(String domain, String target) ->
                change(badDomain(domain), "PUT", in(domain), Map.of("catchAll", target));
            case Edit.SetText set ->
                change(RemoteTexts.bad(set.domain()), "PUT", RemoteTexts.path(set), Map.of("text", set.text()));
            case Edit.SetLanguage(String domain, String language) ->
                change(RemoteTexts.bad(domain), "PUT", RemoteTexts.path(domain), Map.of("language", language));
            case Edit.SetLimits(String domain, Limits limits) ->
                change(badDomain(domain), "PUT", in(domain, "limits"), Shapes.of(limits));
            case Edit.AddMailbox add ->
                change(badBox(add.address()), "POST", in(domainOf(add.address()), "mailboxes"), Shapes.of(add));
            case Edit.DeleteMailbox(String address) ->
                change(badBox(address), "DELETE", box(address) + FORCE, Map.of());
            case Edit.RestoreMailbox(String address, long number) ->
                change(badBox(address), "POST", in(domainOf(address), "deleted/" + number + "/restore"), Map.of());
            case Edit.ForgetMailbox(String address, long number) ->
                change(badBox(address), "DELETE", in(domainOf(address), "deleted/" + number), Map.of());
            case Edit.SetPassword(String address, Password password, boolean keep) ->
                change(badBox(address), "PUT", box(address) + PASSWORD, with(Shapes.of(password), KEEP_TOKENS, keep));
            case Edit.RenewHash _, Edit.AddAppPassword _, Edit.SetSecondFactor _, Edit.SetRecoveryCodes _ ->
                throw new UnsupportedOperationException("who checks or makes a password has the database open");
            case Edit.AddPasskey _, Edit.RemovePasskey _, Edit.ResetPassword _ ->
                throw new UnsupportedOperationException("who checks or makes a password has the database open");
            case Edit.Modify modify ->
                change(badBox(modify.address()), "PUT", box(modify.address()), Shapes.of(modify));
            case Edit.SetVacation(String address, Vacation vacation) ->
                change(badBox(address), "PUT", box(address) + VACATION, Shapes.of(vacation));
            case Edit.SetForward(String address, Forwarding forward) ->
                change(badBox(address), "PUT", box(address) + FORWARD, Shapes.of(forward));
            case Edit.EndAppPassword(String address, String id) ->
                change(
                        badBox(address).or(() -> RemoteStaff.badId(id, Refusal.Key.APP_PASSWORD_MISSING)),
                        "DELETE",
                        box(address) + APP_PASSWORDS + "/" + id,
                        Map.of());
            case Edit.AddAlias(Alias line) -> change(badLine(line), "POST", lines(line), Shapes.of(line));
            case Edit.DeleteAlias(Alias line) ->
                change(
                        badLine(line),
                        "DELETE",
                        lines(line) + FORCE + "&address=" + encode(line.address()) + "&target=" + encode(line.target()),
                        Map.of());
            case Edit.SetList(String address, ListSettings settings) ->
                change(badList(address), "PUT", mailingList(address), Shapes.of(settings));
            case Edit.AddToList(String address, ListSet set, List<String> addresses) ->
                people("POST", address, set, addresses);
            case Edit.TakeFromList(String address, ListSet set, List<String> addresses) ->
                people("DELETE", address, set, addresses);
            case Edit.RemoveList(String address) ->
                change(badList(address), "DELETE", mailingList(address) + FORCE, Map.of());
            case Edit.SetControl(ControlFile file, List<String> lines) ->
                change(RemoteControl.tooLarge(file, lines), "PUT", RemoteControl.path(file), RemoteControl.body(lines));
            case Edit.RemoveControl(ControlFile file) -> change("DELETE", RemoteControl.path(file), Map.of());
            case Edit.AddAdministrator(String name, Password password) ->
                change("POST", RemoteStaff.ADMINISTRATORS, with(Shapes.of(password), "name", name));
            case Edit.SetAdministratorPassword set -> new RemoteStaff(this).set(set);
            case Edit.SetAdministratorRecovery set -> new RemoteStaff(this).set(set);
            case Edit.RemoveAdministrator(String name) ->
                change(RemoteStaff.bad(name), "DELETE", RemoteStaff.one(name), Map.of());
            case Edit.RemoveSecondFactor(String holder) ->
                change(RemoteStaff.badHolder(holder), "DELETE", RemoteStaff.pathOfSecondFactor(holder), Map.of());
            case Edit.EndToken(String id, String _) ->
                change(RemoteStaff.badId(id, Refusal.Key.TOKEN_MISSING), "DELETE", "tokens/" + id, Map.of());
            case Edit.EndSession(String id, String _) ->
                change(RemoteStaff.badId(id, Refusal.Key.SESSION_MISSING), "DELETE", "sessions/" + id, Map.of());
            case Edit.EndTokens _, Edit.EndSessions _ ->
                throw new UnsupportedOperationException("the pages alone end all of them");
        };
    }

    private static String mailingList(String address) {
        return "lists/" + encode(address);
    }

    private static Optional<Change> badList(String text) {
        return Box.of(text).isPresent() ? Optional.empty() : Optional.of(Change.refuse(Refusal.Key.LIST_NAME));
    }

    /// As many at once as a request takes; what was done of the ones before stays.
    private Change people(String method, String address, ListSet set, List<String> addresses) throws IOException {
        Change change = badList(address).orElse(new Change.Done());
        for (int i = 0; i < addresses.size() && change instanceof Change.Done; i += Shapes.PEOPLE_MAX) {
            List<String> some = addresses.subList(i, Math.min(addresses.size(), i + Shapes.PEOPLE_MAX));
            change = change(method, mailingList(address) + "/members", Map.of("set", set.word(), "addresses", some));
        }
        return change;
    }

    private static Optional<Change> badLine(Alias line) {
        return Box.of(line.address()).isPresent() ? Optional.empty() : Optional.of(Change.refuse(Refusal.Key.ADDRESS));
    }

    private static String lines(Alias line) {
        return in(domainOf(line.address()), "aliases");
    }

    @Override
    public List<Change> addMailboxes(List<Edit.AddMailbox> mailboxes) throws IOException {
        List<Change> outcomes = new ArrayList<>();
        for (int i = 0; i < mailboxes.size(); i += Shapes.BULK_MAX) {
            List<Edit.AddMailbox> part = mailboxes.subList(i, Math.min(mailboxes.size(), i + Shapes.BULK_MAX));
            outcomes.addAll(addSome(part));
        }
        return outcomes;
    }

    private List<Change> addSome(List<Edit.AddMailbox> mailboxes) throws IOException {
        List<Map<String, Object>> shapes = mailboxes.stream().map(Shapes::of).toList();
        AdminHttp.Response response = http.send("POST", "mailboxes", Map.of("mailboxes", shapes));
        if (response.status() != 200) {
            Optional<Change.Refused> all = refused(problem(response));
            return Collections.nCopies(mailboxes.size(), all.isPresent() ? all.get() : fail(response));
        }
        List<Change> outcomes = new ArrayList<>();
        for (Map<String, Object> outcome : Json.objects(Json.object(response.body()), "outcomes")) {
            outcomes.add(refused(outcome).map(Change.class::cast).orElse(new Change.Done()));
        }
        return outcomes;
    }

    @Override
    public List<Domain> domains() throws IOException {
        return all(list(DOMAINS), Shapes::domain);
    }

    @Override
    public Optional<Domain> domain(String domain) throws IOException {
        Optional<Map<String, Object>> shape = Names.domain(domain).isEmpty() ? Optional.empty() : find(in(domain));
        return shape.isEmpty() ? Optional.empty() : Optional.of(Shapes.domain(shape.get()));
    }

    @Override
    public List<Mailbox> mailboxes(String domain) throws IOException {
        return all(listIn(domain, "mailboxes"), Shapes::mailbox);
    }

    @Override
    public Optional<Mailbox> mailbox(String address) throws IOException {
        Optional<Map<String, Object>> shape = Box.of(address).isEmpty() ? Optional.empty() : find(box(address));
        return shape.isEmpty() ? Optional.empty() : Optional.of(Shapes.mailbox(shape.get()));
    }

    @Override
    public Vacation vacation(String address) throws IOException {
        Optional<Map<String, Object>> shape =
                Box.of(address).isEmpty() ? Optional.empty() : find(box(address) + VACATION);
        return shape.isEmpty() ? Vacation.NONE : Shapes.vacation(shape.get(), Vacation.NONE);
    }

    @Override
    public DomainTexts texts(String domain) throws IOException {
        return RemoteTexts.read(this, domain);
    }

    @Override
    public Forwarding forward(String address) throws IOException {
        Optional<Map<String, Object>> shape =
                Box.of(address).isEmpty() ? Optional.empty() : find(box(address) + FORWARD);
        return shape.isEmpty() ? Forwarding.NONE : Shapes.forward(shape.get(), Forwarding.NONE);
    }

    @Override
    public List<AppPasswords.Listed> appPasswords(String address) throws IOException {
        return all(
                Box.of(address).isEmpty() ? List.of() : list(box(address) + APP_PASSWORDS), Shapes::listedAppPassword);
    }

    @Override
    public List<Alias> aliases(String domain) throws IOException {
        return all(listIn(domain, "aliases"), Shapes::alias);
    }

    @Override
    public List<DeletedMailbox> deleted(String domain) throws IOException {
        return all(listIn(domain, "deleted"), DeletedMailbox::of);
    }

    @Override
    public List<MailDay> mailDays(String domain) throws IOException {
        return all(listIn(domain, "statistics"), MailDay::of);
    }

    /// Reads one thing.
    @FunctionalInterface
    private interface Reader<T> {
        T read(Map<String, Object> shape) throws IOException;
    }

    private static <T> List<T> all(List<Map<String, Object>> shapes, Reader<T> reader) throws IOException {
        List<T> all = new ArrayList<>();
        for (Map<String, Object> shape : shapes) {
            all.add(reader.read(shape));
        }
        return all;
    }

    private List<Map<String, Object>> listIn(String domain, String what) throws IOException {
        return Names.domain(domain).isEmpty() ? List.of() : list(in(domain, what));
    }

    Optional<Map<String, Object>> find(String path) throws IOException {
        Optional<AdminHttp.Response> response = got(path);
        return response.isEmpty()
                ? Optional.empty()
                : Optional.of(Json.object(response.get().body()));
    }

    /// Whether an admin service answers there.
    Presence presence() {
        try {
            return switch (http.exchange("GET", "me", Map.of()).status()) {
                case 200 -> Presence.READY;
                case 429, 503 -> Presence.BUSY;
                default -> Presence.AWAY; // whoever that is does not know this token
            };
        } catch (ConnectException _) {
            return Presence.AWAY; // the caller opens the database itself
        } catch (IOException _) {
            return Presence.BUSY; // something took the connection, and ended it or let us wait
        }
    }

    @Override
    public Staff staff() {
        return new RemoteStaff(this);
    }

    @Override
    public void close() {
        // each request is whole by itself
    }
}
