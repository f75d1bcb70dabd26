package qrate.admin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;

/// The browser of the tests: started once for all of them, since that takes longer than most of what they look at. Each
/// test gets a window of its own, without cookies and without what the one before has set.
final class Chromium implements ParameterResolver {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(Chromium.class);

    /// Asks for a browser that runs no scripts.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.PARAMETER)
    @interface Scriptless {}

    /// A running browser, until the last test is done.
    private record Running(ChromeDriver driver) implements AutoCloseable {
        @Override
        public void close() {
            driver.quit();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == ChromeDriver.class;
    }

    @Override
    public ChromeDriver resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Map<String, Object> settings = parameter.isAnnotated(Scriptless.class)
                ? Map.of("profile.managed_default_content_settings.javascript", 2)
                : Map.of();
        ChromeDriver chromium = test.getRoot()
                .getStore(HERE)
                .computeIfAbsent(settings, _ -> new Running(start(settings)), Running.class)
                .driver();
        String fresh = chromium.switchTo().newWindow(WindowType.TAB).getWindowHandle();
        for (String window : chromium.getWindowHandles()) {
            if (!window.equals(fresh)) {
                chromium.switchTo().window(window).close();
            }
        }
        chromium.switchTo().window(fresh);
        chromium.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        return chromium;
    }

    private static ChromeDriver start(Map<String, Object> settings) {
        // Selenium would download a driver if this did not name one
        System.setProperty("webdriver.chrome.driver", "/usr/bin/chromedriver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.setExperimentalOption("prefs", settings);
        options.addArguments(List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
        ChromeDriver chromium = new ChromeDriver(options);
        chromium.manage().timeouts().implicitlyWait(Duration.ofSeconds(30));
        return chromium;
    }
}
