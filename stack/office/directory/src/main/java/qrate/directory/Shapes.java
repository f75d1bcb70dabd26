package qrate.directory;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.EditableDirectory.Alias;
import qrate.directory.EditableDirectory.Domain;
import qrate.directory.EditableDirectory.Limits;
import qrate.directory.EditableDirectory.Mailbox;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;
import qrate.snapshots.Vacation;

/// The directory's records as JSON objects, for both ends of the REST API.
public final class Shapes {
    /// Most mailboxes in one request: a hundred characters of address and hash each, and the largest body.
    static final int BULK_MAX = 300;

    /// Most addresses of a list in one request: of 320 bytes each, and the largest body.
    static final int PEOPLE_MAX = 150;

    /// Most bytes of one request's body, as the admin service takes them.
    static final int BODY_BYTES_MAX = 65_536;

    private static final String LOSSES = "losses";
    private static final String LOSS_KEYS = "lossKeys";

    private Shapes() {}

    /// A token, without itself.
    public static Map<String, Object> of(Tokens.Token token) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", token.id());
        shape.put("holder", token.holder());
        shape.put("label", token.label());
        shape.put("scope", token.scope().word());
        shape.put("created", token.created().toString());
        shape.put("expires", token.expires().toString());
        shape.put("used", orNever(token.used()));
        return shape;
    }

    /// A token.
    static Tokens.Token token(Map<String, Object> shape) throws IOException {
        return new Tokens.Token(
                Json.text(shape, "id"),
                Json.text(shape, "holder"),
                Json.text(shape, "label", ""),
                Tokens.Scope.of(Json.text(shape, "scope", "")).orElse(Tokens.Scope.READ),
                time(shape, "created"),
                time(shape, "expires"),
                time(shape, "used"));
    }

    /// A session.
    public static Map<String, Object> of(SignIns.SignIn session) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", session.id());
        shape.put("holder", session.holder());
        shape.put("from", session.from());
        shape.put("browser", session.browser());
        shape.put("opened", session.opened().toString());
        shape.put("expires", session.expires().toString());
        shape.put("used", session.used().toString());
        return shape;
    }

    /// A session.
    static SignIns.SignIn session(Map<String, Object> shape) throws IOException {
        return new SignIns.SignIn(
                Json.text(shape, "id"),
                Json.text(shape, "holder"),
                Json.text(shape, "from", ""),
                Json.text(shape, "browser", ""),
                time(shape, "opened"),
                time(shape, "expires"),
                time(shape, "used"));
    }

    /// An administrator.
    public static Map<String, Object> of(Staff.Administrator administrator) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", administrator.name());
        shape.put("created", administrator.created().toString());
        shape.put("signedIn", orNever(administrator.signedIn()));
        shape.put("recoveryAddress", administrator.recovery());
        return shape;
    }

    /// An administrator.
    static Staff.Administrator administrator(Map<String, Object> shape) throws IOException {
        return new Staff.Administrator(
                Json.text(shape, "name"),
                time(shape, "created"),
                time(shape, "signedIn"),
                Json.text(shape, "recoveryAddress", ""));
    }

    static String orNever(Instant time) {
        return time.equals(Instant.EPOCH) ? "" : time.toString();
    }

    /// A time; {@link Instant#EPOCH} for none.
    static Instant time(Map<String, Object> shape, String name) throws IOException {
        String text = Json.text(shape, name, "");
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IOException(name + ": no time: " + e.getMessage(), e);
        }
    }

    /// A mailbox to be made.
    public static Edit.AddMailbox addMailbox(Map<String, Object> shape) throws IOException {
        return new Edit.AddMailbox(Json.text(shape, "address"), password(shape));
    }

    /// A mailbox to be made.
    static Map<String, Object> of(Edit.AddMailbox edit) {
        Map<String, Object> shape = new LinkedHashMap<>(of(edit.password()));
        shape.put("address", edit.address());
        return shape;
    }

    /// A domain.
    public static Map<String, Object> of(Domain domain) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", domain.name());
        shape.put("aliasOf", domain.aliasOf());
        shape.put("catchAll", domain.catchAll());
        shape.put("mailboxes", domain.mailboxes());
        shape.put("limits", of(domain.limits()));
        return shape;
    }

    /// A domain.
    static Domain domain(Map<String, Object> shape) throws IOException {
        return new Domain(
                Json.text(shape, "name"),
                Json.text(shape, "aliasOf", ""),
                Json.text(shape, "catchAll", ""),
                (int) Json.number(shape, "mailboxes", 0),
                limits(Json.asObject(shape.getOrDefault("limits", Map.of())), Limits.NONE));
    }

    /// A domain's limits.
    public static Map<String, Object> of(Limits limits) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("mailboxes", limits.mailboxes());
        shape.put("aliases", limits.aliases());
        shape.put("quotaBytes", limits.quotaBytes());
        return shape;
    }

    /// A domain's limits; what the object does not say stays as it was.
    public static Limits limits(Map<String, Object> shape, Limits before) throws IOException {
        return new Limits(
                bounded(shape, "mailboxes", before.mailboxes()),
                bounded(shape, "aliases", before.aliases()),
                Json.number(shape, "quotaBytes", before.quotaBytes()));
    }

    static int bounded(Map<String, Object> shape, String name, long before) throws IOException {
        long number = Json.number(shape, name, before);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new IOException(name + ": must be 0 to " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /// A mailbox.
    public static Map<String, Object> of(Mailbox mailbox) {
        return addressed(mailbox.address(), mailbox.values());
    }

    /// A change of a mailbox.
    static Map<String, Object> of(Edit.Modify edit) {
        return addressed(edit.address(), edit.values());
    }

    private static Map<String, Object> addressed(String address, Map<Property, Object> values) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("address", address);
        shape.putAll(Property.shape(values));
        return shape;
    }

    /// A change of a mailbox: what the object does not say stays as it is.
    public static Edit.Modify modify(Map<String, Object> shape, Mailbox before) throws IOException {
        return new Edit.Modify(before.address(), Property.read(shape, before.values()));
    }

    /// A mailbox.
    static Mailbox mailbox(Map<String, Object> shape) throws IOException {
        Mailbox fresh = new Mailbox(Json.text(shape, "address"), Map.of());
        return fresh.with(Property.read(shape, fresh.values()));
    }

    /// What senders are answered.
    public static Map<String, Object> of(Vacation vacation) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("on", vacation.on());
        shape.put("from", orNever(vacation.from()));
        shape.put("until", orNever(vacation.until()));
        shape.put("days", vacation.days());
        shape.put("subject", vacation.subject());
        shape.put("text", vacation.text());
        shape.put("zone", vacation.zone());
        return shape;
    }

    /// What senders are answered; what the object does not say stays as it was.
    public static Vacation vacation(Map<String, Object> shape, Vacation before) throws IOException {
        return new Vacation(
                Json.truth(shape, "on", before.on()),
                shape.containsKey("from") ? time(shape, "from") : before.from(),
                shape.containsKey("until") ? time(shape, "until") : before.until(),
                bounded(shape, "days", before.days()),
                Json.text(shape, "subject", before.subject()),
                Json.text(shape, "text", before.text()).replace("\r\n", "\n"),
                Json.text(shape, "zone", before.zone()));
    }

    /// Where mail goes on to.
    public static Map<String, Object> of(Forwarding forward) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("to", forward.to());
        shape.put("keep", forward.keep());
        return shape;
    }

    /// Where mail goes on to; what the object does not say stays as it was.
    public static Forwarding forward(Map<String, Object> shape, Forwarding before) throws IOException {
        return new Forwarding(
                shape.containsKey("to") ? Json.texts(shape, "to") : before.to(),
                Json.truth(shape, "keep", before.keep()));
    }

    /// A password of a program, without itself.
    public static Map<String, Object> of(AppPasswords.Listed app) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", app.id());
        shape.put("label", app.wish().label());
        shape.put("pop", app.wish().pop());
        shape.put("smtp", app.wish().smtp());
        shape.put("created", app.created().toString());
        shape.put("used", orNever(app.used()));
        return shape;
    }

    /// A place that somebody has signed in from.
    public static Map<String, Object> of(Logins.Login login) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("door", login.door().word());
        shape.put("from", login.from());
        shape.put("app", login.app());
        shape.put("when", login.when().toString());
        return shape;
    }

    /// A password of a program that somebody wants.
    public static AppPasswords.Wish appPassword(Map<String, Object> shape) throws IOException {
        return new AppPasswords.Wish(
                Json.text(shape, "label"), Json.truth(shape, "pop", true), Json.truth(shape, "smtp", true));
    }

    /// A password of a program, without itself.
    static AppPasswords.Listed listedAppPassword(Map<String, Object> shape) throws IOException {
        return new AppPasswords.Listed(
                Json.text(shape, "id"), appPassword(shape), time(shape, "created"), time(shape, "used"));
    }

    /// An alias line.
    public static Map<String, Object> of(Alias alias) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("address", alias.address());
        shape.put("target", alias.target());
        return shape;
    }

    /// An alias line.
    public static Alias alias(Map<String, Object> shape) throws IOException {
        return new Alias(Json.text(shape, "address"), Json.text(shape, "target"));
    }

    /// A password, under the name of its kind.
    public static Map<String, Object> of(Password password) {
        return switch (password) {
            case Password.Clear clear -> Map.of("password", clear.text());
            case Password.Hashed hashed -> Map.of("hash", hashed.text());
        };
    }

    /// The password in an object.
    ///
    /// @throws IOException when there is none
    public static Password password(Map<String, Object> shape) throws IOException {
        if (shape.containsKey("hash") && shape.containsKey("password")) {
            throw new IOException("hash: not beside a password");
        }
        return shape.containsKey("hash")
                ? new Password.Hashed(Json.text(shape, "hash"))
                : new Password.Clear(Json.text(shape, "password"));
    }

    /// What is set for a list.
    static Map<String, Object> of(ListSettings settings) {
        Map<String, Object> shape = new LinkedHashMap<>();
        settings.named().forEach((name, value) -> shape.put(spelled(name), value));
        if (settings.owner().isEmpty()) {
            shape.remove("owner"); // its file says something else, and stays
        }
        if (settings.equals(settings.denying())) {
            shape.put(ListSet.DENY.word(), List.of());
        }
        return shape;
    }

    /// A name of a declared state as the API has it: `one_click`, `oneClick`.
    public static String spelled(String name) {
        StringBuilder spelled = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            boolean begins = i > 0 && name.charAt(i - 1) == '_';
            if (name.charAt(i) != '_') {
                spelled.append(begins ? Character.toUpperCase(name.charAt(i)) : name.charAt(i));
            }
        }
        return spelled.toString();
    }

    /// A refusal, in words and as a value.
    public static Map<String, Object> of(Change.Refused refused, Words words) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("error", refused.reason().name());
        shape.put("why", words.of(refused));
        shape.put("key", refused.refusal().key().word());
        shape.put("arguments", refused.refusal().arguments());
        return shape;
    }

    /// What goes with a removal, in words and as values.
    public static Map<String, Object> of(List<Loss> losses, Words words) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put(LOSSES, words.all(losses));
        shape.put(
                LOSS_KEYS,
                losses.stream()
                        .map(loss -> Map.of("key", loss.key().word(), "arguments", loss.arguments()))
                        .toList());
        return shape;
    }

    /// What goes with a removal; what only a newer service knows is in its words.
    static List<Loss> losses(Map<String, Object> shape) throws IOException {
        List<String> texts = Json.texts(shape, LOSSES);
        List<Map<String, Object>> keys = shape.containsKey(LOSS_KEYS) ? Json.objects(shape, LOSS_KEYS) : List.of();
        List<Loss> all = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Optional<Loss.Key> key =
                    i < keys.size() ? Loss.Key.of(Json.text(keys.get(i), "key", "")) : Optional.empty();
            all.add(
                    key.isPresent()
                            ? new Loss(key.get(), Json.texts(keys.get(i), "arguments"))
                            : Loss.of(Loss.Key.SAID, texts.get(i)));
        }
        return all;
    }
}
