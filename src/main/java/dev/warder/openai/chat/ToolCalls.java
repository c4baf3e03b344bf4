package dev.warder.openai.chat;

import dev.warder.json.ValueCount;
import dev.warder.openai.shared.Arguments;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tool calls of the assistant's turns and which of them have no result yet. A call of the deprecated
 * {@code function_call} form has no id and gets one. One thread at a time.
 */
final class ToolCalls {
    private static final String CALLS = "tool_calls";
    private static final String LEGACY = "function_call";

    private final Map<String, Call> open = new HashMap<>();

    /** By the name of the function: ids as the client wrote them, in order; some may already have a result. */
    private final Map<String, Deque<String>> named = new LinkedHashMap<>();

    private final CallIds ids = new CallIds();
    private final ValueCount values = new ValueCount();
    private String openAt = "";

    Set<String> tools() {
        return named.keySet();
    }

    /** The blocks of a message's calls, in their order. */
    List<Block> read(Members message) throws RefusedException {
        var blocks = new ArrayList<Block>();
        var calls = message.array(CALLS).orElse(JsonArray.EMPTY_JSON_ARRAY);
        for (int i = 0; i < calls.size(); i++) {
            blocks.add(call(message.item(CALLS, calls.get(i), i)));
        }
        var legacy = message.object(LEGACY);
        if (legacy.isPresent()) {
            blocks.add(legacyCall(message, legacy.get()));
        }
        if (!blocks.isEmpty()) {
            openAt = message.path(calls.isEmpty() ? LEGACY : CALLS);
        }
        return blocks;
    }

    String callOfResult(Members message) throws RefusedException {
        var call = open.remove(message.needText("tool_call_id"));
        if (call == null) {
            throw message.refused("tool_call_id", "must be the id of an open tool call of the previous turn.");
        }
        return call.id();
    }

    /** The id of the call whose result a {@code function} message is: the first open one of its name. */
    String callOfNamedResult(Members message) throws RefusedException {
        String name = message.needText("name");
        var ids = named.getOrDefault(name, new ArrayDeque<>());
        while (!ids.isEmpty()) {
            String id = ids.remove();
            var call = open.get(id);
            if (call != null && call.name().equals(name)) {
                open.remove(id);
                return call.id();
            }
        }
        throw message.refused("name", "must be the function called in the turn before.");
    }

    /** Refuses calls without a result: the API accepts no turn after them. */
    void requireResults() throws RefusedException {
        if (!open.isEmpty()) {
            throw RefusedException.invalid(openAt, openAt + " must all have a result before the next turn.");
        }
    }

    private Block call(Members call) throws RefusedException {
        String type = ToolList.needType(call);
        String id = call.needText("id");
        var function = call.needObject(type);
        String name = function.needText("name");
        if (id.isEmpty() || open.containsKey(id)) {
            throw call.refused("id", "must be unique.");
        }
        var block = block(opened(id, name, call.path()), name, function, type.equals(CustomTool.TYPE));
        call.ignore("index");
        call.ignoreRest();
        return block;
    }

    private Block legacyCall(Members message, Members function) throws RefusedException {
        String id = "call_" + message.path().replaceAll("[^a-z0-9]+", "_");
        String name = function.needText("name");
        if (open.containsKey(id)) {
            throw message.refused(LEGACY, "must not be combined with a call of the same id.");
        }
        return block(opened(id, name, message.path()), name, function, false);
    }

    private Block block(String id, String name, Members function, boolean custom) throws RefusedException {
        var input =
                custom ? CustomTool.input(function.needText("input")) : Arguments.read(function, "arguments", values);
        Tool.checkName(function, name);
        function.ignoreRest();
        return new Block(new Block.ToolUse(id, name, input));
    }

    /** Adds a call without a result and returns the id to send for it: the client's own where the API accepts it. */
    private String opened(String id, String name, String path) {
        String sent = ids.give(id, path);
        open.put(id, new Call(sent, name));
        named.computeIfAbsent(name, unseen -> new ArrayDeque<>()).add(id);
        return sent;
    }

    /**
     * A call without a result.
     *
     * @param id the id that is sent for it
     * @param name the function
     */
    private record Call(String id, String name) {}
}
