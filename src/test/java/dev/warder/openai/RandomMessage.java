package dev.warder.openai;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A message made of a seed, as a whole and as a stream, and what a client must find in its translation, in order. */
public final class RandomMessage {
    public static final List<String> STOP_REASONS =
            List.of(("end_turn stop_sequence pause_turn max_tokens model_context_window_exceeded "
                            + "tool_use refusal compaction something_new")
                    .split(" "));

    private static final String[] WORDS =
            ("a| |\u00fc|\u20ac|\ud83d\ude00|\"|\\|\n|\r|\u0000|\u001f|\u0085|\u2028|\ufeff|{|" + "}|data: |</|\u007f")
                    .split("[|]");

    private final Random random;
    private final StringBuilder events = new StringBuilder();
    private final StringBuilder texts = new StringBuilder();
    private final StringBuilder thoughts = new StringBuilder();
    private final List<JsonObject> inputs = new ArrayList<>();
    private final List<JsonObject> blocks = new ArrayList<>();
    private final String stopReason;

    public RandomMessage(long seed) {
        random = new Random(seed);
        stopReason = STOP_REASONS.get(random.nextInt(STOP_REASONS.size()));
        events.append(Talk.start());
        int index = random.nextInt(2);
        for (int count = random.nextInt(7); count > 0; count--) {
            noise();
            block(index);
            events.append(Talk.stop(index));
            index += 1 + random.nextInt(10) / 9;
        }
        events.append(Talk.end(stopReason));
    }

    public String stopReason() {
        return stopReason;
    }

    /** The stream as it stands on the wire. */
    public String events() {
        return events.toString();
    }

    public String texts() {
        return texts.toString();
    }

    public String thoughts() {
        return thoughts.toString();
    }

    /** The inputs of the calls, whose ids are {@code toolu_0} and so on. */
    public List<JsonObject> inputs() {
        return inputs;
    }

    /** The same message where no stream was asked for. */
    public JsonObject whole() {
        var content = Json.createArrayBuilder();
        blocks.forEach(content::add);
        return Json.createObjectBuilder()
                .add("id", "msg_1")
                .add("type", "message")
                .add("role", "assistant")
                .add("content", content)
                .add("stop_reason", stopReason)
                .add("usage", Json.createObjectBuilder().add("input_tokens", 3).add("output_tokens", 550))
                .build();
    }

    private void noise() {
        switch (random.nextInt(8)) {
            case 0 -> events.append(Talk.event("ping", ""));
            case 1 -> events.append(": comment\n\n");
            case 2 ->
                events.append(Talk.event("news", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"no\"}"));
            default -> {}
        }
    }

    private void block(int index) {
        switch (random.nextInt(6)) {
            case 0, 1 -> text(index);
            case 2 -> thought(index);
            case 3 -> other(index);
            default -> call(index);
        }
    }

    private void text(int index) {
        String text = words();
        texts.append(text);
        events.append(Talk.beginText(index));
        pieces(text).forEach(piece -> events.append(Talk.text(index, piece)));
        if (random.nextInt(4) == 0) {
            events.append(Talk.event(
                    "content_block_delta",
                    "\"index\":" + index
                            + ",\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"cited_text\":\"no\"}}"));
        }
        blocks.add(typed("text").add("text", text).build());
    }

    private void thought(int index) {
        String thought = words();
        thoughts.append(thought);
        events.append(Talk.begin(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"));
        pieces(thought).forEach(piece -> events.append(Talk.thinking(index, piece)));
        events.append(Talk.event(
                "content_block_delta",
                "\"index\":" + index + ",\"delta\":{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}"));
        blocks.add(typed("thinking").add("thinking", thought).build());
    }

    /** Blocks that a chat client gets to see nothing of. */
    private void other(int index) {
        JsonObject block =
                switch (random.nextInt(4)) {
                    case 0 -> typed("redacted_thinking").add("data", "no").build();
                    case 1 ->
                        typed("server_tool_use")
                                .add("id", "srvtoolu_1")
                                .add("name", "look")
                                .add("input", JsonValue.EMPTY_JSON_OBJECT)
                                .build();
                    case 2 ->
                        typed("web_search_tool_result")
                                .add("tool_use_id", "srvtoolu_1")
                                .add("content", Json.createArrayBuilder().add(typed("web_search_result")))
                                .build();
                    default ->
                        typed("something_new")
                                .add("text", "no")
                                .add("thinking", "no")
                                .build();
                };
        events.append(Talk.begin(index, block.toString()));
        if (block.getString("type").equals("server_tool_use")) {
            events.append(Talk.input(index, "{\"query\":\"no\"}"));
        }
        blocks.add(block);
    }

    private void call(int index) {
        JsonObject input = object(3);
        String id = "toolu_" + inputs.size();
        inputs.add(input);
        if (random.nextInt(8) == 0) {
            var begun = typed("tool_use").add("id", id).add("name", "look").add("input", input);
            events.append(Talk.begin(index, begun.build().toString()));
        } else {
            events.append(Talk.beginTool(index, id, "look"));
            pieces(input.isEmpty() ? "" : input.toString()).forEach(piece -> events.append(Talk.input(index, piece)));
        }
        blocks.add(typed("tool_use")
                .add("id", id)
                .add("name", "look")
                .add("input", input)
                .build());
    }

    private JsonObject object(int depth) {
        var object = Json.createObjectBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = words() + i;
            switch (random.nextInt(depth == 0 ? 4 : 6)) {
                case 0 -> object.add(name, words());
                case 1 -> object.add(name, number());
                case 2 -> object.addNull(name);
                case 3 -> object.add(name, random.nextBoolean());
                case 4 -> object.add(name, object(depth - 1));
                default -> object.add(name, array(depth - 1));
            }
        }
        return object.build();
    }

    private JsonArrayBuilder array(int depth) {
        return Json.createArrayBuilder().add(object(depth)).add(words()).add(number());
    }

    private BigDecimal number() {
        return switch (random.nextInt(4)) {
            case 0 -> BigDecimal.valueOf(random.nextLong());
            case 1 -> BigDecimal.valueOf(random.nextDouble());
            case 2 -> new BigDecimal("9".repeat(1 + random.nextInt(300)));
            default -> new BigDecimal(random.nextInt() + "e" + random.nextInt(-300, 300));
        };
    }

    private String words() {
        var text = new StringBuilder();
        random.ints(random.nextInt(40), 0, WORDS.length).forEach(i -> text.append(WORDS[i]));
        return text.toString();
    }

    /** Cut anywhere but within a surrogate pair, empty pieces among them. */
    private List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + random.nextInt(9));
            to += to < text.length() && to > 0 && Character.isLowSurrogate(text.charAt(to)) ? 1 : 0;
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static JsonObjectBuilder typed(String type) {
        return Json.createObjectBuilder().add("type", type);
    }
}
