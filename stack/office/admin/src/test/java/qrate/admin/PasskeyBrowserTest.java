package qrate.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticator;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticatorOptions;
import qrate.directory.Passkeys;

/// Passkeys in Chromium, whose authenticator is a virtual one.
@Tag("browser")
@Timeout(180)
class PasskeyBrowserTest {
    private static final String ANN = "ann@example.test";

    @TempDir
    Path folder;

    @TempDir
    Path profile;

    private Rig rig;
    private ChromeDriver chromium;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder);
        chromium = Chromium.start(profile);
    }

    @AfterEach
    void stop() throws IOException {
        chromium.quit();
        rig.close();
    }

    private VirtualAuthenticator authenticator() {
        return chromium.addVirtualAuthenticator(new VirtualAuthenticatorOptions()
                .setProtocol(VirtualAuthenticatorOptions.Protocol.CTAP2)
                .setTransport(VirtualAuthenticatorOptions.Transport.INTERNAL)
                .setHasResidentKey(true)
                .setHasUserVerification(true)
                .setIsUserVerified(true));
    }

    /// By the name that a browser gives passkeys for, with or without TLS.
    private void go(String path) {
        chromium.get(rig.url().replace("127.0.0.1", "localhost") + path);
    }

    private void isAt(String title) {
        chromium.findElement(By.xpath("//h1[.='" + title + "']"));
    }

    /// Once the page's script has shown it, which may be after the page is there.
    private void press(String button) {
        WebElement found = chromium.findElement(By.xpath("//main//button[.='" + button + "']"));
        await().until(found::isDisplayed);
        found.sendKeys(Keys.ENTER);
    }

    private void signOut() {
        chromium.findElement(By.cssSelector("form[action='/sign-out'] button")).sendKeys(Keys.ENTER);
        isAt("Sign in");
    }

    private void password() {
        chromium.findElement(By.name("login")).sendKeys(ANN);
        chromium.findElement(By.name("password")).sendKeys(Rig.PASSWORD, Keys.ENTER);
    }

    private String text(String selector) {
        return chromium.findElement(By.cssSelector(selector)).getText();
    }

    private void make() {
        go("/sign-in");
        password();
        isAt("Your account");
        go("/account/passkeys");
        chromium.findElement(By.name("label")).sendKeys("telephone");
        chromium.findElement(By.name("old")).sendKeys(Rig.PASSWORD, Keys.ENTER);
        press("Make the passkey");
        isAt("Two-step sign-in");
    }

    @Test
    void isMadeAndSignsInAloneAndBesideThePassword() throws IOException {
        VirtualAuthenticator authenticator = authenticator();
        make();
        assertEquals(10, chromium.findElements(By.cssSelector("main li code")).size(), "recovery codes");
        Passkeys.Listed made = rig.domains.passkeys().of(ANN).getFirst();
        assertEquals(List.of("telephone", "localhost"), List.of(made.label(), made.site()));
        signOut();

        press("Sign in with a passkey");
        isAt("Your account");
        signOut();

        password();
        isAt("Two-step sign-in");
        press("Use a passkey");
        isAt("Your account");

        go("/account/two-step");
        chromium.findElement(By.cssSelector("form[aria-label='New recovery codes'] [name=old]"))
                .sendKeys(Rig.PASSWORD);
        chromium.findElement(By.cssSelector("form[aria-label='New recovery codes'] [data-passkey] button"))
                .sendKeys(Keys.ENTER);
        chromium.findElement(By.cssSelector("main li code"));
        signOut();

        authenticator.setUserVerified(false);
        press("Sign in with a passkey");
        await().untilAsserted(
                        () -> assertTrue(text("[data-passkey] [role=alert]").contains("The browser gave no passkey")));
        assertEquals(303, rig.browser().get("/account").statusCode());
    }

    @Test
    void isRemovedWithThePassword() throws IOException {
        authenticator();
        make();
        go("/account/passkeys");
        chromium.findElement(By.cssSelector("[aria-label='Remove telephone']")).sendKeys(Keys.ENTER);
        isAt("Remove telephone");
        assertTrue(text("main").contains("the password alone signs in then"), text("main"));
        chromium.findElement(By.name("old")).sendKeys("wrong", Keys.ENTER);
        chromium.findElement(By.cssSelector("p.problem"));
        chromium.findElement(By.name("old")).sendKeys(Rig.PASSWORD, Keys.ENTER);
        assertEquals("Removed.", text("[role=status]"));
        assertEquals(List.of(), rig.domains.passkeys().of(ANN));
        signOut();
        press("Sign in with a passkey");
        assertTrue(text("main > p.problem").contains("not known here"), text("main"));
        password();
        isAt("Your account");
    }

    @Test
    void whoRunsNoScriptsSeesNothingOfThemAndUsesACode() {
        authenticator();
        make();
        String code =
                chromium.findElements(By.cssSelector("main li code")).getFirst().getText();
        signOut();
        chromium.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        go("/sign-in");
        assertFalse(chromium.findElement(By.cssSelector("form[action='/sign-in/passkey']"))
                .isDisplayed());
        password();
        isAt("Two-step sign-in");
        assertFalse(chromium.findElement(By.cssSelector("[data-passkey]")).isDisplayed());
        chromium.findElement(By.name("code")).sendKeys(code, Keys.ENTER);
        isAt("Your account");
    }
}
