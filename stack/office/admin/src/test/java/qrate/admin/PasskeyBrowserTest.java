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
import org.junit.jupiter.api.extension.ExtendWith;
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
@ExtendWith(Chromium.class)
class PasskeyBrowserTest {
    private static final String ANN = "ann@example.test";

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
        assertEquals(title, hand.heading());
    }

    /// Once the page's script has shown it, which may be after the page is there.
    private void click(String button) {
        WebElement found = chromium.findElement(By.xpath("//main//button[.='" + button + "']"));
        await().until(found::isDisplayed);
        found.sendKeys(Keys.ENTER);
    }

    /// On to the page that follows.
    private void press(String button) {
        hand.on(() -> click(button));
    }

    private void signOut() {
        hand.enter(By.cssSelector("form[action='/sign-out'] button"));
        isAt("Sign in");
    }

    private void password() {
        chromium.findElement(By.name("login")).sendKeys(ANN);
        type("password", Rig.PASSWORD);
    }

    private void type(String field, String text) {
        hand.type(chromium.findElement(By.name(field)), text);
    }

    private void make() {
        go("/sign-in");
        password();
        isAt("Your account");
        go("/account/passkeys");
        chromium.findElement(By.name("label")).sendKeys("telephone");
        type("old", Rig.PASSWORD);
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
        hand.enter(By.cssSelector("form[aria-label='New recovery codes'] [data-passkey] button"));
        chromium.findElement(By.cssSelector("main li code"));
        signOut();

        authenticator.setUserVerified(false);
        click("Sign in with a passkey");
        await().untilAsserted(() ->
                assertTrue(hand.text("[data-passkey] [role=alert]").contains("The browser gave no passkey")));
        assertEquals(303, rig.browser().get("/account").statusCode());
    }

    @Test
    void isRemovedWithThePassword() throws IOException {
        authenticator();
        make();
        go("/account/passkeys");
        hand.enter(By.cssSelector("[aria-label='Remove telephone']"));
        isAt("Remove telephone");
        assertTrue(hand.text("main").contains("the password alone signs in then"), hand.text("main"));
        type("old", "wrong");
        chromium.findElement(By.cssSelector("p.problem"));
        type("old", Rig.PASSWORD);
        assertEquals("Removed.", hand.text("[role=status]"));
        assertEquals(List.of(), rig.domains.passkeys().of(ANN));
        signOut();
        press("Sign in with a passkey");
        assertTrue(hand.text("main > p.problem").contains("not known here"), hand.text("main"));
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
        type("code", code);
        isAt("Your account");
    }
}
