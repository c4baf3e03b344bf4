package dev.warder.demo;

import dev.warder.demo.DemoMessage.DemoContent;
import dev.warder.demo.DemoMessage.DemoDelta;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonDocuments;
import dev.warder.stream.EventType;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.Optional;

/** The data of an event in a stream. The member {@code type} is also the event's name. */
sealed interface DemoEvent {
    String type();

    default String text() {
        return "event: " + type() + "\ndata: " + JsonDocuments.text((Record) this) + "\n\n";
    }

    /** An event without further members: {@code ping} and {@code message_stop}. */
    @JsonbPropertyOrder("type")
    record Bare(String type) implements DemoEvent {
        Bare(EventType type) {
            this(type.word());
        }
    }

    /** The message before its content. */
    @JsonbPropertyOrder({"type", "message"})
    record MessageStart(String type, DemoDocument.Message message) implements DemoEvent {
        MessageStart(DemoDocument.Message message) {
            this(EventType.MESSAGE_START.word(), message);
        }
    }

    /** An empty content block. */
    @JsonbPropertyOrder({"type", "index", "block"})
    record BlockStart(String type, int index, @JsonbProperty("content_block") DemoContent block) implements DemoEvent {
        BlockStart(int index, DemoContent block) {
            this(EventType.CONTENT_BLOCK_START.word(), index, block);
        }
    }

    /** A piece of a content block. */
    @JsonbPropertyOrder({"type", "index", "delta"})
    record BlockDelta(String type, int index, DemoDelta delta) implements DemoEvent {
        BlockDelta(int index, DemoDelta delta) {
            this(EventType.CONTENT_BLOCK_DELTA.word(), index, delta);
        }
    }

    /** The end of a content block. */
    @JsonbPropertyOrder({"type", "index"})
    record BlockStop(String type, int index) implements DemoEvent {
        BlockStop(int index) {
            this(EventType.CONTENT_BLOCK_STOP.word(), index);
        }
    }

    /** Why the message ends, and the usage until then. */
    @JsonbPropertyOrder({"type", "delta", "usage"})
    record MessageDelta(String type, Stop delta, DemoDocument.Usage usage) implements DemoEvent {
        MessageDelta(String stopReason, DemoDocument.Usage usage) {
            this(EventType.MESSAGE_DELTA.word(), new Stop(stopReason, Optional.empty()), usage);
        }
    }

    /** The members that {@code message_delta} changes. */
    @JsonbPropertyOrder({"reason", "sequence"})
    record Stop(
            @JsonbProperty("stop_reason") String reason,
            @JsonbProperty(value = "stop_sequence", nillable = true) Optional<String> sequence) {}

    /** The error that ends a stream. */
    @JsonbPropertyOrder({"type", "error"})
    record Failure(String type, Cause error) implements DemoEvent {
        Failure(ErrorType errorType, String message) {
            this(EventType.ERROR.word(), new Cause(errorType.word(), message));
        }
    }

    /** The error of a stream. */
    @JsonbPropertyOrder({"type", "message"})
    record Cause(String type, String message) {}
}
