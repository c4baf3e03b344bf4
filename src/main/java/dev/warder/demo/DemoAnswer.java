package dev.warder.demo;

import dev.warder.http.ErrorReply;
import jakarta.json.JsonObject;
import java.util.List;

/** What the stand-in for the API answers. */
sealed interface DemoAnswer {
    /** An error, in the API's shape. */
    record Refused(ErrorReply reply) implements DemoAnswer {}

    /** One JSON document, status 200. */
    record Whole(JsonObject document) implements DemoAnswer {}

    /** An event stream, status 200; each event is whole, with its blank line. */
    record Events(List<String> events) implements DemoAnswer {
        public Events {
            events = List.copyOf(events);
        }
    }
}
