package dev.warder.demo;

import dev.warder.http.ErrorReply;
import java.util.List;

/** A response of the demonstration upstream. */
sealed interface DemoResponse {
    /** An error, in the API's format. */
    record Refused(ErrorReply reply) implements DemoResponse {}

    /** One JSON document with status 200. */
    record Whole(DemoDocument document) implements DemoResponse {}

    /** An event stream with status 200. */
    record Events(List<DemoEvent> events) implements DemoResponse {
        public Events {
            events = List.copyOf(events);
        }
    }
}
