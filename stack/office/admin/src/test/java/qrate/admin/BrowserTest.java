package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;

/// What people do on the pages, in Chromium. How each page looks is in {@link EveryPageTest}.
@Tag("browser")
@Timeout(180)
@ExtendWith(Chromium.class)
class BrowserTest {
    @TempDir
    Path folder;

    private Rig rig;
    private ChromeDriver chromium;
    private Hand hand;

    @BeforeEach
    void start(ChromeDriver driver) throws IOException {
        rig = new Rig(folder);
        chromium = driver;
        hand = new Hand(driver);
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private WebElement field(String form, String name) {
        return chromium.findElement(By.cssSelector("form[aria-label='" + form + "'] [name='" + name + "']"));
    }

    private void signIn() {
        chromium.get(rig.url() + "/");
        chromium.findElement(By.name("login")).sendKeys("admin");
        hand.type(chromium.findElement(By.name("password")), Rig.PASSWORD);
    }

    @Test
    void rowsAreTickedAndPutInOrderByKeyboardAlone() throws IOException {
        rig.domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Clear(Rig.PASSWORD)));
        signIn();
        chromium.get(rig.url() + "/domains/example.test");
        for (String local : List.of("ann", "bob")) {
            chromium.findElement(By.name("t." + local)).sendKeys(Keys.SPACE);
        }
        field("With those ticked:", "quota").sendKeys("7 MB");
        hand.enter(By.cssSelector("button[value=quota]"));
        assertEquals("Set the quota of mailboxes: 2", hand.heading());
        hand.enter(By.cssSelector("main form button"));
        assertEquals("Saved.", hand.notice());
        assertEquals(
                7 << 20,
                rig.domains.mailbox("bob@example.test").orElseThrow().quota().bytes());
        hand.enterLink("Quota");
        hand.enter(By.cssSelector("th[aria-sort=ascending] a"));
        chromium.findElement(By.cssSelector("th[aria-sort=descending]"));
        assertTrue(hand.text("tbody tr").contains("postmaster@"), "no limit is most");
    }

    @Test
    void runsADomainByKeyboardAlone() throws IOException {
        signIn();
        hand.enterLink("Domains");
        hand.type(field("Add a domain", "name"), "browser.test", Keys.TAB, "long enough");
        assertEquals("Added.", hand.notice());
        hand.enterLink("browser.test");
        hand.enterLink("Add a mailbox");
        hand.type(field("Add a mailbox", "local"), "zoë");
        assertEquals(
                "\"zoë\" cannot be a name: it may have a–z, 0–9 and . - _ + ' & =, and 64 characters",
                hand.text("[role=alert]"));
        assertEquals("zoë", field("Add a mailbox", "local").getDomProperty("value"));
        field("Add a mailbox", "local").clear();
        hand.type(field("Add a mailbox", "local"), "zoe");
        assertTrue(hand.notice().contains("shown this once"), hand.notice());
        String sheet = hand.text(".handover");
        Matcher password = Pattern.compile("[a-z2-9]{4}(-[a-z2-9]{4}){3}").matcher(sheet);
        assertTrue(sheet.contains("zoe@browser.test") && password.find(), sheet);
        assertTrue(rig.domains.signIn("zoe@browser.test", password.group()).isPresent());
        hand.enterLink("All of browser.test");
        assertTrue(rig.domains.mailbox("zoe@browser.test").isPresent());
        hand.enter(By.cssSelector("[aria-label='Remove zoe@browser.test']"));
        assertTrue(hand.text("ul.goes").contains("the mailbox zoe@browser.test"));
        hand.enter(By.cssSelector("button.danger"));
        assertEquals("Removed.", hand.notice());
        assertTrue(rig.domains.mailbox("zoe@browser.test").isEmpty());
        chromium.get(rig.url() + "/domains/browser.test/delete");
        hand.type(chromium.findElement(By.name("typed")), "browser.tset");
        assertTrue(hand.text("[role=alert]").contains("type browser.test"));
        hand.type(chromium.findElement(By.name("typed")), "browser.test");
        assertEquals("Removed.", hand.notice());
        assertTrue(rig.domains.domain("browser.test").isEmpty());
    }

    @Test
    void theKeyOfASlashLeadsToTheSearchInTheHeadUnlessSomebodyWrites() {
        signIn();
        new Actions(chromium).sendKeys("/").perform();
        WebElement field = chromium.findElement(By.cssSelector("header [type=search]"));
        assertEquals(field, chromium.switchTo().activeElement());
        hand.type(field, "ann@/");
        assertEquals("Search", hand.heading());
        assertTrue(hand.text("main").contains("Nothing holds “ann@/”."), hand.text("main"));
        WebElement again = chromium.findElement(By.cssSelector("main [type=search]"));
        again.clear();
        hand.type(again, "ann@");
        hand.enterLink("ann@example.test");
        assertEquals("ann@example.test", hand.heading());
    }

    @Test
    void theKeyCanBeSwitchedOffInThisBrowser() {
        signIn();
        chromium.get(rig.url() + "/account");
        WebElement choice = chromium.findElement(By.cssSelector("[data-keys] input"));
        assertTrue(choice.isSelected());
        choice.click();
        chromium.get(rig.url() + "/overview");
        new Actions(chromium).sendKeys("/").perform();
        WebElement field = chromium.findElement(By.cssSelector("header [type=search]"));
        assertNotEquals(field, chromium.switchTo().activeElement());
        assertNull(field.getDomAttribute("aria-keyshortcuts"));
        chromium.get(rig.url() + "/account");
        chromium.findElement(By.cssSelector("[data-keys] input")).click();
        chromium.get(rig.url() + "/overview");
        new Actions(chromium).sendKeys("/").perform();
        assertEquals(
                chromium.findElement(By.cssSelector("header [type=search]")),
                chromium.switchTo().activeElement());
    }

    @Test
    void whoWillBeAwayIsProposedTheTimeZoneOfTheBrowser() {
        chromium.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Taipei"));
        try {
            signIn();
            chromium.get(rig.url() + "/mailboxes/ann@example.test/vacation");
            assertEquals("Asia/Taipei", chromium.findElement(By.name("zone")).getDomProperty("value"));
        } finally {
            chromium.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", ""));
        }
    }

    @Test
    void timesAreToldInTheZoneOfWhoeverReadsWithTheExactOneBehind() {
        chromium.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Taipei"));
        signIn();
        chromium.get(rig.url() + "/audit");
        WebElement time = chromium.findElement(By.cssSelector("tbody time"));
        Instant exact = Instant.parse(time.getDomAttribute("title"));
        String hour = DateTimeFormatter.ofPattern("HH:mm")
                .withZone(ZoneId.of("Asia/Taipei"))
                .format(exact);
        assertTrue(time.getText().endsWith(hour + " GMT+8"), time.getText());
        chromium.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", ""));
    }

    @Test
    void asksBeforeAListOrAMessageGoesAndKeepsWhatIsKept() throws IOException {
        Files.createDirectories(rig.state.maildirs().resolve("domains/example.test/team/subscribers"));
        rig.domains.apply(
                new Edit.AddAlias(new EditableDirectory.Alias("team@example.test", "postmaster@example.test")));
        signIn();
        chromium.get(rig.url() + "/domains/example.test/aliases");
        hand.enter(By.cssSelector("[aria-label='Remove team@example.test to postmaster@example.test']"));
        assertEquals("Remove team@example.test", hand.heading());
        assertTrue(hand.text("main").contains("the mailing list team@example.test"), hand.text("main"));
        hand.enterLink("Keep it");
        assertEquals("example.test", hand.heading());
        assertEquals(1, rig.domains.aliases("example.test").size());
        chromium.get(rig.url() + "/queue");
        hand.enter(By.cssSelector("[aria-label='Delete message 7…']"));
        assertEquals("Delete message 7", hand.heading());
        assertTrue(hand.text("main").contains("nobody is told"), hand.text("main"));
        assertEquals(List.of(), rig.queue.asked);
        hand.enter(By.cssSelector("button.danger"));
        assertEquals("Deleted. Nobody is told.", hand.notice());
        assertEquals(List.of("drop 7"), rig.queue.asked);
    }

    @Test
    void signsOutEverywhereByKeyboard() throws IOException {
        signIn();
        Rig.Browser other = rig.browser().signIn("admin");
        chromium.get(rig.url() + "/account");
        assertTrue(hand.text("main").contains("this browser"));
        hand.enter(By.cssSelector("form[aria-label='Sign out everywhere'] button"));
        assertEquals("Signed out everywhere.", hand.notice());
        assertEquals(303, other.get("/account").statusCode());
        chromium.get(rig.url() + "/domains");
        assertEquals("Sign in", hand.heading());
    }

    @Test
    void aModeratorReadsAMessageOfScriptsAndSaysWhyItDoesNotGoOut() throws IOException {
        HostileList.make(rig);
        signIn();
        chromium.get(rig.url() + "/lists/team%40example.test/waiting/1-a");
        assertTrue(hand.text("pre.message").contains(HostileList.SCRIPT), hand.text("main"));
        hand.type(chromium.findElement(By.cssSelector("form[aria-label='Reject'] textarea")), "not here", Keys.TAB);
        assertEquals("The list has been told: it is done in a moment.", hand.notice());
        assertTrue(rig.told.getFirst().contains("not here"), rig.told.toString());
    }

    @Test
    void aForgottenPasswordIsSetByKeyboardAndWithoutScripts() throws IOException {
        chromium.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        Files.writeString(rig.state.control().resolve("adminurl"), rig.url() + "\n");
        rig.domains.apply(new Edit.Modify("ann@example.test", Map.of(Property.RECOVERY, "ann@elsewhere.example")));
        chromium.get(rig.url() + "/sign-in");
        hand.enterLink("Forgotten your password?");
        assertEquals("Forgotten password", hand.heading());
        hand.type(field("Forgotten password", "login"), "ann@example.test");
        assertTrue(hand.notice().startsWith("If there is such an account"), hand.notice());
        Awaitility.await().until(() -> !rig.told.isEmpty());
        Matcher link = Pattern.compile("http\\S+").matcher(rig.told.getFirst());
        assertTrue(link.find(), rig.told.getFirst());
        chromium.get(link.group());
        hand.type(field("Set a new password", "new"), "battery staple", Keys.TAB, "battery staple");
        assertEquals("The new password holds. Sign in with it.", hand.notice());
        assertTrue(rig.domains.signIn("ann@example.test", "battery staple").isPresent());
        chromium.get(link.group());
        assertEquals("This link does not work any more", hand.heading());
    }

    @Test
    void itsReaderChoosesTheLanguageByKeyboardAndStaysOnThePage() {
        signIn();
        chromium.get(rig.url() + "/access?holder=ann");
        hand.enter(By.cssSelector("button[lang=zh-Hant]"));
        assertEquals("zh-Hant", language());
        assertEquals(rig.url() + "/access?holder=ann", chromium.getCurrentUrl());
        hand.enter(By.cssSelector("button[lang=en]"));
        assertEquals("en", language());
    }

    private String language() {
        return chromium.findElement(By.tagName("html")).getDomAttribute("lang");
    }
}
