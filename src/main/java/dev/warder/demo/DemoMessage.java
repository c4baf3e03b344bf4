package dev.warder.demo;

import dev.warder.http.ErrorType;
import dev.warder.json.JsonTree;
import dev.warder.stream.EventType;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The demonstration upstream's message in response to a prompt, as one document or as events. */
final class DemoMessage {
    private static final int SHORTEST_ECHO = 10;
    private static final int DELTAS_BEFORE_ERROR = 5;

    private final DemoPrompt prompt;
    private final String id;
    private final List<DemoBlock> blocks = new ArrayList<>();

    DemoMessage(DemoPrompt prompt, String id) {
        this.prompt = prompt;
        this.id = id;
        if (prompt.asksFor("thinking")) {
            blocks.add(DemoBlock.thinking("The user wrote a line, and I am to send it back as it is.", "demo" + id));
        }
        blocks.add(DemoBlock.text(echo(prompt.text())));
        if (prompt.asksFor("tool")) {
            JsonObject input = JsonTree.newObject().add("text", prompt.text()).build();
            blocks.add(DemoBlock.toolUse("toolu_" + id, prompt.tool().orElse("echo"), input));
        }
    }

    // A short text gets a prefix, because it would be too short for ten deltas.
    private static String echo(String text) {
        return text.codePointCount(0, text.length()) < SHORTEST_ECHO ? "You said: " + text : text;
    }

    DemoDocument.Message document() {
        var content = blocks.stream().map(DemoBlock::whole).toList();
        return new DemoDocument.Message(id, prompt.model(), content, Optional.of(stopReason()), usage(outputTokens()));
    }

    private DemoDocument.Usage usage(int outputTokens) {
        return new DemoDocument.Usage(prompt.inputTokens(), outputTokens);
    }

    private String stopReason() {
        return prompt.asksFor("tool") ? "tool_use" : "end_turn";
    }

    private int outputTokens() {
        return blocks.stream().mapToInt(block -> block.deltas().size()).sum();
    }

    List<DemoEvent> events() {
        List<DemoEvent> events = new ArrayList<>();
        events.add(new DemoEvent.MessageStart(
                new DemoDocument.Message(id, prompt.model(), List.of(), Optional.empty(), usage(1))));
        events.add(new DemoEvent.Bare(EventType.PING));
        for (int index = 0; index < blocks.size(); index++) {
            addBlock(events, index, blocks.get(index));
        }
        events.add(new DemoEvent.MessageDelta(stopReason(), usage(outputTokens())));
        events.add(new DemoEvent.Bare(EventType.MESSAGE_STOP));
        return prompt.asksFor("error mid") ? broken(events) : events;
    }

    private static void addBlock(List<DemoEvent> events, int index, DemoBlock block) {
        events.add(new DemoEvent.BlockStart(index, block.start()));
        block.deltas().forEach(delta -> events.add(new DemoEvent.BlockDelta(index, delta)));
        events.add(new DemoEvent.BlockStop(index));
    }

    private static List<DemoEvent> broken(List<DemoEvent> events) {
        int beforeDeltas = 3;
        List<DemoEvent> begun = new ArrayList<>(events.subList(0, beforeDeltas + DELTAS_BEFORE_ERROR));
        begun.add(new DemoEvent.Failure(ErrorType.OVERLOADED, "Overloaded"));
        return begun;
    }

    /**
     * A content block in both of its forms.
     *
     * @param whole its form in a message
     * @param start its form in {@code content_block_start}
     * @param deltas the deltas that complete it
     */
    private record DemoBlock(DemoContent whole, DemoContent start, List<DemoDelta> deltas) {
        private static final int LEAST_PIECES = 10;
        private static final int MOST_PIECES = 100;
        private static final int PIECE = 6;

        DemoBlock {
            deltas = List.copyOf(deltas);
        }

        static DemoBlock text(String text) {
            List<DemoDelta> deltas = new ArrayList<>();
            pieces(text).forEach(piece -> deltas.add(new DemoDelta.Text(piece)));
            return new DemoBlock(new DemoContent.Text(text), new DemoContent.Text(""), deltas);
        }

        static DemoBlock thinking(String thought, String signature) {
            List<DemoDelta> deltas = new ArrayList<>();
            pieces(thought).forEach(piece -> deltas.add(new DemoDelta.Thinking(piece)));
            deltas.add(new DemoDelta.Signature(signature));
            return new DemoBlock(
                    new DemoContent.Thinking(thought, signature), new DemoContent.Thinking("", ""), deltas);
        }

        static DemoBlock toolUse(String id, String name, JsonObject input) {
            List<DemoDelta> deltas = new ArrayList<>();
            deltas.add(new DemoDelta.InputJson(""));
            pieces(input.toString()).forEach(piece -> deltas.add(new DemoDelta.InputJson(piece)));
            return new DemoBlock(
                    new DemoContent.ToolUse(id, name, input),
                    new DemoContent.ToolUse(id, name, JsonObject.EMPTY_JSON_OBJECT),
                    deltas);
        }

        /** The text in 10 to 100 pieces, or fewer if it has fewer characters. No piece ends within a character. */
        static List<String> pieces(String text) {
            int characters = text.codePointCount(0, text.length());
            int wanted = Math.max(LEAST_PIECES, Math.min(MOST_PIECES, characters / PIECE));
            List<String> pieces = new ArrayList<>();
            int from = 0;
            for (int piece = 1; piece <= wanted; piece++) {
                int end = (int) ((long) characters * piece / wanted);
                int to = text.offsetByCodePoints(0, end);
                if (to > from) {
                    pieces.add(text.substring(from, to));
                }
                from = to;
            }
            return pieces;
        }
    }

    /** A content block in a message. */
    sealed interface DemoContent {
        /** Text. */
        @JsonbPropertyOrder({"type", "text"})
        record Text(String type, String text) implements DemoContent {
            Text(String text) {
                this("text", text);
            }
        }

        /** Thinking and its signature. */
        @JsonbPropertyOrder({"type", "thinking", "signature"})
        record Thinking(String type, String thinking, String signature) implements DemoContent {
            Thinking(String thinking, String signature) {
                this("thinking", thinking, signature);
            }
        }

        /** A call of one of the client's tools. */
        @JsonbPropertyOrder({"type", "id", "name", "input"})
        record ToolUse(String type, String id, String name, JsonObject input) implements DemoContent {
            ToolUse(String id, String name, JsonObject input) {
                this("tool_use", id, name, input);
            }
        }
    }

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
}
