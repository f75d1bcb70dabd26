package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import qrate.checkpassword.AppSecret;
import qrate.core.RefusedCounts;
import qrate.directory.AppPasswords;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.MailDay;
import qrate.directory.MailDays;
import qrate.directory.Password;
import qrate.directory.PasswordResets;
import qrate.directory.Property;
import qrate.directory.RecoveryCodes;
import qrate.directory.ResetKey;
import qrate.directory.Totp;
import qrate.language.Language;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl;
import qrate.snapshots.Vacation;

/// Every page that the router has, of things that are there, each with who reads it: a new page is among them by
/// itself.
final class RouterPages {
    private static final String ANN = "ann@example.test";

    /// What browsers get that is no page.
    private static final Set<String> NO_PAGES = Set.of(
            "/",
            "/style.css",
            "/passkeys.js",
            "/comfort.js",
            "/healthz",
            "/metrics",
            "/status.json",
            "/sign-in/code",
            "/.well-known/mta-sts.txt",
            "/domains/{domain}/mailboxes.csv");

    /// Who reads a page.
    enum Reader {
        NOBODY(""),
        ADMINISTRATOR("admin"),
        POSTMASTER("postmaster@example.test"),
        OWNER(ANN);

        private final String login;

        Reader(String login) {
            this.login = login;
        }

        private static Reader of(Router.Route route) {
            return switch (route.access()) {
                case OPEN -> NOBODY;
                case SIGNED_IN, MAILBOX -> OWNER;
                case DOMAIN -> POSTMASTER;
                case ADMIN -> ADMINISTRATOR;
            };
        }
    }

    /// One page.
    ///
    /// @param name what its pictures are called
    /// @param scripted whether a script of ours adds something to it that can be seen
    record Shown(String name, Reader reader, String path, boolean scripted) {}

    private final Rig rig;
    private final ResetKey key = ResetKey.make(new SecureRandom());
    private final Map<Reader, Rig.Browser> browsers = new EnumMap<>(Reader.class);

    RouterPages(Rig rig) throws IOException {
        this.rig = rig;
        RecoveryCodes codes = fill();
        for (Reader reader : Reader.values()) {
            Rig.Browser browser = rig.browser();
            switch (reader) {
                case NOBODY -> browser.get("/sign-in");
                case OWNER -> browser.signIn(reader.login, codes.texts().getFirst());
                case ADMINISTRATOR, POSTMASTER -> browser.signIn(reader.login);
            }
            browsers.put(reader, browser);
        }
    }

    /// Makes one of everything.
    private RecoveryCodes fill() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", ANN)));
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.SetSecondFactor(
                "eve", Totp.make(new SecureRandom()), 0, RecoveryCodes.make(new SecureRandom())));
        for (String holder : List.of("admin", ANN)) {
            rig.token(holder);
        }
        rig.domains.apply(new Edit.AddAppPassword(
                ANN, new AppPasswords.Wish("telephone", true, true), AppSecret.make(new SecureRandom())));
        rig.domains.apply(new Edit.AddMailbox("gone@example.test", new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.DeleteMailbox("gone@example.test"));
        rig.domains.apply(new Edit.SetVacation(
                ANN, new Vacation(true, Instant.EPOCH, Instant.EPOCH, 7, "Away", "Back on Monday.")));
        RecoveryCodes codes = RecoveryCodes.make(new SecureRandom());
        rig.domains.apply(new Edit.AddPasskey(ANN, Rig.passkey("telephone"), codes));
        rig.queue.others.add(new QueueControl.Item(
                8,
                Instant.EPOCH,
                ANN,
                2048,
                Instant.EPOCH,
                true,
                ANN,
                "more than 100 messages in an hour",
                List.of(new QueueControl.Line("far@x.test", Channel.REMOTE, QueueControl.Progress.PENDING, ""))));
        HostileList.make(rig);
        ReportedMail.make(rig, "mail.big.example");
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        rig.domains.apply(new Edit.Modify("postmaster@example.test", Map.of(Property.RECOVERY, "pm@elsewhere.test")));
        PasswordResets resets = rig.domains.passwordResets();
        assertTrue(resets.ask("postmaster@example.test", Language.ENGLISH, _ -> true));
        PasswordResets.Due due = resets.due(1).getFirst();
        assertTrue(resets.begin(due, key).isPresent());
        resets.sent(due, key);
        // not before: who sends the mail would make a key of its own
        Files.writeString(rig.state.control().resolve("adminurl"), "https://mail.example.test\n");
        LocalDate today = rig.domains.mailDays().today();
        for (int i = 0; i < MailDays.KEPT; i += 2) {
            MailDay day = new MailDay(today.minusDays(i), 40 - i, 123_456, 1, i, 7_890, 1, 0);
            rig.domains.mailDays().note(day.day(), Map.of("example.test", day), RefusedCounts.Left.NONE);
        }
        return codes;
    }

    /// The session of a reader, for another browser.
    String cookie(Reader reader) {
        return browsers.get(reader).cookie;
    }

    /// All of them, one for each route, and other faces of some.
    List<Shown> all() throws IOException {
        List<Shown> all = new ArrayList<>();
        Set<String> none = new TreeSet<>();
        for (Router.Route route : rig.routes()) {
            if (route.method().equals("GET") && route.door() != Router.Door.API) {
                Reader reader = Reader.of(route);
                String path = Paths.of(route, this::there) + query(route);
                HttpResponse<String> answer = browsers.get(reader).get(path);
                boolean html =
                        answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html");
                if (html) {
                    assertEquals(200, answer.statusCode(), reader + " " + path);
                    all.add(shown(name(route.path()), reader, path));
                } else if (route.door() == Router.Door.BROWSER) {
                    none.add(route.path());
                }
            }
        }
        assertEquals(new TreeSet<>(NO_PAGES), none, "what browsers get that is no page");
        all.add(shown("account-of-administrator", Reader.ADMINISTRATOR, "/account"));
        all.add(shown("account-of-postmaster", Reader.POSTMASTER, "/account"));
        all.add(shown("mailbox-of-owner-for-administrator", Reader.ADMINISTRATOR, "/mailboxes/ann%40example.test"));
        all.add(shown("search-of-administrator", Reader.ADMINISTRATOR, "/search?q=a"));
        all.add(shown("search-of-postmaster", Reader.POSTMASTER, "/search?q=nothing-of-that"));
        all.add(shown("forgotten-ended", Reader.NOBODY, "/forgotten/new?key=x"));
        all.add(shown("domain-in-order", Reader.POSTMASTER, "/domains/example.test?sort=-used"));
        all.add(shown("queue-in-order", Reader.ADMINISTRATOR, "/queue?sort=-to"));
        all.add(shown("not-there", Reader.ADMINISTRATOR, "/no-such-page"));
        all.add(shown("not-allowed", Reader.OWNER, "/queue"));
        all.add(shown("set-up-of-address", Reader.OWNER, "/set-up?address=ann%40example.test"));
        all.add(shown("list-moderators", Reader.POSTMASTER, "/lists/team%40example.test?set=moderators"));
        all.add(shown("text-sheet", Reader.POSTMASTER, "/domains/example.test/texts/mailbox-sheet/zh-Hant"));
        all.add(shown("text-line", Reader.ADMINISTRATOR, "/texts/quota-subject/en"));
        return all;
    }

    private Shown shown(String name, Reader reader, String path) throws IOException {
        return new Shown(
                name, reader, path, browsers.get(reader).get(path).body().contains(Asset.PASSKEYS.link()));
    }

    private String there(Router.Route route, String parameter) throws IOException {
        return route.path().contains("/passkeys/")
                ? rig.domains.passkeys().of(ANN).getFirst().id()
                : Paths.there(rig, route, parameter);
    }

    /// What a page needs behind its path.
    private String query(Router.Route route) {
        return switch (route.path()) {
            case "/domains/{domain}/aliases/delete" -> "?local=sales&target=ann%40example.test";
            case "/forgotten/new" -> "?key=" + key.text();
            case "/search" -> "?q=ann";
            case "/unsubscribe" -> "?list=team%40example.test&address=ann%40example.test";
            default -> "";
        };
    }

    private static String name(String path) {
        return path.substring(1).replaceAll("[{}]", "").replace('/', '-');
    }
}
