package dev.warder.demo;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;

/** A piece of a content block in a stream. */
sealed interface DemoDelta {
    /** A piece of text. */
    @JsonbPropertyOrder({"type", "text"})
    record Text(String type, String text) implements DemoDelta {
        Text(String text) {
            this("text_delta", text);
        }
    }

    /** A piece of thinking. */
    @JsonbPropertyOrder({"type", "thinking"})
    record Thinking(String type, String thinking) implements DemoDelta {
        Thinking(String thinking) {
            this("thinking_delta", thinking);
        }
    }

    /** The signature of the thinking before it. */
    @JsonbPropertyOrder({"type", "signature"})
    record Signature(String type, String signature) implements DemoDelta {
        Signature(String signature) {
            this("signature_delta", signature);
        }
    }

    /** A piece of the JSON text of a tool's input. */
    @JsonbPropertyOrder({"type", "partialJson"})
    record InputJson(String type, @JsonbProperty("partial_json") String partialJson) implements DemoDelta {
        InputJson(String partialJson) {
            this("input_json_delta", partialJson);
        }
    }
}
