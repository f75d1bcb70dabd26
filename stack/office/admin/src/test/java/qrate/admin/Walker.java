package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import qrate.language.Language;

/// Somebody who uses pages by what they say, by mouse or by keyboard alone, and what that takes.
abstract sealed class Walker {
    /// Finds what has a name, as a reader of screens says it: in a form of a name, if one is given.
    private static final String FIND = """
            const [what, words, form] = arguments;
            const plain = text => text.replace(/\\s+/g, ' ').trim();
            const own = e => { const copy = e.cloneNode(true); copy.querySelectorAll('select, textarea').forEach(s => s.remove()); return copy.textContent; };
            const name = e => plain(e.getAttribute('aria-label') || (e.labels ? [...e.labels].map(own).join(' ') : '') || e.textContent);
            const place = form ? [...document.querySelectorAll('form, section')].find(f => plain(f.getAttribute('aria-label') || '') === plain(form)) : document;
            return place ? [...place.querySelectorAll(what)].find(e => e.checkVisibility() && name(e) === plain(words)) || null : null;""";

    final ChromeDriver chromium;
    final Language language;
    private final Hand hand;
    private final Looks looks;

    /// What the thing that is done takes.
    ///
    /// @param acts clicks, or keys that do not write
    /// @param fields that are written into
    record Effort(int acts, int fields, int letters, long nanos) {
        Effort plus(int more, int moreFields, int moreLetters) {
            return new Effort(acts + more, fields + moreFields, letters + moreLetters, nanos);
        }

        String seconds() {
            return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
        }
    }

    private Effort effort = new Effort(0, 0, 0, 0);

    private Walker(ChromeDriver chromium, Language language) throws IOException {
        this.chromium = chromium;
        this.language = language;
        this.hand = new Hand(chromium);
        this.looks = new Looks(chromium);
    }

    abstract String name();

    String say(String key, Object... arguments) {
        return Texts.in(language).say(key, arguments);
    }

    void width(int width) {
        looks.width(width);
    }

    /// Begins to count.
    void begin() {
        effort = new Effort(0, 0, 0, System.nanoTime());
    }

    /// What it took since.
    Effort end() {
        return new Effort(effort.acts, effort.fields, effort.letters, System.nanoTime() - effort.nanos);
    }

    void count(int acts) {
        effort = effort.plus(acts, 0, 0);
    }

    private WebElement find(String what, String words, String form) {
        Object found = chromium.executeScript(FIND, what, words, form);
        assertNotNull(
                found,
                () -> "no " + what + " \"" + words + "\" " + form + " on " + chromium.getCurrentUrl() + "\n"
                        + chromium.getPageSource());
        return (WebElement) found;
    }

    /// Presses a button or follows a link, which leads to a page.
    void press(String words) {
        press(words, "");
    }

    /// @param form in which it stands
    void press(String words, String form) {
        WebElement found = find("a[href], button", words, form);
        hand.on(() -> act(found));
        assertFalse(chromium.getTitle().isEmpty(), words);
    }

    /// Writes into a field in the place of what stands there.
    void type(String label, String text) {
        type(label, text, "");
    }

    void type(String label, String text, String form) {
        WebElement field = find("input, textarea", label, form);
        boolean day = "date".equals(field.getDomProperty("type"));
        enter(field);
        if (!day && !String.valueOf(field.getDomProperty("value")).isEmpty()) {
            new Actions(chromium)
                    .keyDown(Keys.CONTROL)
                    .sendKeys("a")
                    .keyUp(Keys.CONTROL)
                    .perform();
        }
        new Actions(chromium).sendKeys(text).perform();
        if (!day) {
            assertEquals(text, field.getDomProperty("value"), label);
        }
        effort = effort.plus(0, 1, text.length());
    }

    /// Ticks a box, or takes the tick away.
    void tick(String label, String form) {
        WebElement box = find("input", label, form);
        boolean before = box.isSelected();
        change(box);
        assertEquals(!before, box.isSelected(), label);
    }

    String text(String selector) {
        return hand.text(selector);
    }

    /// What the page says was done.
    String notice() {
        return hand.notice();
    }

    /// Looks at a page that is only there as the answer to a form.
    abstract void look(String page) throws IOException;

    /// Presses or follows what was found.
    abstract void act(WebElement found);

    /// Goes into a field.
    abstract void enter(WebElement field);

    /// Changes a box.
    abstract void change(WebElement box);

    /// By mouse, and by the keys of letters.
    static final class Mouse extends Walker {
        Mouse(ChromeDriver chromium, Language language) throws IOException {
            super(chromium, language);
        }

        @Override
        String name() {
            return "mouse";
        }

        @Override
        void act(WebElement found) {
            found.click();
            count(1);
        }

        @Override
        void enter(WebElement field) {
            if (!field.equals(chromium.switchTo().activeElement())) {
                act(field);
            }
        }

        @Override
        void change(WebElement box) {
            act(box);
        }

        @Override
        void look(String page) throws IOException {
            super.looks.scheme("light");
            super.looks.whole(page + "-" + language.tag() + "-light", language);
            super.looks.scheme("dark");
            super.looks.colours(page + "-" + language.tag() + "-dark");
        }
    }

    /// By keyboard alone.
    static final class Keyboard extends Walker {
        private static final int TRIES_MAX = 12;

        /// How often the key Tab leads on to an element; negative where Shift goes with it.
        private static final String WAY = """
                const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
                    .filter(e => e.checkVisibility() && !e.disabled);
                const group = e => e.type === 'radio' ? all.findIndex(o => o.name === e.name && o.form === e.form) : -1;
                const stops = all.filter((e, i) => e.type !== 'radio' || group(e) === i);
                const at = e => stops.indexOf(e.type === 'radio' ? all[group(e)] : e);
                const content = stops.findIndex(e => e.closest('main'));
                const target = at(arguments[0]);
                const here = at(document.activeElement);
                if (here >= 0) return [target - here, false];
                return location.hash === '#main' ? [target - content + 1, false] : [target + 1, target >= content && content > 2];""";

        private static final String SHOWN = """
                const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
                return e.matches(':focus-visible') && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2
                    && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;""";

        Keyboard(ChromeDriver chromium, Language language) throws IOException {
            super(chromium, language);
        }

        @Override
        String name() {
            return "keyboard";
        }

        private void keys(CharSequence keys, int count) {
            new Actions(chromium).sendKeys(keys.toString().repeat(count)).perform();
            count(count);
        }

        @Override
        void act(WebElement found) {
            enter(found);
            keys(Keys.ENTER, 1);
        }

        /// From the top of a page by the link that skips to its content, and on by Tab. Parts of a field of a day are
        /// places of their own, so that one way may not do.
        @Override
        void enter(WebElement field) {
            for (int i = 0; i < TRIES_MAX && !field.equals(chromium.switchTo().activeElement()); i++) {
                List<?> found = (List<?>) chromium.executeScript(WAY, field);
                int way = ((Long) found.getFirst()).intValue();
                if (Boolean.TRUE.equals(found.getLast())) {
                    keys(Keys.TAB, 1);
                    keys(Keys.ENTER, 1);
                } else if (way >= 0) {
                    keys(Keys.TAB, Math.max(1, way));
                } else {
                    back(-way);
                }
            }
            assertEquals(
                    field,
                    chromium.switchTo().activeElement(),
                    () -> "Tab does not lead to it on " + chromium.getCurrentUrl());
            assertEquals(
                    true,
                    chromium.executeScript(SHOWN),
                    () -> "it does not show where it is on " + chromium.getCurrentUrl());
        }

        private void back(int times) {
            new Actions(chromium)
                    .keyDown(Keys.SHIFT)
                    .sendKeys(Keys.TAB.toString().repeat(times))
                    .keyUp(Keys.SHIFT)
                    .perform();
            count(times);
        }

        @Override
        void change(WebElement box) {
            enter(box);
            keys(Keys.SPACE, 1);
        }

        @Override
        void look(String page) throws IOException {
            super.looks.asWideAs(language);
            super.looks.plain(page + "-" + language.tag() + "-without-scripts");
        }
    }
}
