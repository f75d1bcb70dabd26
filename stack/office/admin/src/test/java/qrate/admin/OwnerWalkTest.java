package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.openqa.selenium.By;
import qrate.directory.Totp;

/// What the owner of a mailbox does most.
class OwnerWalkTest extends WalkOnPages {
    private static final String ANN = "ann@example.test";
    private static final String NEW = "battery staple";

    @Override
    void walk() throws IOException {
        from("/");
        task("signs in", new Most(2, 2), () -> {
            walker.type(By.name("login"), ANN);
            walker.type(By.name("password"), Rig.PASSWORD);
            walker.send(By.cssSelector("main form button"));
            assertEquals("Your account", walker.sees().heading());
        });
        from("/account");
        task("answers while away", new Most(4, 19), () -> {
            walker.open(By.cssSelector("main a[href$='/vacation']"));
            walker.tick(Walker.field("Out of office", "on"));
            walker.type(Walker.field("Out of office", "text"), "Back in May.");
            walker.send("Out of office");
            assertEquals("Saved.", walker.sees().notice());
            assertTrue(rig.domains.vacation(ANN).on());
        });
        task("sends mail on, with a copy here", new Most(3, 11), () -> {
            walker.open(By.cssSelector("main a[href$='/forward']"));
            walker.type(Walker.field("Forward", "to"), "ann@home.test");
            walker.send("Forward");
            assertEquals("Saved.", walker.sees().notice());
            var forward = rig.domains.forward(ANN);
            assertEquals(List.of("ann@home.test"), forward.to());
            assertTrue(forward.keep());
        });
        task("changes the password", new Most(4, 17), () -> {
            walker.type(Walker.field("Password", "old"), Rig.PASSWORD);
            walker.type(Walker.field("Password", "new"), NEW);
            walker.type(Walker.field("Password", "again"), NEW);
            walker.send("Password");
            assertEquals("Saved.", walker.sees().notice());
            assertTrue(rig.domains.signIn(ANN, NEW).isPresent());
        });
        task("makes an app password", new Most(4, 16), () -> {
            walker.open(By.cssSelector("main a[href$='/app-passwords']"));
            walker.type(Walker.field("Make an app password", "label"), "phone");
            walker.type(Walker.field("Make an app password", "old"), NEW);
            walker.send("Make an app password");
            String secret = walker.sees().text("[role=status] code");
            assertTrue(rig.domains.signIn(ANN, secret).isEmpty(), "it opens no pages");
            assertEquals(1, rig.domains.appPasswords(ANN).size());
        });
        task("sets a phone up", new Most(1, 8), () -> {
            walker.open("Set up phone or computer");
            assertTrue(walker.sees().text("main").contains("mail.example.test"));
        });
        task("sees who has signed in", new Most(1, 10), () -> {
            walker.open(By.cssSelector("main a[href$='/sign-ins']"));
            assertTrue(walker.sees().text("tbody").contains("127.0.0.1"));
        });
        task("switches two-step sign-in on", new Most(4, 20), () -> {
            walker.open(By.cssSelector("main a[href='/account/two-step']"));
            walker.type(Walker.field("Set up", "old"), NEW);
            walker.send("Set up");
            String secret = walker.chromium.findElement(By.name("secret")).getDomAttribute("value");
            walker.type(
                    Walker.field("Switch on", "code"),
                    Totp.of(secret).orElseThrow().code(Instant.now()));
            walker.send("Switch on");
            assertTrue(rig.domains.secondFactors().of(ANN).isPresent());
        });
        task("reads the pages in another language", new Most(1, 6), () -> {
            walker.open(By.cssSelector("button[lang='zh-Hant']"));
            assertEquals("您的帳號", walker.sees().heading());
        });
        task("signs out", new Most(1, 5), () -> {
            walker.open(By.cssSelector("form[action='/sign-out'] button"));
            assertTrue(rig.domains.signIns().of(ANN).isEmpty());
        });
    }
}
