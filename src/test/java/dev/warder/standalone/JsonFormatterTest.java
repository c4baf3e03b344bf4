package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class JsonFormatterTest {
    private final JsonFormatter formatter = new JsonFormatter();

    @Test
    void writesAMessage() {
        var json = json("dev.warder.Gateway", "a \"b\"\nc {0}");
        assertThat(json.getString("time")).isEqualTo("2026-07-01T10:20:30.405Z");
        assertThat(json.getString("level")).isEqualTo("INFO");
        assertThat(json.getString("logger")).isEqualTo("dev.warder.Gateway");
        assertThat(json.getString("message")).isEqualTo("a \"b\"\nc {0}");
    }

    @Test
    void joinsTheFieldsOfTheAccessLog() {
        var json = json("dev.warder.access", "{\"id\":\"req_1\",\"status\":200}");
        assertThat(json.keySet()).containsExactly("time", "level", "logger", "id", "status");
        assertThat(json("dev.warder.other", "{\"id\":1}").getString("message")).isEqualTo("{\"id\":1}");
    }

    @Test
    void putsTheStackIntoTheSameLine() {
        var entry = entry("dev.warder.x", "it failed");
        entry.setThrown(new IllegalStateException("why"));
        var json = json(entry);
        assertThat(json.getString("thrown")).contains("IllegalStateException: why", "JsonFormatterTest");
    }

    private JsonObject json(String logger, String message) {
        return json(entry(logger, message));
    }

    private static LogRecord entry(String logger, String message) {
        var entry = new LogRecord(Level.INFO, message);
        entry.setLoggerName(logger);
        entry.setInstant(Instant.parse("2026-07-01T10:20:30.405Z"));
        return entry;
    }

    private JsonObject json(LogRecord entry) {
        var line = formatter.format(entry);
        assertThat(line).endsWith(System.lineSeparator()).hasLineCount(1);
        return JsonTree.parse(line).orElseThrow().asJsonObject();
    }
}
