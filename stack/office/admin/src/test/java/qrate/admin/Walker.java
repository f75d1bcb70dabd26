package qrate.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/// Somebody who does tasks on the pages, in one of two ways, and counts what each costs.
abstract class Walker {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    final ChromeDriver chromium;
    private final Hand hand;
    private WalkCost cost = new WalkCost();

    Walker(ChromeDriver chromium) {
        this.chromium = chromium;
        this.hand = new Hand(chromium);
    }

    /// Goes where a task begins, which costs nothing.
    void begin(String url) {
        chromium.get(url);
        whole();
        cost = new WalkCost();
    }

    WalkCost cost() {
        return cost;
    }

    Hand sees() {
        return hand;
    }

    private WebElement find(By what) {
        return chromium.findElement(what);
    }

    /// Gets to something that stands on this page.
    abstract void reach(WebElement target);

    /// Uses what was reached: a link or a button.
    abstract void use();

    /// Switches what was reached: a tick, or one of several.
    abstract void switched(WebElement target);

    /// Takes what was reached to be a form's button, from wherever in the form one is.
    abstract void reachButton(WebElement button);

    /// A page has come.
    abstract void arrived();

    private void usesForPage(Runnable use) {
        hand.on(use);
        cost.page();
        whole();
    }

    /// The page is there, and the field that has the focus of itself has it, which comes after the page.
    private void whole() {
        until("const first = document.querySelector('[autofocus]'); return !first || first === document.activeElement");
        arrived();
    }

    /// Waits until the page says yes.
    final void until(String script) {
        await().atMost(WAIT_MAX)
                .pollDelay(Duration.ZERO)
                .until(() -> Boolean.TRUE.equals(chromium.executeScript(script)));
    }

    /// Follows a link to another page.
    void open(By link) {
        WebElement target = find(link);
        cost.mind();
        reach(target);
        usesForPage(this::use);
    }

    void open(String words) {
        open(By.linkText(words));
    }

    /// Follows a link to another place of this page.
    void jump(String words) {
        WebElement target = find(By.linkText(words));
        cost.mind();
        reach(target);
        use();
        until("return location.hash === '#' + document.activeElement.id");
    }

    /// Types into a field, in the place of what stands there.
    void type(By field, String text) {
        WebElement target = find(field);
        cost.mind();
        if (!target.equals(active())) {
            reach(target);
        }
        if (!isEmpty(target)) {
            chord(Keys.CONTROL, "a");
        }
        press(text.replace("\n", Keys.ENTER));
        cost.typed(text.length());
        await().atMost(WAIT_MAX).until(() -> text.equals(target.getDomProperty("value")));
    }

    /// Looks for something by the field in the head of each page.
    ///
    /// @param form what it is called
    void search(String form, String text) {
        toSearch(find(field(form, "q")));
        type(field(form, "q"), text);
        cost.key(1);
        usesForPage(() -> press(Keys.ENTER));
    }

    /// Gets to that field, if there is a shorter way than to any other.
    abstract void toSearch(WebElement field);

    /// Ticks, or takes the tick away, or chooses one of several.
    void tick(By box) {
        WebElement target = find(box);
        boolean before = target.isSelected();
        cost.mind();
        reach(target);
        switched(target);
        await().atMost(WAIT_MAX).until(() -> target.isSelected() != before);
    }

    /// Sends a form off.
    void send(By button) {
        WebElement target = find(button);
        cost.mind();
        reachButton(target);
        usesForPage(this::use);
    }

    /// The button of a form by what the form is called.
    void send(String form) {
        send(By.cssSelector("form[aria-label='" + form + "'] button"));
    }

    WebElement active() {
        return chromium.switchTo().activeElement();
    }

    /// Whether what is typed stands alone then: nothing is there, or all of it is marked.
    private boolean isEmpty(WebElement field) {
        return Boolean.TRUE.equals(chromium.executeScript(
                "const f = arguments[0]; return f.value === ''"
                        + " || (f.selectionStart === 0 && f.selectionEnd === f.value.length)",
                field));
    }

    /// Real keys, to whatever has the focus.
    final void press(CharSequence keys) {
        new Actions(chromium).sendKeys(keys).perform();
    }

    /// Two keys at once.
    final void chord(Keys held, CharSequence key) {
        new Actions(chromium).keyDown(held).sendKeys(key).keyUp(held).perform();
        cost.key(2);
    }

    /// What a form calls a field.
    static By field(String form, String name) {
        return By.cssSelector("form[aria-label='" + form + "'] [name='" + name + "']");
    }

    /// With a hand at the mouse, which goes to the keyboard to type.
    static final class ByMouse extends Walker {
        private WebElement under;

        ByMouse(ChromeDriver chromium) {
            super(chromium);
        }

        @Override
        void reach(WebElement target) {
            under = target;
            boolean inSight = Boolean.TRUE.equals(chromium.executeScript(
                    "const r = arguments[0].getBoundingClientRect();" + "return r.top >= 0 && r.bottom <= innerHeight",
                    target));
            if (!inSight) {
                cost().scroll();
            }
            if (target.getTagName().matches("input|textarea")
                    && !target.getDomProperty("type").matches("checkbox|radio")) {
                use(); // a field is clicked, to type into it
            }
        }

        @Override
        void use() {
            under.click();
            cost().click();
        }

        @Override
        void switched(WebElement target) {
            use();
        }

        @Override
        void reachButton(WebElement button) {
            reach(button);
        }

        @Override
        void toSearch(WebElement field) {
            // one click, as to all
        }

        @Override
        void arrived() {
            // the pointer stays where it was
        }
    }

    /// Without a mouse: Tab and Shift+Tab from where one is, by the link that skips what stands around each page.
    static final class ByKeyboard extends Walker {
        /// More would be absurd for anything.
        private static final int TABS_MAX = 40;

        /// What is wrong with where the keyboard is, to somebody who looks at it.
        private static final String WRONG = """
                const e = document.activeElement;
                if (e === document.body || e.matches('.wide')) return '';
                const s = getComputedStyle(e), r = e.getBoundingClientRect();
                if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) return 'does not show where it is: ' + e.outerHTML;
                const seen = r.width > 0 && r.height > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth;
                return seen ? '' : 'is out of sight: ' + e.outerHTML;""";

        /// Which way it is to something: 1 forward, -1 back, 0 there; 2 where the link that skips leads nearer, 3 to
        /// another one of several.
        private static final String WAY = """
                const [target] = arguments, now = document.activeElement;
                if (now === target) return 0;
                const group = target.type === 'radio' && now.type === 'radio' && now.name === target.name && now.form === target.form;
                if (group) return 3;
                if (now === document.body && !window.moved && !location.hash && target.closest('main')) return 2;
                if (now === document.body) return 1;
                return now.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;""";

        private static final String DEFAULT = """
                const [button] = arguments, now = document.activeElement;
                return now.tagName === 'INPUT' && now.form !== null && now.form === button.form
                    && [...now.form.elements].find(e => e.type === 'submit') === button;""";

        ByKeyboard(ChromeDriver chromium) {
            super(chromium);
        }

        private void key(Keys key) {
            press(key);
            cost().key(1);
            moved();
        }

        private void moved() {
            chromium.executeScript("window.moved = true");
            arrived();
        }

        @Override
        void toSearch(WebElement field) {
            press("/");
            cost().key(1);
            until("return document.activeElement.name === 'q'");
        }

        @Override
        void arrived() {
            await().atMost(WAIT_MAX)
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(() -> assertEquals("", chromium.executeScript(WRONG), chromium.getCurrentUrl()));
        }

        @Override
        void reach(WebElement target) {
            for (int i = 0; i <= TABS_MAX; i++) {
                switch (((Number) chromium.executeScript(WAY, target)).intValue()) {
                    case 0 -> {
                        return;
                    }
                    case 1 -> key(Keys.TAB);
                    case 2 -> {
                        key(Keys.TAB);
                        key(Keys.ENTER);
                        until("return location.hash === '#main'");
                    }
                    case 3 -> key(Keys.ARROW_DOWN);
                    default -> {
                        chord(Keys.SHIFT, Keys.TAB);
                        moved();
                    }
                }
            }
            throw new AssertionError("more than " + TABS_MAX + " keys to " + target.getDomProperty("outerHTML") + " of "
                    + chromium.getCurrentUrl());
        }

        @Override
        void use() {
            press(Keys.ENTER);
            cost().key(1);
        }

        @Override
        void switched(WebElement target) {
            // an arrow that leads to one of several chooses it
            if (!target.isSelected() || "checkbox".equals(target.getDomProperty("type"))) {
                key(Keys.SPACE);
            }
        }

        @Override
        void reachButton(WebElement button) {
            if (!Boolean.TRUE.equals(chromium.executeScript(DEFAULT, button))) {
                reach(button);
            }
        }
    }
}
