package dev.warder.openai;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The tool calls of an assistant's turn and which of them still wait for their result. A call of the deprecated
 * {@code function_call} form has no id and gets one. One thread at a time.
 */
final class ToolCalls {
    private static final String CALLS = "tool_calls";
    private static final String LEGACY = "function_call";
    private static final Pattern TAKEN_ID = Pattern.compile("[a-zA-Z0-9_-]{1,256}");

    /** By id as the client wrote it: the name of the function. */
    private final Map<String, String> open = new LinkedHashMap<>();

    private String openAt = "";
    private boolean any;

    /** Whether the conversation has any call. */
    boolean any() {
        return any;
    }

    /** The blocks of a message's calls, in their order. */
    List<JsonObject> read(Members message) throws RefusedException {
        var blocks = new ArrayList<JsonObject>();
        var calls = message.array(CALLS).orElse(JsonArray.EMPTY_JSON_ARRAY);
        for (int i = 0; i < calls.size(); i++) {
            blocks.add(call(message.item(CALLS, calls.get(i), i)));
        }
        var legacy = message.object(LEGACY);
        if (legacy.isPresent()) {
            blocks.add(legacyCall(message, legacy.get()));
        }
        if (!blocks.isEmpty()) {
            any = true;
            openAt = message.path(calls.isEmpty() ? LEGACY : CALLS);
        }
        return blocks;
    }

    /** The id of the call that a {@code tool} message answers. */
    String answered(Members message) throws RefusedException {
        String id = message.needText("tool_call_id");
        if (open.remove(id) == null) {
            throw message.refused("tool_call_id", "must be the id of a call of the turn before, answered once.");
        }
        return taken(id);
    }

    /** The id of the call that a {@code function} message answers. */
    String answeredByName(Members message) throws RefusedException {
        String name = message.needText("name");
        Optional<String> id = open.entrySet().stream()
                .filter(call -> call.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
        open.remove(id.orElseThrow(() -> message.refused("name", "must be the function called in the turn before.")));
        return taken(id.get());
    }

    /** Refuses calls that nothing answered: the API takes no turn behind them. */
    void needAnswered() throws RefusedException {
        if (!open.isEmpty()) {
            throw RefusedException.invalid(openAt, openAt + " must all be answered before the next turn.");
        }
    }

    private JsonObject call(Members call) throws RefusedException {
        if (!call.text("type").orElse("function").equals("function")) {
            throw call.refused("type", "must be function.");
        }
        String id = call.needText("id");
        var function = call.needObject("function");
        String name = function.needText("name");
        if (id.isEmpty() || open.putIfAbsent(id, name) != null) {
            throw call.refused("id", "must be an id of its own.");
        }
        var block = block(taken(id), name, function);
        call.ignore("index");
        call.ignoreRest();
        return block;
    }

    private JsonObject legacyCall(Members message, Members function) throws RefusedException {
        String id = "call_" + message.path().replaceAll("[^a-z0-9]+", "_");
        String name = function.needText("name");
        open.put(id, name);
        return block(id, name, function);
    }

    private static JsonObject block(String id, String name, Members function) throws RefusedException {
        var input = Arguments.read(function, "arguments");
        ToolName.check(function, name);
        function.ignoreRest();
        return Tree.typed("tool_use")
                .add("id", id)
                .add("name", name)
                .add("input", input)
                .build();
    }

    /** The id itself where the API takes it, else one made of it: the same each time, and no other's. */
    private static String taken(String id) {
        return TAKEN_ID.matcher(id).matches() ? id : "call_" + Sha256.hex(id).substring(0, 32);
    }
}
