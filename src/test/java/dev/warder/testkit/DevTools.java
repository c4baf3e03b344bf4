package dev.warder.testkit;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a browser that speaks the Chrome DevTools Protocol: JSON messages in a WebSocket, where commands have
 * numbers and events have none. Commands come from one thread at a time.
 */
final class DevTools implements WebSocket.Listener {
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
    JsonObject call(String session, String method, JsonObjectBuilder parameters) {
        int number = ++lastNumber;
        var result = new CompletableFuture<JsonObject>();
        pending.put(number, result);
        var command = Json.createObjectBuilder()
                .add("id", number)
                .add("method", method)
                .add("params", parameters);
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
        try (var reader = Json.createReader(new StringReader(text))) {
            var message = reader.readObject();
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
