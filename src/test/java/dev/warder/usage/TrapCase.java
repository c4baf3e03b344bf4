package dev.warder.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.testkit.Messages;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** One case of {@code traps.json}: a response, and what it consumed and cost. */
record TrapCase(JsonObject row) {
    static List<TrapCase> all() {
        try (var file = TrapCase.class.getResourceAsStream("traps.json");
                var reader = Json.createReader(file)) {
            return reader.readArray().stream()
                    .map(row -> new TrapCase((JsonObject) row))
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    int trap() {
        return row.getInt("trap");
    }

    String evidence() {
        return row.getString("evidence");
    }

    Instant admitted() {
        return Instant.parse(row.getString("admitted", Usages.ADMITTED.toString()));
    }

    boolean isStream() {
        return row.containsKey("events");
    }

    /** Whether the events are named, as those of the API are. */
    byte[] body(boolean named) {
        if (!isStream()) {
            return row.getJsonObject("document").toString().getBytes(UTF_8);
        }
        var stream = new StringBuilder();
        for (var event : row.getJsonArray("events").getValuesAs(JsonObject.class)) {
            stream.append(
                    named ? Messages.event(event.getString("type"), event.toString()) : "data: " + event + "\n\n");
        }
        return stream.toString().getBytes(UTF_8);
    }

    /** An abort where the last event is missing; else the end is proper. */
    UsageRow.End end() {
        return isStream() && !hasLast() ? UsageRow.End.CANCELLED : UsageRow.End.COMPLETE;
    }

    private boolean hasLast() {
        JsonArray events = row.getJsonArray("events");
        String last = events.getJsonObject(events.size() - 1).getString("type");
        return last.equals("message_stop") || last.equals("error");
    }

    /** What each part is expected to have, as one line. */
    List<String> expected() {
        return row.getJsonArray("parts").getValuesAs(JsonObject.class).stream()
                .map(part -> "%s %d %d %d %d %d %d %d %d %s"
                        .formatted(
                                part.isNull("model") ? "-" : part.getString("model"),
                                part.getInt("input"),
                                part.getInt("write5m"),
                                part.getInt("write1h"),
                                part.getInt("read"),
                                part.getInt("output"),
                                part.getInt("thinking"),
                                part.getInt("searches"),
                                part.getJsonNumber("nanos").longValueExact(),
                                row.getString("basis")))
                .toList();
    }

    /** The same line of a row. */
    static String line(UsageRow row) {
        var counts = row.consumption().counts();
        return "%s %d %d %d %d %d %d %d %d %s"
                .formatted(
                        row.models().answered().orElse("-"),
                        counts.input(),
                        counts.writes().fiveMinutes(),
                        counts.writes().oneHour(),
                        counts.read(),
                        counts.output(),
                        counts.thinking(),
                        counts.webSearches(),
                        row.cost().nanos(),
                        row.cost().basis().name().toLowerCase(Locale.ROOT));
    }

    /** The cost of all parts. */
    long nanos() {
        return row.getJsonArray("parts").getValuesAs(JsonObject.class).stream()
                .mapToLong(part -> part.getJsonNumber("nanos").longValueExact())
                .sum();
    }

    @Override
    public String toString() {
        return trap() + ": " + row.getString("name") + " (" + evidence() + ")";
    }
}
