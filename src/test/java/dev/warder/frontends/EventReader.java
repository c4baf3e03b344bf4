package dev.warder.frontends;

import dev.warder.testkit.RawEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the events of a stream and leaves out its comments. One thread at a time. */
final class EventReader {
    private final BufferedReader lines;

    EventReader(InputStream stream) {
        lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** The next event; empty at the stream's proper end. */
    Optional<RawEvent> next() throws IOException {
        var event = new RawEvent("");
        do {
            var block = block();
            if (block.isEmpty()) {
                return Optional.empty();
            }
            event = new RawEvent(block);
        } while (event.comment());
        return Optional.of(event);
    }

    /** The names of all events to the end. */
    List<String> names() throws IOException {
        var names = new ArrayList<String>();
        for (var event = next(); event.isPresent(); event = next()) {
            names.add(event.get().name());
        }
        return names;
    }

    private String block() throws IOException {
        var block = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            block.append(line).append('\n');
            if (line.isEmpty()) {
                return block.toString();
            }
        }
        return block.toString();
    }
}
