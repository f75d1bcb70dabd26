package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.language.Language;

/// Pages that only a form leads to, as Chromium shows them: what is shown once, what is asked before something is done,
/// and forms that were refused, which say why at the field that was wrong and have the focus there. Pages that are got
/// are in {@link EveryPageTest}.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
class FormAnswersTest extends AdminOnRig {
    private static final int TELEPHONE = 360;
    private static final int SCREEN = 1280;
    private static final String DOMAIN = "/domains/example.test";
    private static final String POSTMASTER = "/mailboxes/postmaster%40example.test";

    private static RouterPages pages;

    private ChromeDriver chromium;
    private Looks looks;
    private Hand hand;

    /// A form that is sent.
    ///
    /// @param name what the pictures of its answer are called
    /// @param at the page that it stands on
    /// @param form the end of its action
    /// @param fields what is written into it; `yes` ticks a box
    /// @param button the value of what it is sent by, or empty for the first
    /// @param wrong the field that the answer is about, or empty for none
    private record Sent(
            String name,
            RouterPages.Reader reader,
            String at,
            String form,
            Map<String, String> fields,
            String button,
            String wrong) {
        static Sent refused(
                String name,
                RouterPages.Reader reader,
                String at,
                String form,
                Map<String, String> fields,
                String wrong) {
            return new Sent("refused-" + name, reader, at, form, fields, "", wrong);
        }

        static Sent done(
                String name,
                RouterPages.Reader reader,
                String at,
                String form,
                Map<String, String> fields,
                String button) {
            return new Sent(name, reader, at, form, fields, button, "");
        }
    }

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Clear(Rig.PASSWORD)));
        pages = new RouterPages(rig);
    }

    @BeforeEach
    void open(ChromeDriver driver) throws IOException {
        chromium = driver;
        looks = new Looks(driver);
        hand = new Hand(driver);
        chromium.get(rig.url() + "/style.css"); // cookies need a page of the host
    }

    private static List<Sent> refused() {
        RouterPages.Reader admin = RouterPages.Reader.ADMINISTRATOR;
        RouterPages.Reader postmaster = RouterPages.Reader.POSTMASTER;
        String add = DOMAIN + "/mailboxes/add";
        String settings = DOMAIN + "/settings";
        String vacation = POSTMASTER + "/vacation";
        return List.of(
                Sent.refused("mailbox-name", postmaster, add, "/mailboxes", Map.of("local", "陳"), "local"),
                Sent.refused("mailbox-there", postmaster, add, "/mailboxes", Map.of("local", "bob"), "local"),
                Sent.refused(
                        "mailbox-quota", postmaster, add, "/mailboxes", Map.of("local", "c", "quota", "x"), "quota"),
                Sent.refused(
                        "mailbox-password",
                        postmaster,
                        add,
                        "/mailboxes",
                        Map.of("local", "c", "how", "type", "password", "short"),
                        "password"),
                Sent.refused(
                        "mailbox-recovery",
                        postmaster,
                        add,
                        "/mailboxes",
                        Map.of("local", "c", Property.RECOVERY.word(), "none"),
                        Property.RECOVERY.word()),
                Sent.refused(
                        "settings",
                        postmaster,
                        "/mailboxes/bob%40example.test",
                        "/settings",
                        Map.of("quota", "x"),
                        "quota"),
                Sent.refused(
                        "password",
                        postmaster,
                        "/mailboxes/bob%40example.test",
                        "/password",
                        Map.of("password", "x"),
                        "password"),
                Sent.refused("csv", postmaster, DOMAIN + "/csv", "/csv", Map.of("text", "name\nx"), "text"),
                Sent.refused(
                        "csv-line", postmaster, DOMAIN + "/csv", "/csv", Map.of("text", "address\nbob\nc"), "text"),
                Sent.refused(
                        "alias",
                        postmaster,
                        DOMAIN + "/aliases",
                        "/aliases",
                        Map.of("local", "a", "target", "b"),
                        "target"),
                Sent.refused(
                        "alias-name",
                        postmaster,
                        DOMAIN + "/aliases",
                        "/aliases",
                        Map.of("local", "a b", "target", "b@far.test"),
                        "local"),
                Sent.refused("catch-all", postmaster, settings, "/catch-all", Map.of("how", "to"), "target"),
                Sent.refused("limits", admin, settings, "/limits", Map.of("aliases", "many"), "aliases"),
                Sent.refused("alias-domain", admin, settings, "/alias-domains", Map.of("alias", "-"), "alias"),
                Sent.refused(
                        "domain",
                        admin,
                        "/domains",
                        "/domains",
                        Map.of("name", "-", "password", "long enough"),
                        "name"),
                Sent.refused(
                        "domain-password",
                        admin,
                        "/domains",
                        "/domains",
                        Map.of("name", "c.test", "password", "x"),
                        "password"),
                Sent.refused(
                        "domain-removal",
                        admin,
                        "/domains/other.test/delete",
                        "/delete",
                        Map.of("typed", "x"),
                        "typed"),
                Sent.refused(
                        "administrator",
                        admin,
                        "/administrators",
                        "/administrators",
                        Map.of("name", "zoe", "password", "long enough", "old", "wrong"),
                        "old"),
                Sent.refused(
                        "own-password",
                        postmaster,
                        "/account",
                        "/account/password",
                        again("long enough", "other"),
                        "again"),
                Sent.refused(
                        "own-password-short",
                        postmaster,
                        "/account",
                        "/account/password",
                        again("short", "short"),
                        "new"),
                Sent.refused(
                        "token", postmaster, "/account", "/tokens", Map.of("label", "laptop", "days", "0"), "days"),
                Sent.refused("two-step", admin, "/account/two-step", "/begin", Map.of("old", "wrong"), "old"),
                Sent.refused(
                        "passkey",
                        admin,
                        "/account/passkeys",
                        "/begin",
                        Map.of("label", "laptop", "old", "wrong"),
                        "old"),
                Sent.refused(
                        "recovery-password",
                        postmaster,
                        "/account/recovery",
                        "/recovery",
                        Map.of(Property.RECOVERY.word(), "me@far.test", "old", "wrong"),
                        "old"),
                Sent.refused(
                        "recovery",
                        postmaster,
                        "/account/recovery",
                        "/recovery",
                        Map.of(Property.RECOVERY.word(), "none", "old", Rig.PASSWORD),
                        Property.RECOVERY.word()),
                Sent.refused(
                        "sign-in",
                        RouterPages.Reader.NOBODY,
                        "/sign-in",
                        "/sign-in",
                        Map.of("login", "nobody", "password", "x"),
                        "password"),
                Sent.refused("forward", postmaster, POSTMASTER + "/forward", "/forward", Map.of("to", "nobody"), "to"),
                Sent.refused(
                        "vacation",
                        postmaster,
                        vacation,
                        "/vacation",
                        Map.of("from", "2030-01-02", "until", "2030-01-01"),
                        "until"),
                Sent.refused("list", postmaster, DOMAIN + "/lists/add", "/add", Map.of("name", "a b"), "name"),
                Sent.refused(
                        "members",
                        postmaster,
                        "/lists/team%40example.test",
                        "/add",
                        Map.of("addresses", "x y"),
                        "addresses"),
                Sent.refused("text", admin, "/texts/bounce-failed/en", "/en", Map.of("text", "{nothing}"), "text"));
    }

    private static Map<String, String> again(String fresh, String again) {
        return Map.of("old", Rig.PASSWORD, "new", fresh, "again", again);
    }

    private static List<Sent> answered(Language language) {
        RouterPages.Reader admin = RouterPages.Reader.ADMINISTRATOR;
        RouterPages.Reader postmaster = RouterPages.Reader.POSTMASTER;
        String tag = language.tag().toLowerCase(Locale.ROOT);
        return List.of(
                Sent.done(
                        "hand-over",
                        postmaster,
                        DOMAIN + "/mailboxes/add",
                        "/mailboxes",
                        Map.of("local", "new-" + tag, "name", "陳小安"),
                        ""),
                Sent.done("csv-look", postmaster, DOMAIN + "/csv", "/csv", Map.of("text", "address\nrow-" + tag), ""),
                Sent.done("mailboxes-ticked", postmaster, DOMAIN, "/ticked", Map.of("t.bob", "yes"), "remove"),
                Sent.done("mailboxes-suspended", postmaster, DOMAIN, "/ticked", Map.of("t.bob", "yes"), "suspend"),
                Sent.done("queue-ticked", admin, "/queue", "/ticked", Map.of("t.7", "yes", "t.8", "yes"), "bounce"),
                Sent.done("queue-nothing-ticked", admin, "/queue", "/ticked", Map.of(), "bounce"),
                Sent.done("text-preview", admin, "/texts/bounce-failed/en", "/en", Map.of("text", "Gone."), "preview"),
                Sent.done(
                        "app-password",
                        postmaster,
                        POSTMASTER + "/app-passwords",
                        "/app-passwords",
                        Map.of("label", tag, "old", Rig.PASSWORD),
                        ""),
                Sent.done("token", postmaster, "/account", "/tokens", Map.of("label", tag, "days", "7"), ""),
                Sent.done("two-step", postmaster, "/account/two-step", "/begin", Map.of("old", Rig.PASSWORD), ""),
                Sent.done(
                        "not-signed-in",
                        RouterPages.Reader.NOBODY,
                        "/sign-in",
                        "/sign-in",
                        Map.of("login", "nobody-" + tag, "password", "x"),
                        ""));
    }

    private void send(Sent sent, Language language) {
        chromium.manage().deleteAllCookies();
        chromium.manage().addCookie(new Cookie(LanguagePages.COOKIE, language.tag()));
        String cookie = pages.cookie(sent.reader);
        int equals = cookie.indexOf('=');
        chromium.manage().addCookie(new Cookie(cookie.substring(0, equals), cookie.substring(equals + 1)));
        looks.width(SCREEN);
        looks.scheme("light");
        looks.open(rig.url() + sent.at);
        hand.on(() -> chromium.executeScript("""
                const [action, fields, value] = arguments;
                const form = [...document.querySelectorAll('main form[method=post]')].find(f => f.getAttribute('action').endsWith(action));
                for (const [name, text] of Object.entries(fields)) {
                  const all = [...form.elements].filter(e => e.name === name && e.type !== 'hidden');
                  const one = all.find(e => e.type === 'radio' && e.value === text) || all[0];
                  if (one.type === 'radio' || one.type === 'checkbox') one.checked = true;
                  else one.value = text;
                }
                form.noValidate = true; // what a browser keeps back is not what is looked at
                form.requestSubmit([...form.elements].find(e => e.type === 'submit' && (!value || e.value === value)));
                """, sent.form, sent.fields, sent.button));
    }

    private void look(String name, Language language) throws IOException {
        looks.asWideAs(language);
        looks.whole(name + "-1280-light", language);
        looks.width(TELEPHONE);
        looks.whole(name + "-360-light", language);
        looks.scheme("dark");
        looks.colours(name + "-360-dark");
        looks.scheme("light");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void aRefusedFormSaysWhyAtTheFieldThatHasTheFocusAndKeepsWhatWasTyped(Language language) throws IOException {
        for (Sent sent : refused()) {
            String name = "answer-" + sent.name + "-" + language.tag();
            send(sent, language);
            assertEquals(List.of(), chromium.executeScript("""
                    const [field, fields] = arguments;
                    const alert = document.querySelector('main [role=alert]');
                    const focused = document.activeElement;
                    const wrong = [];
                    if (!alert) return ['no problem: ' + document.querySelector('main').innerText];
                    if (focused.name !== field) wrong.push('the focus is at ' + focused.outerHTML + ': ' + alert.innerText);
                    if (focused.getAttribute('aria-invalid') !== 'true') wrong.push('is not marked');
                    if (document.querySelectorAll('[aria-invalid]').length !== 1) wrong.push('others are marked');
                    const label = focused.labels && focused.labels[0];
                    if (!label || !label.innerText.includes(alert.innerText)) wrong.push('does not say why at the field');
                    const form = focused.form;
                    for (const [name, text] of Object.entries(fields)) {
                      const all = form ? [...form.elements].filter(e => e.name === name && e.type !== 'password') : [];
                      if (all.length && !all.some(e => e.type === 'radio' ? e.checked && e.value === text : e.value === text)
                          && name !== 'typed') wrong.push('lost: ' + name);
                    }
                    return wrong;""", sent.wrong, sent.fields), name);
            look(name, language);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void whatAFormAnswersIsAPageLikeAllOthers(Language language) throws IOException {
        List<String> headings = new ArrayList<>();
        for (Sent sent : answered(language)) {
            String name = "answer-" + sent.name + "-" + language.tag();
            send(sent, language);
            look(name, language);
            headings.add(hand.heading());
            if (sent.name.equals("csv-look")) {
                looks.width(SCREEN);
                hand.on(() -> chromium.executeScript(
                        "document.querySelector('main form input[name=sure]').form.requestSubmit()"));
                look("answer-csv-done-" + language.tag(), language);
            }
        }
        assertEquals(answered(language).size(), headings.size());
    }
}
