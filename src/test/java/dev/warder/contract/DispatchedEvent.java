package dev.warder.contract;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An event as a strict client dispatches it (HTML Standard, section 9.2.6): the last name counts, data lines are joined,
 * and what no empty line follows is dropped.
 */
record DispatchedEvent(String name, String data) {
    /** All events of a stream. */
    static List<DispatchedEvent> of(byte[] stream) {
        var events = new ArrayList<DispatchedEvent>();
        String name = "message";
        var data = new ArrayList<String>();
        var lines = new ArrayList<>(List.of(new String(stream, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1)));
        lines.remove(lines.size() - 1);
        for (var line : lines) {
            if (line.startsWith("event:")) {
                name = line.substring(6).stripLeading();
            } else if (line.startsWith("data:")) {
                data.add(line.substring(5).stripLeading());
            } else if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    events.add(new DispatchedEvent(name, String.join("\n", data)));
                }
                name = "message";
                data.clear();
            }
        }
        return events;
    }

    /** The JSON in the last line of the data. */
    JsonObject lastLine() {
        return Answers.json(data.substring(data.lastIndexOf('\n') + 1));
    }

    /** The type of the error that this event tells. */
    String errorType() {
        return lastLine().getJsonObject("error").getString("type");
    }
}
