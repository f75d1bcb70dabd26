package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import qrate.language.Language;

/// Every page that the router has, as Chromium shows it to who reads it. The pictures are kept in `target/pages`, by
/// the
/// names of the pages.
@Tag("browser")
@Timeout(600)
@ExtendWith(Chromium.class)
class EveryPageTest extends AdminOnRig {
    private static final int TELEPHONE = 360;
    private static final int SCREEN = 1280;

    private static RouterPages pages;
    private static List<RouterPages.Shown> all;

    private ChromeDriver chromium;
    private Looks looks;

    @BeforeAll
    static void fill() throws IOException {
        pages = new RouterPages(rig);
        all = pages.all();
    }

    @BeforeEach
    void open(ChromeDriver driver) throws IOException {
        chromium = driver;
        looks = new Looks(driver);
        chromium.get(rig.url() + "/style.css"); // cookies need a page of the host
    }

    /// What is done on one page.
    @FunctionalInterface
    private interface Look {
        void at(RouterPages.Shown page, String name) throws IOException;
    }

    private void each(Language language, Look look) throws IOException {
        for (RouterPages.Reader reader : RouterPages.Reader.values()) {
            chromium.manage().deleteAllCookies();
            chromium.manage().addCookie(new Cookie(LanguagePages.COOKIE, language.tag()));
            String cookie = pages.cookie(reader);
            int equals = cookie.indexOf('=');
            chromium.manage().addCookie(new Cookie(cookie.substring(0, equals), cookie.substring(equals + 1)));
            for (RouterPages.Shown page : all) {
                if (page.reader() == reader) {
                    look.at(page, page.name() + "-" + language.tag());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void fitsAPhoneAndAScreenLightAndDarkAndAxeFindsNothing(Language language) throws IOException {
        each(language, (page, name) -> {
            looks.width(SCREEN);
            looks.scheme("light");
            looks.open(rig.url() + page.path());
            looks.asWideAs(language);
            looks.whole(name + "-1280-light", language);
            looks.width(TELEPHONE);
            looks.whole(name + "-360-light", language);
            looks.scheme("dark");
            looks.colours(name + "-360-dark");
            if (language == Language.ENGLISH) {
                goThrough(page);
            }
        });
    }

    /// Tab goes through all that a page has to use, in the order of the page, and shows where it is.
    private void goThrough(RouterPages.Shown page) {
        long keys = (Long) chromium.executeScript(Tabs.BEGIN);
        new Actions(chromium).sendKeys(Keys.TAB.toString().repeat((int) keys)).perform();
        assertEquals(List.of(), chromium.executeScript(Tabs.WRONG), page.path());
    }

    /// A button that does nothing without a script is not shown then, and all else fits as before. Pages without
    /// scripts
    /// are the same in any case.
    @Test
    void showsWithoutScriptsNothingThatNeedsThem() throws IOException {
        looks.width(TELEPHONE);
        chromium.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        Set<String> looked = new HashSet<>();
        each(Language.ENGLISH, (page, name) -> {
            if (page.scripted()) {
                looks.open(rig.url() + page.path());
                looks.plain(name + "-360-without-scripts");
                looked.add(page.path());
            }
        });
        assertTrue(looked.contains("/sign-in"), looked.toString());
    }

    @Test
    void theFirstLinkSkipsToTheContent() {
        chromium.get(rig.url() + "/set-up");
        new Actions(chromium).sendKeys(Keys.TAB, Keys.ENTER, Keys.TAB).perform();
        assertEquals(
                true, chromium.executeScript("return document.activeElement === document.querySelector('main input')"));
    }
}
