package dev.warder.testkit;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, operated as by a person with a keyboard and a screen reader: it types, presses keys, and
 * reads roles and names of the accessibility tree. Scripts of pages are off unless a test turns them on. One thread at a time.
 */
public final class Chromium implements AutoCloseable {
    /** The name of the program and of its Debian package. */
    public static final String PROGRAM = "chromium";

    private static final Duration LIMIT = Limit.seconds(15);

    /** The keys that {@link #press} knows, with the code of each in events. */
    public enum Key {
        ENTER("Enter", 13, "\r"),
        TAB("Tab", 9, "");

        private final String name;
        private final int code;
        private final String text;

        Key(String name, int code, String text) {
            this.name = name;
            this.code = code;
            this.text = text;
        }
    }

    /** A node of the accessibility tree; its name is what a screen reader speaks. */
    public record Element(String role, String name, boolean focused) {}

    private final ChromiumProcess process;
    private final DevTools tools;
    private final String page;

    private Chromium(ChromiumProcess process, boolean scripts) {
        this.process = process;
        tools = new DevTools(process.address());
        var target =
                tools.call("", "Target.createTarget", Json.createObjectBuilder().add("url", "about:blank"));
        page = tools.call(
                        "",
                        "Target.attachToTarget",
                        Json.createObjectBuilder()
                                .add("targetId", target.getString("targetId"))
                                .add("flatten", true))
                .getString("sessionId");
        Stream.of("Page", "Network", "Log", "Runtime", "Audits", "Accessibility")
                .forEach(domain -> call(domain + ".enable", Json.createObjectBuilder()));
        call("Emulation.setScriptExecutionDisabled", Json.createObjectBuilder().add("value", !scripts));
        call("Emulation.setFocusEmulationEnabled", Json.createObjectBuilder().add("enabled", true));
    }

    /** Whether this machine has the program. */
    public static boolean installed() {
        return ChromiumProcess.installed();
    }

    /** Starts a browser. */
    public static Chromium start() throws IOException {
        return start(false);
    }

    /** Starts a browser that runs the scripts of pages. */
    public static Chromium startWithScripts() throws IOException {
        return start(true);
    }

    private static Chromium start(boolean scripts) throws IOException {
        var process = ChromiumProcess.start();
        try {
            return new Chromium(process, scripts);
        } catch (RuntimeException broken) {
            process.close();
            throw broken;
        }
    }

    /** Loads the page at this address. */
    public void open(URI address) {
        call("Page.navigate", Json.createObjectBuilder().add("url", address.toString()));
    }

    /** Types text into the element that has the focus. */
    public void type(String text) {
        call("Input.insertText", Json.createObjectBuilder().add("text", text));
    }

    /** Presses and releases a key. */
    public void press(Key key) {
        for (var type : List.of("keyDown", "keyUp")) {
            var event = Json.createObjectBuilder()
                    .add("type", type)
                    .add("key", key.name)
                    .add("code", key.name)
                    .add("windowsVirtualKeyCode", key.code);
            if (type.equals("keyDown") && !key.text.isEmpty()) {
                event.add("text", key.text);
            }
            call("Input.dispatchKeyEvent", event);
        }
    }

    /** Everything that a screen reader finds in the page, in its order. */
    public List<Element> elements() {
        return call("Accessibility.getFullAXTree", Json.createObjectBuilder())
                .getJsonArray("nodes")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(node -> !node.getBoolean("ignored", false))
                .map(Chromium::element)
                .toList();
    }

    /** Waits until the page has an element with this role and name, and returns all elements of that page. */
    public List<Element> await(String role, String name) throws InterruptedException {
        return await(role + " \"" + name + "\"", element -> isNamed(element, role, name));
    }

    /** Waits until the element with this role and name has the focus. */
    public void awaitFocus(String role, String name) throws InterruptedException {
        await("focus on " + name, element -> isNamed(element, role, name) && element.focused());
    }

    /** What the console of this browser's developer tools shows, and the issues that they list; without mere hints. */
    public List<String> complaints() {
        return Stream.of("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded")
                .flatMap(event -> tools.events(event).stream())
                .filter(event -> !event.containsKey("entry")
                        || !event.getJsonObject("entry").getString("level").equals("verbose"))
                .map(JsonValue::toString)
                .toList();
    }

    /** The addresses that pages requested, oldest first. */
    public List<URI> requests() {
        return tools.events("Network.requestWillBeSent").stream()
                .map(event -> URI.create(event.getJsonObject("request").getString("url")))
                .toList();
    }

    /** The value of an expression in the page, which is a text or a promise of one. */
    public String evaluate(String expression) {
        var found = call(
                "Runtime.evaluate",
                Json.createObjectBuilder()
                        .add("expression", expression)
                        .add("awaitPromise", true)
                        .add("returnByValue", true));
        if (found.containsKey("exceptionDetails")) {
            throw new AssertionError(found.getJsonObject("exceptionDetails").toString());
        }
        return found.getJsonObject("result").getString("value", "");
    }

    /** Waits until an expression in the page has this value. */
    public void awaitValue(String expression, String value) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        String found = evaluate(expression);
        while (!found.equals(value)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + LIMIT + " in vain for " + value + "; the page has " + found);
            }
            TimeUnit.MILLISECONDS.sleep(50);
            found = evaluate(expression);
        }
    }

    /** Forgets every cookie. */
    public void clearCookies() {
        call("Network.clearBrowserCookies", Json.createObjectBuilder());
    }

    /** Shows pages in a window of this width, in CSS pixels, and in a dark or light colour scheme. */
    public void show(int width, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Json.createObjectBuilder()
                        .add("width", width)
                        .add("height", 800)
                        .add("deviceScaleFactor", 1)
                        // With scroll bars that take no room.
                        .add("mobile", true));
        var scheme =
                Json.createObjectBuilder().add("name", "prefers-color-scheme").add("value", dark ? "dark" : "light");
        call(
                "Emulation.setEmulatedMedia",
                Json.createObjectBuilder()
                        .add("features", Json.createArrayBuilder().add(scheme)));
    }

    /** Writes a picture of the whole page, whatever its height. */
    public void wholeScreenshot(Path file) throws IOException {
        var size = call("Page.getLayoutMetrics", Json.createObjectBuilder()).getJsonObject("cssContentSize");
        var clip = Json.createObjectBuilder()
                .add("x", 0)
                .add("y", 0)
                .add("width", size.getJsonNumber("width"))
                .add("height", size.getJsonNumber("height"))
                .add("scale", 1);
        write(
                file,
                Json.createObjectBuilder().add("captureBeyondViewport", true).add("clip", clip));
    }

    /** Writes a picture of the page. */
    public void screenshot(Path file) throws IOException {
        write(file, Json.createObjectBuilder());
    }

    private void write(Path file, JsonObjectBuilder parameters) throws IOException {
        var png = call("Page.captureScreenshot", parameters).getString("data");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    @Override
    public void close() {
        tools.abort();
        process.close();
    }

    private List<Element> await(String what, Predicate<Element> wanted) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var elements = elements();
            if (elements.stream().anyMatch(wanted)) {
                return elements;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + LIMIT + " in vain for " + what + "; the page has " + elements);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private JsonObject call(String method, JsonObjectBuilder parameters) {
        return tools.call(page, method, parameters);
    }

    private static boolean isNamed(Element element, String role, String name) {
        return element.role().equals(role) && element.name().equals(name);
    }

    private static Element element(JsonObject node) {
        var focused = node.containsKey("properties")
                && node.getJsonArray("properties").getValuesAs(JsonObject.class).stream()
                        .filter(property -> property.getString("name").equals("focused"))
                        .anyMatch(property -> property.getJsonObject("value").getBoolean("value", false));
        return new Element(text(node, "role"), text(node, "name"), focused);
    }

    private static String text(JsonObject node, String name) {
        return node.containsKey(name) ? node.getJsonObject(name).getString("value", "") : "";
    }
}
