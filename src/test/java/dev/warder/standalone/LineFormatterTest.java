package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The zone of another place is looked at in {@link StandaloneIT}, since a virtual machine has one. */
class LineFormatterTest {
    private static final Instant TIME = Instant.parse("2026-07-01T10:20:30.405Z");
    private static final DateTimeFormatter EXPECTED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneId.systemDefault());
    private static final String BREAK = System.lineSeparator();

    private final LineFormatter formatter = new LineFormatter();

    @Test
    void writesOneLine() {
        assertThat(formatter.format(entry("id=1 status=200")))
                .isEqualTo(EXPECTED.format(TIME) + " INFO dev.warder.access id=1 status=200" + BREAK);
    }

    @Test
    void putsParametersInWhereThereAreSome() {
        var entry = entry("{1} before {0}");
        entry.setParameters(new Object[] {"a", "b"});
        assertThat(formatter.format(entry)).endsWith(" b before a" + BREAK);
        assertThat(formatter.format(entry("{0} alone, it's {no} parameter")))
                .endsWith(" {0} alone, it's {no} parameter" + BREAK);
    }

    @Test
    void putsTheStackOfWhatWasThrownBelow() {
        var entry = entry("it failed");
        entry.setLevel(Level.SEVERE);
        entry.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner")));
        var lines = formatter.format(entry).lines().toList();
        assertThat(lines.get(0)).endsWith(" SEVERE dev.warder.access it failed");
        assertThat(lines.get(1)).isEqualTo("java.lang.IllegalStateException: outer");
        assertThat(lines.get(2)).startsWith("\tat " + LineFormatterTest.class.getName());
        assertThat(lines).contains("Caused by: java.lang.IllegalArgumentException: inner");
        assertThat(formatter.format(entry)).endsWith(BREAK);
    }

    /** One formatter for all, since it keeps what it wrote of the last second. */
    @Test
    void writesTheTimeOfEachRecord() {
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
            assertThat(formatter.format(entry)).startsWith(EXPECTED.format(Instant.parse(time)) + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEVERE", "WARNING", "FINEST"})
    void namesTheLevel(String level) {
        var entry = entry("m");
        entry.setLevel(Level.parse(level));
        assertThat(formatter.format(entry)).contains(" " + level + " dev.warder.access m");
    }

    private static LogRecord entry(String message) {
        var entry = new LogRecord(Level.INFO, message);
        entry.setLoggerName("dev.warder.access");
        entry.setInstant(TIME);
        return entry;
    }
}
