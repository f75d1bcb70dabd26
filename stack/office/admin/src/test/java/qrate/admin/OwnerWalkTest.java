package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import qrate.directory.Totp;

/// The ten things that the owner of a mailbox, with a telephone, does most.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
class OwnerWalkTest extends WalkOnPages {
    @Test
    void theOwnerOfAMailbox() throws IOException {
        each(360, this::owner);
    }

    private void owner() throws IOException {
        task("owner: sign in, and see how full it is", 2, () -> {
            signIn(ANN);
            assertTrue(walker.text("section").contains("500"), walker.text("main"));
        });
        task("owner: answer people while away", 4, () -> {
            walker.press(say("vacation-link"));
            walker.tick(say("vacation-on"), "");
            walker.type(say("text"), "Back on Monday");
            walker.press(say("save"));
            assertTrue(rig.domains.vacation(ANN).on());
        });
        task("owner: forward with a copy here", 4, () -> {
            walker.press(say("forward-link"));
            walker.type(say("forward-to"), "ann@far.test");
            walker.tick(say("forward-keep"), "");
            walker.press(say("save"));
            assertFalse(rig.domains.forward(ANN).to().isEmpty());
        });
        task("owner: set up the phone", 1, () -> {
            walker.press(say("setup"));
            assertTrue(walker.text("main").contains("mail.example.test"));
            assertEquals(walker.chromium.getCurrentUrl().replace("#main", ""), code());
        });
        task("owner: make an app password", 4, () -> {
            String form = say("app-password-make");
            walker.press(say("app-passwords-link"));
            walker.type(say("token-label"), "phone", form);
            walker.type(say("password-own"), Rig.PASSWORD, form);
            walker.press(say("app-password-make"), form);
            walker.look("app-password-made");
            assertEquals(1, rig.domains.appPasswords(ANN).size());
        });
        task("owner: see who signed in last", 1, () -> {
            walker.press(say("sign-ins-link"));
            walker.text("table");
        });
        task("owner: let out a message that was put aside", 3, () -> letOut(say("quarantine-link")));
        task("owner: switch two-step sign-in on", 4, this::twoStep);
        task("owner: change the password", 4, () -> {
            walker.type(say("password-old"), Rig.PASSWORD);
            walker.type(say("password-new"), FRESH);
            walker.type(say("password-again"), FRESH);
            walker.press(say("password-change"));
            assertTrue(rig.domains.signIn(ANN, FRESH).isPresent());
        });
        task("owner: sign out everywhere", 1, () -> {
            walker.press(say("sign-out-everywhere"));
            assertEquals(List.of(), rig.domains.signIns().of(ANN));
        });
    }

    private void twoStep() throws IOException {
        walker.press(say("two-step-link"));
        walker.type(say("password-own"), Rig.PASSWORD, say("two-step-set-up"));
        walker.press(say("two-step-set-up"));
        walker.look("two-step-begun");
        Totp secret = Totp.of(walker.text("form code")).orElseThrow();
        assertTrue(
                code().startsWith("otpauth://totp/") && code().contains("secret=" + walker.text("form code")), code());
        walker.type(say("code-shown"), secret.code(Instant.now()));
        walker.press(say("two-step-on"));
        walker.look("two-step-recovery-codes");
        assertTrue(rig.domains.secondFactors().of(ANN).isPresent());
    }

    /// What a telephone reads that is held before the screen.
    private String code() throws IOException {
        byte[] picture = walker.chromium.findElement(By.cssSelector("svg.qr")).getScreenshotAs(OutputType.BYTES);
        return QrReader.read(ImageIO.read(new ByteArrayInputStream(picture)));
    }
}
