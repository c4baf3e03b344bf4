package dev.warder.demo;

import dev.warder.http.ErrorReply;
import java.util.List;

/** What the stand-in for the API answers. */
sealed interface DemoAnswer {
    /** An error, in the API's shape. */
    record Refused(ErrorReply reply) implements DemoAnswer {}

    /** One JSON document, status 200. */
    record Whole(DemoDocument document) implements DemoAnswer {}

    /** An event stream, status 200. */
    record Events(List<DemoEvent> events) implements DemoAnswer {
        public Events {
            events = List.copyOf(events);
        }
    }
}
