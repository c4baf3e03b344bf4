package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Looks at a page in a browser: its width, a picture of it below {@code target}, and what axe-core finds. */
public final class PageLook {
    /** The width of a screen, in pixels. */
    public static final int WIDE = 1280;

    /** The width of a phone, in pixels. */
    public static final int PHONE = 390;

    private static final String RESPONSE =
            "String(Math.round(performance.getEntriesByType('navigation')[0].responseEnd))";
    private static final String PAINT = "new Promise(function (done) { new PerformanceObserver(function (list) {"
            + " done(String(Math.round(list.getEntries()[0].startTime))); }).observe({type: 'paint', buffered: true}); })";

    private static final String OVERFULL = "Array.from(document.querySelectorAll('.panel')).filter(function (panel) {"
            + " return panel.scrollWidth > panel.clientWidth; }).map(function (panel) { return panel.id; }).join()";

    private PageLook() {}

    /** Prints how long the page in the browser took to its response and to its first paint, which no test asserts. */
    public static void printTimes(Chromium browser, String page) throws IOException {
        System.out.println(page + ": response after " + browser.evaluate(RESPONSE) + " ms, first paint after "
                + browser.evaluate(PAINT) + " ms");
    }

    /** Looks on a screen in both schemes, and on a phone. */
    public static void everywhere(Chromium browser, String name) throws IOException {
        look(browser, name + "-light", WIDE, false);
        look(browser, name + "-dark", WIDE, true);
        look(browser, name + "-phone", PHONE, false);
    }

    /**
     * Looks once.
     *
     * @param name of the picture
     */
    public static void look(Chromium browser, String name, int width, boolean dark) throws IOException {
        browser.show(width, dark);
        assertThat(browser.evaluate("String(Math.max(document.documentElement.scrollWidth, innerWidth))"))
                .as("width of the page at " + name)
                .isEqualTo(String.valueOf(width));
        assertThat(browser.evaluate(OVERFULL))
                .as("panels with wider text at " + name)
                .isEmpty();
        browser.wholeScreenshot(Path.of("target", name + ".png"));
        // With all tables open, for readers who use the tables and not the plots.
        browser.evaluate("document.querySelectorAll('details').forEach(function (d) { d.open = true; }); 'done'");
        assertThat(browser.evaluate(axe())).as("what axe-core finds at " + name).isEqualTo("[]");
        browser.evaluate("document.querySelectorAll('details').forEach(function (d) { d.open = false; }); 'done'");
    }

    /** What is serious or critical, as JSON. */
    private static String axe() throws IOException {
        try (var script = PageLook.class.getResourceAsStream("/axe.min.js")) {
            var source = new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
            return source
                    + ";axe.run(document, {resultTypes: ['violations']}).then(function (found) {"
                    + "return JSON.stringify(found.violations.filter(function (each) {"
                    + "return each.impact === 'serious' || each.impact === 'critical'; }).map(function (each) {"
                    + "return [each.id, each.nodes.map(function (node) { return node.html.slice(0, 200); })]; })); })";
        }
    }
}
