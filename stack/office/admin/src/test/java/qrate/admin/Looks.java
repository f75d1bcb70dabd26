package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openqa.selenium.chrome.ChromeDriver;
import qrate.language.Language;

/// A look at the page that a browser shows: whether it fits, what people who cannot see or point stumble over, and a
/// picture of it to be looked at.
final class Looks {
    /// Where the pictures are kept, by the name of the page.
    private static final Path PICTURES = Path.of("target/pages");

    private static final int HEIGHT = 800;

    private static final String STYLED = "getComputedStyle(document.querySelector('main')).maxWidth === '896px'";

    /// What is wrong with a page by itself. Its style is looked for first: without it all else is wrong too.
    private static final String WRONG = """
            const wrong = [];
            const wide = document.documentElement.clientWidth;
            const name = e => (e.getAttribute('aria-label') || e.textContent
                || (e.labels && [...e.labels].map(l => l.textContent).join(' ')) || '').trim();
            const all = what => [...document.querySelectorAll(what)];
            if (!(STYLED)) return ['style.css is not there'];
            if (document.styleSheets.length !== 1 || all('style, [style]').some(e => e !== document.body)) wrong.push('other styles');
            all('script:not([src^="/"])').forEach(e => wrong.push('a script that is not ours: ' + e.outerHTML));
            all('body *').filter(e => !e.closest('.hide, .skip, .wide') && e.getBoundingClientRect().right > wide + 1)
                .forEach(e => wrong.push('wider than the page: ' + e.outerHTML));
            if (document.documentElement.scrollWidth > wide) wrong.push('scrolls sideways');
            all('nav a, td:last-child a').filter(a => a.getClientRects().length > 1)
                .forEach(a => wrong.push('a link is broken in two: ' + a.outerHTML));
            all('input:not([type=hidden]), select, textarea').filter(e => !e.getAttribute('aria-label') && !e.labels.length)
                .forEach(e => wrong.push('no label: ' + e.name));
            all('a, button, summary').filter(e => !name(e)).forEach(e => wrong.push('no name: ' + e.outerHTML));
            all('[aria-describedby]').filter(e => !document.getElementById(e.getAttribute('aria-describedby')))
                .forEach(e => wrong.push('describes nothing: ' + e.outerHTML));
            const ids = all('[id]').map(e => e.id);
            ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => wrong.push('twice: ' + id));
            if (all('h1').length !== 1) wrong.push('headings');
            if (all('[tabindex]:not(.wide)').length) wrong.push('tabindex');
            """.replace("STYLED", STYLED);

    private static final String AXE = """
            const done = arguments[1];
            axe.run({preload: false, iframes: false, resultTypes: ['violations'], ancestry: false, xpath: false, elementRef: false,
                     ...(arguments[0] ? {runOnly: ['color-contrast']} : {})})
                .then(found => done(found.violations.map(one =>
                    one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))),
                    failed => done([String(failed)]));""";

    private final ChromeDriver chromium;

    Looks(ChromeDriver chromium) throws IOException {
        this.chromium = chromium;
        try (InputStream in = Looks.class.getResourceAsStream("/axe.min.js")) {
            String axe = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            chromium.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", axe));
        }
    }

    /// Opens a page. A machine that stands still for longer than the service waits for a silent client finds its
    /// connections closed: the page may be there then and its style not, and its reader would ask for it again.
    void open(String url) {
        chromium.get(url);
        if (!Boolean.TRUE.equals(chromium.executeScript("return " + STYLED))) {
            chromium.navigate().refresh();
        }
    }

    /// A window as wide as a telephone or a screen. A page that is there takes it on.
    void width(int width) {
        // a window is at least 500 wide, what a page sees of it is not
        chromium.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    }

    /// What its reader has chosen: `light` or `dark`.
    void scheme(String scheme) {
        chromium.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /// Where no font has a language's letters, what stands for them is half as wide as they are.
    void asWideAs(Language language) {
        if (language != Language.ENGLISH) {
            chromium.executeScript("document.body.style.letterSpacing = '.4em'");
        }
    }

    /// Looks at all of it.
    void whole(String name, Language language) throws IOException {
        assertEquals(List.of(), chromium.executeScript(WRONG + "return wrong;"), name);
        assertEquals(language.tag(), chromium.executeScript("return document.documentElement.lang"), name);
        assertEquals(List.of(), chromium.executeAsyncScript(AXE, false), name);
        keep(name);
    }

    /// Looks at its colours.
    void colours(String name) throws IOException {
        assertEquals(List.of(), chromium.executeAsyncScript(AXE, true), name);
        keep(name);
    }

    /// Looks at a page whose scripts do not run.
    void plain(String name) throws IOException {
        assertEquals(
                List.of(),
                chromium.executeScript(WRONG + "all('button[type=button]').filter(e => e.checkVisibility())"
                        + ".forEach(e => wrong.push('does nothing: ' + e.outerHTML)); return wrong;"),
                name);
        keep(name);
    }

    private void keep(String name) throws IOException {
        Object picture = chromium.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", true))
                .get("data");
        Path pictures = Files.createDirectories(PICTURES);
        Files.write(pictures.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(picture)));
    }
}
