package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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

/// The pages as Chromium shows them.
@Tag("browser")
@Timeout(180)
class BrowserTest {
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
        chromium.findElement(By.cssSelector("button.danger")).sendKeys(Keys.ENTER);
        assertEquals("Removed.", notice());
        assertTrue(rig.domains.mailbox("zoe@browser.test").isEmpty());
    }

    @Test
    void fitsAPhoneAndRunsNoScript() {
        signIn("admin");
        chromium.manage().window().setSize(new Dimension(400, 800));
        for (String path : List.of("/domains", "/domains/example.test", "/queue", "/audit", "/account")) {
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
