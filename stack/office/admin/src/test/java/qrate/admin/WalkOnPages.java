package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;

/// The ten most usual tasks of one who reads the pages, once with the mouse and once without, on pages as full as they
/// get. What each costs stands in `target/walks`; one that takes more than it did is a fault of its page.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
abstract class WalkOnPages {
    private static final Path WALKS = Path.of("target/walks");
    private static final Dimension SCREEN = new Dimension(1280, 900);

    /// More rows than one part of a table has.
    private static final int CROWD = 60;

    /// With what somebody walks.
    enum Means {
        MOUSE,
        KEYBOARD
    }

    /// Most that a task may take: clicks with the mouse; keys without it, beside what is typed.
    record Most(int clicks, int keys) {}

    /// One task, with a look at whether it was done.
    @FunctionalInterface
    interface Task {
        void walk() throws IOException;
    }

    @TempDir
    Path folder;

    Rig rig;
    Walker walker;
    private Means means = Means.MOUSE;
    private String home = "/";
    private final List<String> rows = new ArrayList<>();
    private final List<String> tooLong = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        rig = new Rig(folder);
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        for (int i = 0; i < CROWD; i++) {
            rig.domains.apply(new Edit.AddDomain("d%02d.test".formatted(i), new Password.Clear(Rig.PASSWORD)));
            rig.domains.apply(new Edit.AddMailbox("m%02d@example.test".formatted(i), new Password.Clear(Rig.PASSWORD)));
            rig.domains.apply(new Edit.AddAlias(
                    new EditableDirectory.Alias("a%02d@example.test".formatted(i), "ann@example.test")));
        }
        HostileList.make(rig);
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void doesTheTenMostUsualTasks(Means by, ChromeDriver chromium) throws IOException {
        means = by;
        chromium.manage().window().setSize(SCREEN);
        // a window that nobody has clicked into does not show its focus
        chromium.executeCdpCommand("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
        walker = by == Means.MOUSE ? new Walker.ByMouse(chromium) : new Walker.ByKeyboard(chromium);
        chromium.get(rig.url() + "/style.css"); // cookies need a page of the host
        walk();
        Files.createDirectories(WALKS);
        String reader = getClass().getSimpleName().replace("WalkTest", "").toLowerCase(Locale.ROOT);
        List<String> table = new ArrayList<>(List.of(
                "| " + reader + ", by " + by.name().toLowerCase(Locale.ROOT)
                        + " | clicks | scrolls | keys | typed | pages | seconds |",
                "| --- | --- | --- | --- | --- | --- | --- |"));
        table.addAll(rows);
        Files.write(WALKS.resolve(reader + "-by-" + by.name().toLowerCase(Locale.ROOT) + ".md"), table);
        assertEquals(List.of(), tooLong);
        assertEquals(10, rows.size());
    }

    /// The tasks, one after the other.
    abstract void walk() throws IOException;

    /// Who walks on, signed in, and where each task begins.
    void as(String login, String page) throws IOException {
        String cookie = rig.browser().signIn(login).cookie;
        int equals = cookie.indexOf('=');
        walker.chromium.manage().addCookie(new Cookie(cookie.substring(0, equals), cookie.substring(equals + 1)));
        from(page);
    }

    /// Where each task begins.
    void from(String page) {
        home = page;
    }

    /// A task.
    void task(String name, Most most, Task task) throws IOException {
        walker.begin(rig.url() + home);
        task.walk();
        WalkCost cost = walker.cost();
        rows.add("| " + name + " " + cost.row());
        int took = means == Means.MOUSE ? cost.clicks() : cost.keys();
        int may = means == Means.MOUSE ? most.clicks : most.keys;
        if (took > may) {
            tooLong.add(name + " takes " + took + ", not " + may);
        }
    }

    /// Something by what it is called where its words do not say enough.
    static By called(String label) {
        return By.cssSelector("main [aria-label='" + label + "']");
    }

    /// The button of a form that has several.
    static By button(String value) {
        return By.cssSelector("main button[value='" + value + "']");
    }
}
