package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link LineFormatter} and {@link JsonFormatter}. The zone of another place is looked at in {@link StandaloneIT}, since a
 * virtual machine has one.
 */
class FormattersTest {
    private static final String TIME = "2026-07-01T10:20:30.405Z";
    private static final DateTimeFormatter EXPECTED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneId.systemDefault());
    private static final String BREAK = System.lineSeparator();

    private final LineFormatter lines = new LineFormatter();

    @Test
    void writeOneLine() {
        assertThat(lines.format(entry("id=1 status=200")))
                .isEqualTo(EXPECTED.format(Instant.parse(TIME)) + " INFO dev.warder.access id=1 status=200" + BREAK);
    }

    @Test
    void putParametersInWhereThereAreSome() {
        var entry = entry("{1} before {0}");
        entry.setParameters(new Object[] {"a", "b"});
        assertThat(lines.format(entry)).endsWith(" b before a" + BREAK);
        assertThat(lines.format(entry("{0} alone, it's {no} parameter")))
                .endsWith(" {0} alone, it's {no} parameter" + BREAK);
    }

    @Test
    void putTheStackOfWhatWasThrownBelow() {
        var entry = entry("it failed");
        entry.setLevel(Level.SEVERE);
        entry.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner")));
        assertThat(lines.format(entry)).endsWith(BREAK);
        var written = lines.format(entry).lines().toList();
        assertThat(written.get(0)).endsWith(" SEVERE dev.warder.access it failed");
        assertThat(written.get(1)).isEqualTo("java.lang.IllegalStateException: outer");
        assertThat(written.get(2)).startsWith("\tat " + FormattersTest.class.getName());
        assertThat(written).contains("Caused by: java.lang.IllegalArgumentException: inner");
    }

    /** Libraries log the message of an exception that has none. */
    @Test
    void writeARecordWithoutAMessage() {
        var entry = new LogRecord(Level.WARNING, null);
        entry.setLoggerName("dev.warder.access");
        entry.setThrown(new IllegalStateException());
        assertThat(lines.format(entry)).contains(" dev.warder.access null" + BREAK + "java.lang.IllegalStateException");
    }

    /** One formatter for all, since it keeps what it wrote of the last second. */
    @Test
    void writeTheTimeOfEachRecord() {
        for (var time : new String[] {
            "2026-07-01T10:20:30Z",
            "2026-07-01T10:20:30.007Z",
            "2026-07-01T10:20:30.070Z",
            "2026-07-01T10:20:30.999999999Z",
            "2026-07-01T10:20:31Z",
            "2026-07-01T10:20:30.1Z",
            "2026-12-31T23:59:59.999Z",
            "2027-01-01T00:00:00Z",
            "1970-01-01T00:00:00.005Z",
            "1969-12-31T23:59:59.005Z"
        }) {
            var entry = entry("m");
            entry.setInstant(Instant.parse(time));
            assertThat(lines.format(entry)).startsWith(EXPECTED.format(Instant.parse(time)) + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEVERE", "WARNING", "FINEST"})
    void nameTheLevel(String level) {
        var entry = entry("m");
        entry.setLevel(Level.parse(level));
        assertThat(lines.format(entry)).contains(" " + level + " dev.warder.access m");
    }

    @Test
    void writeAMessageAsJson() {
        var entry = entry("a \"b\"\nc {0}");
        entry.setLoggerName("dev.warder.Gateway");
        assertThat(json(entry).values().stream().map(value -> ((JsonString) value).getString()))
                .containsExactly(TIME, "INFO", "dev.warder.Gateway", "a \"b\"\nc {0}");
    }

    @Test
    void joinTheFieldsOfTheAccessLog() {
        var json = json(entry("{\"id\":\"req_1\",\"status\":200}"));
        assertThat(json.keySet()).containsExactly("time", "level", "logger", "id", "status");
        var other = entry("{\"id\":1}");
        other.setLoggerName("dev.warder.other");
        assertThat(json(other).getString("message")).isEqualTo("{\"id\":1}");
    }

    @Test
    void putTheStackIntoTheSameLineOfJson() {
        var entry = entry("it failed");
        entry.setThrown(new IllegalStateException("why"));
        assertThat(json(entry).getString("thrown")).contains("IllegalStateException: why", "FormattersTest");
    }

    private static JsonObject json(LogRecord entry) {
        var line = new JsonFormatter().format(entry);
        assertThat(line).endsWith(BREAK).hasLineCount(1);
        return JsonTree.parse(line).orElseThrow().asJsonObject();
    }

    private static LogRecord entry(String message) {
        var entry = new LogRecord(Level.INFO, message);
        entry.setLoggerName("dev.warder.access");
        entry.setInstant(Instant.parse(TIME));
        return entry;
    }
}
