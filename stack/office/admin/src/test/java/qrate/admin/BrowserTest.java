package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;

/// The pages as Chromium shows them.
@Tag("browser")
@Timeout(180)
class BrowserTest {
    /// Every kind of page that an administrator has.
    private static final List<String> PAGES = List.of(
            "/domains",
            "/domains/example.test",
            "/domains/example.test/delete",
            "/mailboxes/ann%40example.test",
            "/mailboxes/ann%40example.test/delete",
            "/mailboxes/ann%40example.test/vacation",
            "/mailboxes/ann%40example.test/forward",
            "/mailboxes/ann%40example.test/app-passwords",
            "/mailboxes/ann%40example.test/sign-ins",
            "/account/two-step",
            "/queue",
            "/queue/7/drop",
            "/queue/7/bounce",
            "/audit",
            "/administrators",
            "/access",
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
        // Selenium would download a driver if this did not name one
        System.setProperty("webdriver.chrome.driver", "/usr/bin/chromedriver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
        chromium = new ChromeDriver(options);
        chromium.manage().timeouts().implicitlyWait(Duration.ofSeconds(30));
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
        chromium.get(rig.url() + "/");
        chromium.findElement(By.name("login")).sendKeys(login);
        chromium.findElement(By.name("password")).sendKeys(Rig.PASSWORD, Keys.ENTER);
        // the page before has a heading too
        chromium.findElement(By.xpath("//h1[.='Domains']"));
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
        field("Add a mailbox", "local").sendKeys("zoë", Keys.TAB, "long enough", Keys.ENTER);
        assertEquals(
                "Illegal username",
                chromium.findElement(By.cssSelector("[role=alert]")).getText());
        field("Add a mailbox", "local").sendKeys("zoe", Keys.TAB, "long enough", Keys.ENTER);
        assertEquals("Added.", notice());
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
        chromium.get(rig.url() + "/domains/example.test");
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
        assertEquals("The request was passed to the queue.", notice());
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

    /// What a screen reader goes by: names of fields, buttons and links, and ids that are there once.
    @Test
    void everyFieldHasANameOnEveryPage() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann@example.test")));
        rig.domains.apply(new Edit.AddAdministrator("eve", new Password.Clear(Rig.PASSWORD)));
        rig.token("eve");
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
    void fitsAPhoneAndRunsNoScript() {
        signIn("admin");
        chromium.manage().window().setSize(new Dimension(400, 800));
        for (String path : PAGES) {
            chromium.get(rig.url() + path);
            chromium.findElement(By.tagName("h1"));
            JavascriptExecutor page = chromium;
            Object tooWide = page.executeScript(
                    "return document.documentElement.scrollWidth > document.documentElement.clientWidth");
            assertEquals(false, tooWide, path);
            assertEquals(
                    0L,
                    page.executeScript("return [...document.querySelectorAll('nav a, td:last-child a')]"
                            + ".filter(a => a.getClientRects().length > 1).length"),
                    path + ": no link is broken in two");
            assertEquals(0L, page.executeScript("return document.scripts.length"), path);
            assertEquals(1L, page.executeScript("return document.styleSheets.length"), path);
        }
    }
}
