package dev.warder.testkit;

import dev.warder.json.JsonTree;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
        var target = tools.call("", "Target.createTarget", Map.of("url", "about:blank"))
                .getString("targetId");
        page = tools.call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .getString("sessionId");
        Stream.of("Page", "Network", "Log", "Runtime", "Audits", "Accessibility")
                .forEach(domain -> call(domain + ".enable", Map.of()));
        call("Emulation.setScriptExecutionDisabled", Map.of("value", !scripts));
        call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
    }

    /** Whether this machine has the program. */
    public static boolean installed() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
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
        call("Page.navigate", Map.of("url", address.toString()));
    }

    /** Types text into the element that has the focus. */
    public void type(String text) {
        call("Input.insertText", Map.of("text", text));
    }

    /** Presses and releases a key. */
    public void press(Key key) {
        for (var type : List.of("keyDown", "keyUp")) {
            var event = Map.of("type", type, "key", key.name, "code", key.name, "windowsVirtualKeyCode", key.code);
            var typed = new HashMap<String, Object>(event);
            if (type.equals("keyDown") && !key.text.isEmpty()) {
                typed.put("text", key.text);
            }
            call("Input.dispatchKeyEvent", typed);
        }
    }

    /** Everything that a screen reader finds in the page, in its order. */
    public List<Element> elements() {
        return call("Accessibility.getFullAXTree", Map.of())
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
        var found =
                call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (found.containsKey("exceptionDetails")) {
            throw new AssertionError(found.getJsonObject("exceptionDetails").toString());
        }
        return found.getJsonObject("result").getString("value", "");
    }

    /** Waits until an expression in the page has this value. */
    public void awaitValue(String expression, String value) throws InterruptedException {
        await(value, () -> evaluate(expression), value::equals);
    }

    /** Forgets every cookie. */
    public void clearCookies() {
        call("Network.clearBrowserCookies", Map.of());
    }

    /** Shows pages in a window of this width, in CSS pixels, and in a dark or light colour scheme. */
    public void show(int width, boolean dark) {
        // With scroll bars that take no room.
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", true));
        var scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    /** Writes a picture of the whole page, whatever its height. */
    public void wholeScreenshot(Path file) throws IOException {
        var size = call("Page.getLayoutMetrics", Map.of()).getJsonObject("cssContentSize");
        var clip = Map.of("x", 0, "y", 0, "width", size.get("width"), "height", size.get("height"), "scale", 1);
        write(file, Map.of("captureBeyondViewport", true, "clip", clip));
    }

    /** Writes a picture of the page. */
    public void screenshot(Path file) throws IOException {
        write(file, Map.of());
    }

    private void write(Path file, Map<String, ?> parameters) throws IOException {
        var png = call("Page.captureScreenshot", parameters).getString("data");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    @Override
    public void close() {
        tools.abort();
        process.close();
    }

    /** Elements of a page that still arrives may be without their role: they are read again when it is complete. */
    private List<Element> await(String what, Predicate<Element> wanted) throws InterruptedException {
        await(what, this::elements, elements -> elements.stream().anyMatch(wanted));
        awaitValue("document.readyState", "complete");
        return await(what, this::elements, elements -> elements.stream().anyMatch(wanted));
    }

    private static <T> T await(String what, Supplier<T> look, Predicate<T> wanted) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var found = look.get();
            if (wanted.test(found)) {
                return found;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + LIMIT + " in vain for " + what + "; the page has " + found);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private JsonObject call(String method, Map<String, ?> parameters) {
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

    /**
     * A headless Chromium with a new profile, which requests nothing on its own; its log is discarded.
     *
     * @param address where the browser accepts connections of {@link DevTools}
     */
    private record ChromiumProcess(Path folder, Process process, URI address) implements AutoCloseable {
        private static final String LISTENING = "DevTools listening on ";
        private static final int LIMIT_SECONDS = 30;

        static ChromiumProcess start() throws IOException {
            var folder = TemporaryFolder.create(PROGRAM);
            var process = new ProcessBuilder(command(folder))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new ChromiumProcess(folder, process, address(process));
        }

        @Override
        public void close() {
            var all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(one ->
                    one.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
            TemporaryFolder.delete(folder);
        }

        private static List<String> command(Path folder) {
            var command = new ArrayList<>(List.of(
                    PROGRAM,
                    "--headless=new",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + folder,
                    "--window-size=1200,800",
                    "--no-first-run",
                    "--no-proxy-server",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-default-apps",
                    "--disable-extensions",
                    "--disable-gpu",
                    "--disable-sync"));
            if (System.getProperty("user.name").equals("root")) {
                command.add("--no-sandbox");
            }
            return command;
        }

        /** Reads the browser's log up to its address, and leaves the rest of it to a thread. */
        private static URI address(Process process) throws IOException {
            var log = process.errorReader(StandardCharsets.UTF_8);
            for (var line = log.readLine(); line != null; line = log.readLine()) {
                if (line.startsWith(LISTENING)) {
                    ScriptedUpstream.daemon("chromium-log", () -> discard(log)).start();
                    return URI.create(line.substring(LISTENING.length()));
                }
            }
            throw new IOException(PROGRAM + " ended before it was ready");
        }

        private static void discard(BufferedReader log) {
            try {
                log.transferTo(Writer.nullWriter());
            } catch (IOException ended) {
                // The browser is closed.
            }
        }
    }

    /**
     * A connection to a browser that speaks the Chrome DevTools Protocol: JSON messages in a WebSocket, where commands have
     * numbers and events have none. Commands come from one thread at a time.
     */
    private static final class DevTools implements WebSocket.Listener {
        private static final int LIMIT_SECONDS = 120;

        private final Map<Integer, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
        private final Queue<JsonObject> events = new ConcurrentLinkedQueue<>();
        private final StringBuilder received = new StringBuilder();
        private final WebSocket socket;
        private int lastNumber;

        DevTools(URI address) {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address, this)
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        }

        /**
         * Sends a command and waits for its result.
         *
         * @param session the page that executes the command; empty for the browser
         * @throws IllegalStateException if the browser refuses the command
         */
        JsonObject call(String session, String method, Map<String, ?> parameters) {
            int number = ++lastNumber;
            var result = new CompletableFuture<JsonObject>();
            pending.put(number, result);
            var command = Json.createObjectBuilder()
                    .add("id", number)
                    .add("method", method)
                    .add("params", Json.createObjectBuilder(parameters));
            if (!session.isEmpty()) {
                command.add("sessionId", session);
            }
            socket.sendText(command.build().toString(), true).join();
            var response = result.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
            if (response.containsKey("error")) {
                throw new IllegalStateException(method + ": " + response.getJsonObject("error"));
            }
            return response.getJsonObject("result");
        }

        /** The parameters of all events of this name so far, oldest first. */
        List<JsonObject> events(String method) {
            return events.stream()
                    .filter(event -> event.getString("method").equals(method))
                    .map(event -> event.getJsonObject("params"))
                    .toList();
        }

        /** Closes the connection at once. */
        void abort() {
            socket.abort();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            received.append(data);
            if (last) {
                receive(received.toString());
                received.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, data, last);
        }

        private void receive(String text) {
            var message = JsonTree.parseObject(text).orElseThrow();
            if (!message.containsKey("id")) {
                events.add(message);
                return;
            }
            var result = pending.remove(message.getInt("id"));
            if (result != null) {
                result.complete(message);
            }
        }
    }
}
