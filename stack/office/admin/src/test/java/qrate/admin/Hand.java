package qrate.admin;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/// A hand at the browser. What leads to another page ends when that page is there whole: until then a driver finds what
/// stands on the page before, which may look the same.
record Hand(ChromeDriver chromium) {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /// Does what leads to another page, or to the same anew.
    void on(Runnable act) {
        WebElement before = chromium.findElement(By.tagName("html"));
        act.run();
        await().atMost(WAIT_MAX)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(WebDriverException.class) // between two pages there is none to ask
                .until(() -> gone(before)
                        && "complete".equals(chromium.executeScript("return document.readyState"))
                        && !chromium.findElements(By.tagName("h1")).isEmpty());
    }

    private static boolean gone(WebElement element) {
        try {
            element.getTagName();
            return false;
        } catch (StaleElementReferenceException _) {
            return true;
        }
    }

    /// Follows a link or presses a button, by the key Enter.
    void enter(By what) {
        on(() -> chromium.findElement(what).sendKeys(Keys.ENTER));
    }

    void enterLink(String words) {
        enter(By.linkText(words));
    }

    /// Types into a field, and last the key Enter.
    void type(WebElement field, CharSequence... keys) {
        CharSequence[] all = Arrays.copyOf(keys, keys.length + 1);
        all[keys.length] = Keys.ENTER;
        on(() -> field.sendKeys(all));
    }

    String text(String selector) {
        return chromium.findElement(By.cssSelector(selector)).getText();
    }

    String heading() {
        return text("h1");
    }

    /// What the page says was done.
    String notice() {
        return text("[role=status]");
    }
}
