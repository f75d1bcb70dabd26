package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Totp;
import qrate.directory.Words;
import qrate.language.Language;

/// The three readers of the pages do what each of them does most: by mouse, and by keyboard alone in a browser that
/// runs
/// no scripts, each in another language. What that takes is counted, and may not become more; the table is kept as
/// `target/walk.md`.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
class ReadersWalkTest {
    private static final Path TABLE = Path.of("target/walk.md");
    private static final String BOB = "bob@example.test";
    private static final String ANN = "ann@example.test";
    private static final String FRESH = "a horse of another colour";

    /// A browser that runs no scripts.
    private static ChromeDriver scriptless;

    @TempDir
    Path folder;

    private ChromeDriver chromium;
    private Rig rig;
    private Walker walker;

    /// What each thing took, by the name of the walker.
    private final Map<String, Map<String, Walker.Effort>> took = new LinkedHashMap<>();

    @BeforeAll
    static void startWithoutScripts() {
        scriptless = Chromium.start(Map.of("profile.managed_default_content_settings.javascript", 2));
    }

    @AfterAll
    static void stopIt() {
        scriptless.quit();
    }

    @BeforeEach
    void start(ChromeDriver driver) {
        chromium = driver;
    }

    @AfterEach
    void keep() throws IOException {
        List<String> lines = new ArrayList<>();
        took.forEach((task, by) -> {
            Walker.Effort mouse = by.get("mouse");
            Walker.Effort keys = by.get("keyboard");
            if (mouse != null && keys != null) {
                lines.add("| " + task + " | " + mouse.acts() + " | " + mouse.fields() + " | " + mouse.letters() + " | "
                        + mouse.seconds() + " | " + keys.acts() + " | " + keys.seconds() + " |");
            }
        });
        Files.write(TABLE, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// One thing that somebody does.
    @FunctionalInterface
    private interface Deed {
        void done() throws IOException;
    }

    /// @param clicksMax most clicks that it may take, those into a field among them
    private void task(String name, int clicksMax, Deed deed) throws IOException {
        walker.chromium.get(rig.url() + "/");
        walker.begin();
        deed.done();
        Walker.Effort effort = walker.end();
        took.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(walker.name(), effort);
        if (walker instanceof Walker.Mouse) {
            assertTrue(effort.acts() <= clicksMax, name + ": clicks: " + effort.acts());
        }
    }

    /// What one reader does.
    @FunctionalInterface
    private interface Day {
        void walk() throws IOException;
    }

    private void each(int width, Day day) throws IOException {
        Looks looks = new Looks(chromium);
        looks.width(width);
        walker = new Walker.Mouse(chromium, Language.ENGLISH);
        begin("mouse", day);
        new Looks(scriptless).width(width);
        walker = new Walker.Keyboard(scriptless, Language.TRADITIONAL_CHINESE);
        begin("keyboard", day);
    }

    private void begin(String name, Day day) throws IOException {
        rig = new Rig(Files.createDirectory(folder.resolve(name)));
        try {
            HostileList.make(rig);
            Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
            rig.domains.apply(new Edit.AddMailbox(BOB, new Password.Clear(Rig.PASSWORD)));
            rig.domains.apply(new Edit.Modify(
                    ANN, Map.of(Property.QUOTA, Quota.typed("500 MB").orElseThrow())));
            walker.chromium.get(rig.url() + "/style.css");
            walker.chromium.manage().deleteAllCookies();
            walker.chromium.manage().addCookie(new Cookie(LanguagePages.COOKIE, walker.language.tag()));
            day.walk();
        } finally {
            rig.close();
        }
    }

    private String say(String key, Object... arguments) {
        return walker.say(key, arguments);
    }

    private void signIn(String login) {
        walker.type(say("name-or-address"), login);
        walker.type(say("password"), Rig.PASSWORD);
        walker.press(say("sign-in"));
    }

    // --- the administrator of the system -----------------------------------------------------------------------------

    @Test
    void theAdministratorOfTheSystem() throws IOException {
        each(1280, this::administrator);
    }

    private void administrator() throws IOException {
        task("administrator: sign in, and see what needs somebody", 2, () -> {
            signIn("admin");
            assertTrue(walker.text(".needs").contains("postmaster@example.test"));
        });
        task("administrator: add a domain", 4, () -> {
            walker.press(say("domains"));
            String form = say("domain-add");
            walker.type(say("domain"), "new.test", form);
            walker.type(say("password-postmaster"), Rig.PASSWORD, form);
            walker.press(say("domain-add"), form);
            assertTrue(rig.domains.domain("new.test").isPresent());
        });
        task("administrator: add a mailbox, and hand it over", 4, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            addMailbox("zoe");
        });
        task("administrator: give somebody a new password", 5, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            newPassword();
        });
        task("administrator: raise the limit of a domain", 5, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            walker.press(say("domain-tab-settings"));
            walker.type(say("limit-mailboxes"), "40", say("limits"));
            walker.press(say("save"), say("limits"));
            assertEquals(
                    40,
                    rig.domains.domain("example.test").orElseThrow().limits().mailboxes());
        });
        task("administrator: see why a message waits, and try it now", 2, () -> {
            walker.press(say("queue"));
            assertTrue(walker.text("article").contains("552 5.2.2 over quota"));
            walker.press(say("queue-try-what", "7"));
            assertEquals(List.of("retry 7"), rig.queue.asked);
        });
        task("administrator: give a message up, and tell its sender", 3, () -> {
            walker.press(say("queue"));
            walker.press(say("queue-bounce-what", "7") + "…");
            walker.press(say("queue-bounce"));
            assertEquals("bounce 7", rig.queue.asked.getLast());
        });
        task("administrator: see what is missing in a domain's DNS", 4, () -> {
            walker.press(say("domains"));
            walker.press("example.test");
            walker.press(say("domain-tab-dns"));
            walker.press(say("dns-look"));
        });
        task("administrator: find who changed what", 3, () -> {
            walker.press(say("audit"));
            walker.type(say("search"), "new.test");
            walker.press(say("search"));
            assertTrue(walker.text("tbody").contains("new.test"), walker.text("main"));
        });
        task("administrator: remove a domain", 4, () -> {
            walker.press(say("domains"));
            walker.press(say("remove-what", "new.test"));
            walker.type(say("removal-type", "new.test"), "new.test");
            walker.press(say("remove-what", "new.test"));
            assertTrue(rig.domains.domain("new.test").isEmpty());
        });
    }

    private void addMailbox(String local) throws IOException {
        walker.press(say("mailbox-add"));
        walker.type(say("name-before", "example.test"), local);
        walker.press(say("mailbox-add"));
        walker.look("mailbox-handed-over");
        assertTrue(rig.domains.mailbox(local + "@example.test").isPresent());
    }

    private void newPassword() throws IOException {
        walker.press(BOB);
        walker.type(say("password-new"), FRESH);
        walker.press(say("password-set"));
        assertEquals(say("notice-saved"), walker.notice());
        assertTrue(rig.domains.signIn(BOB, FRESH).isPresent());
    }

    // --- the postmaster of a domain ----------------------------------------------------------------------------------

    @Test
    void thePostmasterOfADomain() throws IOException {
        each(1280, this::postmaster);
    }

    private void postmaster() throws IOException {
        task("postmaster: sign in, and see the mailboxes", 2, () -> {
            signIn("postmaster@example.test");
            assertTrue(walker.text("tbody").contains(ANN));
        });
        task("postmaster: add a mailbox, and hand it over", 2, () -> addMailbox("zoe"));
        task("postmaster: give somebody a new password", 3, this::newPassword);
        task("postmaster: give a mailbox more room", 3, () -> {
            walker.press(ANN);
            walker.type(words(Property.QUOTA), "1 GB");
            walker.press(say("save"), say("settings"));
            assertEquals(
                    Quota.typed("1 GB").orElseThrow(),
                    rig.domains.mailbox(ANN).orElseThrow().quota());
        });
        task("postmaster: add an alias", 4, () -> {
            walker.press(say("domain-tab-aliases"));
            walker.type(say("name-before", "example.test"), "office");
            walker.type(say("goes-to"), ANN);
            walker.press(say("alias-add"));
            assertTrue(rig.domains.aliases("example.test").stream()
                    .anyMatch(line -> line.address().equals("office@example.test")));
        });
        task("postmaster: add many mailboxes from a file", 4, () -> {
            walker.press(say("csv-link"));
            walker.type(say("csv-text"), "address\nuno@example.test\ndue@example.test");
            walker.press(say("csv-look"));
            walker.look("csv-looked-at");
            walker.press(say("csv-do"));
            walker.look("csv-done");
            assertTrue(rig.domains.mailbox("due@example.test").isPresent());
        });
        task("postmaster: make a mailing list with its first members", 6, () -> {
            walker.press(say("domain-tab-lists"));
            walker.press(say("list-add"));
            walker.type(say("name-before", "example.test"), "parents");
            walker.press(say("list-add"));
            walker.type(say("member-addresses"), "mum@far.test\ndad@far.test");
            walker.press(say("add"));
            assertTrue(walker.text("tbody").contains("dad@far.test"), walker.text("main"));
        });
        task("postmaster: accept a message that waits for a list", 4, () -> {
            walker.press(say("domain-tab-lists"));
            walker.press("1");
            walker.press(say("show-what", HostileList.SCRIPT));
            walker.press(say("post-accept"));
            assertEquals(1, rig.told.size());
        });
        task("postmaster: let out a message that was put aside", 3, () -> letOut(say("domain-tab-quarantine")));
        task("postmaster: remove a mailbox", 2, () -> {
            walker.press(say("remove-what", BOB));
            walker.press(say("remove-what", BOB));
            assertTrue(rig.domains.mailbox(BOB).isEmpty());
        });
    }

    private String words(Property property) {
        return Words.in(walker.language).of(property, "example.test");
    }

    private void letOut(String link) throws IOException {
        walker.press(link);
        String subject = walker.text("tbody a");
        walker.press(subject);
        walker.press(say("quarantine-let-out"));
        assertTrue(rig.queue.asked.getLast().startsWith("let out "), rig.queue.asked.toString());
    }

    // --- the owner of a mailbox --------------------------------------------------------------------------------------

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
