package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.language.Language;

/// The three readers of the pages do what each of them does most: by mouse, and by keyboard alone in a browser that
/// runs
/// no scripts, each in another language. What that takes is counted, and may not become more; the table is kept as
/// `target/walk.md`.
abstract class WalkOnPages {
    private static final Path TABLE = Path.of("target/walk.md");
    static final String BOB = "bob@example.test";
    static final String ANN = "ann@example.test";
    static final String FRESH = "a horse of another colour";

    @TempDir
    Path folder;

    private ChromeDriver chromium;
    private ChromeDriver scriptless;
    Rig rig;
    Walker walker;

    /// What each thing took, by the name of the walker.
    private final Map<String, Map<String, Walker.Effort>> took = new LinkedHashMap<>();

    @BeforeEach
    void start(ChromeDriver driver, @Chromium.Scriptless ChromeDriver without) {
        chromium = driver;
        scriptless = without;
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

    /// What somebody does: one thing, or all of a reader's.
    @FunctionalInterface
    interface Deed {
        void done() throws IOException;
    }

    /// @param clicksMax most clicks that it may take, those into a field among them
    void task(String name, int clicksMax, Deed deed) throws IOException {
        walker.chromium.get(rig.url() + "/");
        walker.begin();
        deed.done();
        Walker.Effort effort = walker.end();
        took.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(walker.name(), effort);
        if (walker instanceof Walker.Mouse) {
            assertTrue(effort.acts() <= clicksMax, name + ": clicks: " + effort.acts());
        }
    }

    void each(int width, Deed day) throws IOException {
        walker = new Walker.Mouse(chromium, Language.ENGLISH);
        walker.width(width);
        begin("mouse", day);
        walker = new Walker.Keyboard(scriptless, Language.TRADITIONAL_CHINESE);
        walker.width(width);
        begin("keyboard", day);
    }

    private void begin(String name, Deed day) throws IOException {
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
            day.done();
        } finally {
            rig.close();
        }
    }

    String say(String key, Object... arguments) {
        return walker.say(key, arguments);
    }

    void signIn(String login) {
        walker.type(say("name-or-address"), login);
        walker.type(say("password"), Rig.PASSWORD);
        walker.press(say("sign-in"));
    }

    void addMailbox(String local) throws IOException {
        walker.press(say("mailbox-add"));
        walker.type(say("name-before", "example.test"), local);
        walker.press(say("mailbox-add"));
        walker.look("mailbox-handed-over");
        assertTrue(rig.domains.mailbox(local + "@example.test").isPresent());
    }

    void newPassword() throws IOException {
        walker.press(BOB);
        walker.type(say("password-new"), FRESH);
        walker.press(say("password-set"));
        assertEquals(say("notice-saved"), walker.notice());
        assertTrue(rig.domains.signIn(BOB, FRESH).isPresent());
    }

    void letOut(String link) throws IOException {
        walker.press(link);
        String subject = walker.text("tbody a");
        walker.press(subject);
        walker.press(say("quarantine-let-out"));
        assertTrue(rig.queue.asked.getLast().startsWith("let out "), rig.queue.asked.toString());
    }
}
