package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.core.RefusedCounts;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.MailDay;
import qrate.directory.MailDays;
import qrate.directory.Password;
import qrate.directory.PasswordResets;
import qrate.directory.Property;
import qrate.directory.ResetKey;
import qrate.language.Language;

/// The pages as Chromium shows them.
@Tag("browser")
@Timeout(180)
class BrowserTest {
    /// Every kind of page that an administrator has.
    private static final List<String> PAGES = List.of(
            "/overview",
            "/domains",
            "/domains/example.test",
            "/domains/example.test/aliases",
            "/domains/example.test/settings",
            "/domains/example.test/texts",
            "/domains/example.test/texts/bounce-failed/en",
            "/domains/example.test/texts/mailbox-sheet/zh-Hant",
            "/texts",
            "/texts/quota-subject/en",
            "/domains/example.test/mailboxes/add",
            "/domains/example.test/csv",
            "/domains/example.test/dns",
            "/domains/example.test/statistics",
            "/domains/example.test/delete",
            "/certificate",
            "/no-such-page",
            "/mailboxes/ann%40example.test",
            "/mailboxes/ann%40example.test/delete",
            "/mailboxes/ann%40example.test/vacation",
            "/domains/example.test/lists",
            "/domains/example.test/lists/add",
            "/lists/team%40example.test",
            "/lists/team%40example.test?set=moderators",
            "/lists/team%40example.test/waiting",
            "/lists/team%40example.test/waiting/1-a",
            "/lists/team%40example.test/archive",
            "/lists/team%40example.test/archive/1",
            "/lists/team%40example.test/settings",
            "/lists/team%40example.test/delete",
            "/mailboxes/ann%40example.test/forward",
            "/mailboxes/ann%40example.test/app-passwords",
            "/mailboxes/ann%40example.test/sign-ins",
            "/account/recovery",
            "/account/two-step",
            "/account/passkeys",
            "/queue",
            "/queue/7/drop",
            "/queue/7/bounce",
            "/audit",
            "/administrators",
            "/access",
            "/set-up",
            "/set-up?address=ann%40example.test",
            "/account");

    @TempDir
    Path folder;

    @TempDir
    Path profile;

    private Rig rig;
    private ChromeDriver chromium;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder);
        LocalDate today = rig.domains.mailDays().today();
        for (int i = 0; i < MailDays.KEPT; i += 2) {
            MailDay day = new MailDay(today.minusDays(i), 40 - i, 123_456, 1, i, 7_890, 1, 0);
            rig.domains.mailDays().note(day.day(), Map.of("example.test", day), RefusedCounts.Left.NONE);
        }
        chromium = Chromium.start(profile);
    }

    @AfterEach
    void stop() throws IOException {
        chromium.quit();
        rig.close();
    }

    private WebElement field(String form, String name) {
        return chromium.findElement(By.cssSelector("form[aria-label='" + form + "'] [name='" + name + "']"));
    }

    private void signIn(String login) {
        signIn(login, "Overview");
        chromium.get(rig.url() + "/domains");
    }

    private void signIn(String login, String first) {
        chromium.get(rig.url() + "/");
        chromium.findElement(By.name("login")).sendKeys(login);
        chromium.findElement(By.name("password")).sendKeys(Rig.PASSWORD, Keys.ENTER);
        // the page before has a heading too
        chromium.findElement(By.xpath("//h1[.='" + first + "']"));
    }

    private String notice() {
        return chromium.findElement(By.cssSelector("[role=status]")).getText();
    }

    @Test
    void runsADomainByKeyboardAlone() throws IOException {
        signIn("admin");
        field("Add a domain", "name").sendKeys("browser.test", Keys.TAB, "long enough", Keys.ENTER);
        assertEquals("Added.", notice());
        chromium.findElement(By.linkText("browser.test")).sendKeys(Keys.ENTER);
        chromium.findElement(By.linkText("Add a mailbox")).sendKeys(Keys.ENTER);
        field("Add a mailbox", "local").sendKeys("zoë", Keys.ENTER);
        assertEquals(
                "\"zoë\" cannot be a name: it may have a–z, 0–9 and . - _ + ' & =, and 64 characters",
                chromium.findElement(By.cssSelector("[role=alert]")).getText());
        assertEquals("zoë", field("Add a mailbox", "local").getDomProperty("value"));
        field("Add a mailbox", "local").clear();
        field("Add a mailbox", "local").sendKeys("zoe", Keys.ENTER);
        assertTrue(notice().contains("shown this once"), notice());
        String sheet = text(".handover");
        Matcher password = Pattern.compile("[a-z2-9]{4}(-[a-z2-9]{4}){3}").matcher(sheet);
        assertTrue(sheet.contains("zoe@browser.test") && password.find(), sheet);
        assertTrue(rig.domains.signIn("zoe@browser.test", password.group()).isPresent());
        chromium.findElement(By.linkText("All of browser.test")).sendKeys(Keys.ENTER);
        assertTrue(rig.domains.mailbox("zoe@browser.test").isPresent());
        chromium.findElement(By.cssSelector("[aria-label='Remove zoe@browser.test']"))
                .sendKeys(Keys.ENTER);
        assertTrue(text("ul.goes").contains("the mailbox zoe@browser.test"));
        chromium.findElement(By.cssSelector("button.danger")).sendKeys(Keys.ENTER);
        assertEquals("Removed.", notice());
        assertTrue(rig.domains.mailbox("zoe@browser.test").isEmpty());
        chromium.get(rig.url() + "/domains/browser.test/delete");
        chromium.findElement(By.name("typed")).sendKeys("browser.tset", Keys.ENTER);
        assertTrue(text("[role=alert]").contains("type browser.test"));
        chromium.findElement(By.name("typed")).sendKeys("browser.test", Keys.ENTER);
        assertEquals("Removed.", notice());
        assertTrue(rig.domains.domain("browser.test").isEmpty());
    }

    private String text(String selector) {
        return chromium.findElement(By.cssSelector(selector)).getText();
    }

    @Test
    void asksBeforeAListOrAMessageGoesAndKeepsWhatIsKept() throws IOException {
        Files.createDirectories(rig.state.maildirs().resolve("domains/example.test/team/subscribers"));
        rig.domains.apply(
                new Edit.AddAlias(new EditableDirectory.Alias("team@example.test", "postmaster@example.test")));
        signIn("admin");
        chromium.get(rig.url() + "/domains/example.test/aliases");
        chromium.findElement(By.cssSelector("[aria-label='Remove team@example.test to postmaster@example.test']"))
                .sendKeys(Keys.ENTER);
        chromium.findElement(By.xpath("//h1[.='Remove team@example.test']"));
        assertTrue(text("main").contains("the mailing list team@example.test"), text("main"));
        chromium.findElement(By.linkText("Keep it")).sendKeys(Keys.ENTER);
        chromium.findElement(By.xpath("//h1[.='example.test']"));
        assertEquals(1, rig.domains.aliases("example.test").size());
        chromium.get(rig.url() + "/queue");
        chromium.findElement(By.cssSelector("[aria-label='Delete message 7…']")).sendKeys(Keys.ENTER);
        chromium.findElement(By.xpath("//h1[.='Delete message 7']"));
        assertTrue(text("main").contains("nobody is told"), text("main"));
        assertEquals(List.of(), rig.queue.asked);
        chromium.findElement(By.cssSelector("button.danger")).sendKeys(Keys.ENTER);
        assertEquals("Deleted. Nobody is told.", notice());
        assertEquals(List.of("drop 7"), rig.queue.asked);
    }

    @Test
    void signsOutEverywhereByKeyboard() throws IOException {
        signIn("admin");
        Rig.Browser other = rig.browser().signIn("admin");
        chromium.get(rig.url() + "/account");
        assertTrue(text("main").contains("this browser"));
        chromium.findElement(By.cssSelector("form[aria-label='Sign out everywhere'] button"))
                .sendKeys(Keys.ENTER);
        assertEquals("Signed out everywhere.", notice());
        assertEquals(303, other.get("/account").statusCode());
        chromium.get(rig.url() + "/domains");
        chromium.findElement(By.xpath("//h1[.='Sign in']"));
    }

    /// Every page of a list whose every part is a script: all of them are there to read, and none runs.
    @Test
    void aListOfScriptsIsShownAndNoneRuns() throws IOException {
        HostileList.make(rig);
        signIn("admin");
        for (String path : PAGES) {
            if (path.startsWith("/lists/")) {
                chromium.get(rig.url() + path);
                chromium.findElement(By.xpath("//h1[contains(., 'team@example.test')]"));
                assertTrue(chromium.getTitle().endsWith("· Qrate"), path + chromium.getTitle());
                assertEquals(0L, chromium.executeScript("return document.scripts.length + document.images.length"));
            }
        }
        chromium.get(rig.url() + "/lists/team%40example.test/waiting/1-a");
        assertTrue(text("pre.message").contains(HostileList.SCRIPT), text("main"));
        chromium.findElement(By.cssSelector("form[aria-label='Reject'] textarea"))
                .sendKeys("not here", Keys.TAB, Keys.ENTER);
        assertEquals("The list has been told: it is done in a moment.", notice());
        assertTrue(rig.told.getFirst().contains("not here"), rig.told.toString());
    }

    /// What a screen reader goes by: names of fields, buttons and links, and ids that are there once.
    @Test
    void everyFieldHasANameOnEveryPage() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann@example.test")));
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.token("eve");
        HostileList.make(rig);
        signIn("admin");
        for (String path : PAGES) {
            chromium.get(rig.url() + path);
            chromium.findElement(By.tagName("h1"));
            assertEquals(List.of(), chromium.executeScript("""
                    const wrong = [];
                    const name = e => (e.getAttribute('aria-label') || e.textContent
                        || (e.labels && [...e.labels].map(l => l.textContent).join(' ')) || '').trim();
                    for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
                      if (!e.getAttribute('aria-label') && !(e.labels && e.labels.length)) wrong.push('no label: ' + e.name);
                    }
                    for (const e of document.querySelectorAll('a, button')) {
                      if (!name(e)) wrong.push('no name: ' + e.outerHTML);
                    }
                    for (const e of document.querySelectorAll('[aria-describedby]')) {
                      if (!document.getElementById(e.getAttribute('aria-describedby'))) wrong.push('describes nothing');
                    }
                    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
                    ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => wrong.push('twice: ' + id));
                    if (document.querySelectorAll('h1').length !== 1) wrong.push('headings');
                    if (document.querySelectorAll('[tabindex]').length) wrong.push('tabindex');
                    return wrong;"""), path);
        }
    }

    @Test
    void fitsAPhoneAndAScreenInEachLanguageAndAxeFindsNothing() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann@example.test")));
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.token("eve");
        HostileList.make(rig);
        signIn("admin");
        for (Language language : Language.values()) {
            chromium.manage().deleteCookieNamed(LanguagePages.COOKIE);
            chromium.manage().addCookie(new Cookie(LanguagePages.COOKIE, language.tag()));
            look(PAGES, language, 360, "dark");
            look(PAGES, language, 1280, "light");
        }
    }

    @Test
    void thePagesOfAnOwnerAndOfNobodyDoSoToo() throws IOException {
        Files.writeString(rig.state.control().resolve("adminurl"), "https://mail.example.test\n");
        rig.domains.apply(new Edit.Modify("ann@example.test", Map.of(Property.RECOVERY, "ann@elsewhere.example")));
        List<String> open = List.of(
                "/sign-in",
                "/forgotten",
                "/forgotten/new?key=x",
                forgotten("ann@example.test"),
                "/unsubscribe?list=team%40example.test&address=ann%40example.test");
        chromium.get(rig.url() + "/sign-in");
        for (Language language : Language.values()) {
            chromium.manage().addCookie(new Cookie(LanguagePages.COOKIE, language.tag()));
            look(open, language, 360, "light");
        }
        chromium.manage().deleteAllCookies();
        signIn("ann@example.test", "Your account");
        for (Language language : Language.values()) {
            chromium.manage().deleteCookieNamed(LanguagePages.COOKIE);
            chromium.manage().addCookie(new Cookie(LanguagePages.COOKIE, language.tag()));
            look(List.of("/account", "/mailboxes/ann%40example.test/vacation"), language, 360, "dark");
        }
    }

    /// The path of a link for somebody who has forgotten a password.
    private String forgotten(String login) throws IOException {
        PasswordResets resets = rig.domains.passwordResets();
        ResetKey key = ResetKey.make(new SecureRandom());
        assertTrue(resets.ask(login, Language.ENGLISH, _ -> true));
        assertTrue(resets.begin(resets.due(1).getFirst(), key).isPresent());
        return "/forgotten/new?key=" + key.text();
    }

    @Test
    void aForgottenPasswordIsSetByKeyboardAndWithoutScripts() throws IOException {
        chromium.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        Files.writeString(rig.state.control().resolve("adminurl"), rig.url() + "\n");
        rig.domains.apply(new Edit.Modify("ann@example.test", Map.of(Property.RECOVERY, "ann@elsewhere.example")));
        chromium.get(rig.url() + "/sign-in");
        chromium.findElement(By.linkText("Forgotten your password?")).sendKeys(Keys.ENTER);
        chromium.findElement(By.xpath("//h1[.='Forgotten password']"));
        field("Forgotten password", "login").sendKeys("ann@example.test", Keys.ENTER);
        assertTrue(notice().startsWith("If there is such an account"), notice());
        Awaitility.await().until(() -> !rig.told.isEmpty());
        Matcher link = Pattern.compile("http\\S+").matcher(rig.told.getFirst());
        assertTrue(link.find(), rig.told.getFirst());
        chromium.get(link.group());
        field("Set a new password", "new").sendKeys("battery staple", Keys.TAB, "battery staple", Keys.ENTER);
        assertEquals("The new password holds. Sign in with it.", notice());
        assertTrue(rig.domains.signIn("ann@example.test", "battery staple").isPresent());
        chromium.get(link.group());
        chromium.findElement(By.xpath("//h1[.='This link does not work any more']"));
    }

    @Test
    void itsReaderChoosesTheLanguageByKeyboardAndStaysOnThePage() {
        signIn("admin");
        chromium.get(rig.url() + "/access?holder=ann");
        chromium.findElement(By.cssSelector("button[lang=zh-Hant]")).sendKeys(Keys.ENTER);
        chromium.findElement(By.cssSelector("html[lang=zh-Hant]"));
        assertEquals(rig.url() + "/access?holder=ann", chromium.getCurrentUrl());
        chromium.findElement(By.cssSelector("button[lang=en]")).sendKeys(Keys.ENTER);
        chromium.findElement(By.cssSelector("html[lang=en]"));
    }

    private void look(List<String> pages, Language language, int width, String scheme) throws IOException {
        // a window is at least 500 wide, what a page sees of it is not
        chromium.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
        chromium.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        for (String path : pages) {
            chromium.get(rig.url() + path);
            String where = path + " " + language.tag() + " " + width;
            assertEquals(
                    language.tag(), chromium.findElement(By.tagName("html")).getDomAttribute("lang"), where);
            // where no font has a language's letters, what stands for them is half as wide as they are
            chromium.executeScript("document.body.style.letterSpacing = arguments[0] ? '.4em' : ''", wide(language));
            keep(path.replaceAll("[^a-z0-9]+", "-").replaceAll("^-", "") + "-" + language.tag() + "-" + width);
            assertEquals(List.of(), chromium.executeScript("""
                            const wide = document.documentElement.clientWidth;
                            return [...document.querySelectorAll('body *')].filter(e => !e.closest('.hide, .skip')
                                && e.getBoundingClientRect().right > wide + 1).map(e => e.outerHTML);"""), where + ": nothing is wider than the page");
            assertEquals(
                    0L,
                    chromium.executeScript("return [...document.querySelectorAll('nav a, td:last-child a')]"
                            + ".filter(a => a.getClientRects().length > 1).length"),
                    where + ": no link is broken in two");
            assertEquals(
                    0L,
                    chromium.executeScript(
                            "return document.querySelectorAll('script:not([src=\"/passkeys.js\"])').length"),
                    where);
            assertEquals(1L, chromium.executeScript("return document.styleSheets.length"), where);
            assertEquals(List.of(), axe(), where);
        }
    }

    private static boolean wide(Language language) {
        return language != Language.ENGLISH;
    }

    /// What axe finds on the page.
    private Object axe() throws IOException {
        try (InputStream in = BrowserTest.class.getResourceAsStream("/axe.min.js")) {
            chromium.executeScript(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
        }
        return chromium.executeAsyncScript("""
                const done = arguments[0];
                axe.run({preload: false}).then(found => done(found.violations.map(one =>
                    one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))),
                    failed => done([String(failed)]));""");
    }

    /// A picture of the page, to be looked at.
    private void keep(String name) throws IOException {
        Path pictures = Files.createDirectories(Path.of("target/pages"));
        Files.write(pictures.resolve(name + ".png"), chromium.getScreenshotAs(OutputType.BYTES));
    }
}
