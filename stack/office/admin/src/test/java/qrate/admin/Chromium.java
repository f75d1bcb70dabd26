package qrate.admin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;

/// Starts the browser of the tests.
final class Chromium {
    private Chromium() {}

    /// @param profile folder of what it keeps
    static ChromeDriver start(Path profile) {
        // Selenium would download a driver if this did not name one
        System.setProperty("webdriver.chrome.driver", "/usr/bin/chromedriver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
        ChromeDriver chromium = new ChromeDriver(options);
        chromium.manage().timeouts().implicitlyWait(Duration.ofSeconds(30));
        return chromium;
    }
}
