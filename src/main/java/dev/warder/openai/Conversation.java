package dev.warder.openai;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.ContentParts;
import dev.warder.openai.shared.ConversationTurns;
import dev.warder.openai.shared.CustomTool;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.SentCalls;
import dev.warder.openai.shared.Tool;
import dev.warder.openai.shared.ToolList;
import dev.warder.openai.shared.Turn;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The messages of a chat completion request as system blocks and turns, which alternate. One thread at a time.
 */
final class Conversation {
    private static final String MESSAGES = "messages";

    private final ContentParts parts;
    private final ToolCalls calls = new ToolCalls();
    final ConversationTurns turns;

    private Conversation(ModelCapabilities model) {
        this.parts = new ContentParts(model);
        this.turns = new ConversationTurns(model);
    }

    /** Reads {@code messages}, or {@code input}, which some clients write in its place. */
    static Conversation read(Members top, ModelCapabilities model) throws RefusedException {
        var conversation = new Conversation(model);
        String member = top.has(MESSAGES) ? MESSAGES : top.has("input") ? "input" : MESSAGES;
        if (member.equals("input") && top.value(member).orElseThrow() instanceof JsonString text) {
            conversation.add(
                    Turn.USER, member, Blocks.text(text.getString()).stream().toList());
        } else {
            conversation.readMessages(top, member);
        }
        conversation.turns.end(top, member, "thinking");
        var last = conversation.turns.last();
        if (last.isAssistant() && !model.prefill()) {
            throw RefusedException.invalid(
                    last.path(), "The model does not go on from a message of the assistant; end with the user's.");
        }
        return conversation;
    }

    Set<String> calledTools() {
        return calls.tools();
    }

    private void readMessages(Members top, String member) throws RefusedException {
        JsonArray messages = top.needArray(member);
        top.refuseIf(messages.isEmpty(), member, "must not be empty.");
        top.each(member, message -> {
            readMessage(message);
            message.ignoreRest();
        });
        calls.requireResults();
    }

    private void readMessage(Members message) throws RefusedException {
        switch (message.needText("role")) {
            case "system", "developer" -> instruct(message);
            case "user" -> add(Turn.USER, message.path("role"), parts.ofUser(message, this::resultBlock));
            case "assistant" -> assistant(message);
            case "tool" -> result(message, calls.callOfResult(message, "tool_call_id"));
            case "function" -> result(message, calls.callOfNamedResult(message));
            default -> throw message.refused("role", "must be system, developer, user, assistant, tool or function.");
        }
    }

    private void instruct(Members message) throws RefusedException {
        if (turns.instruct(parts.texts(message), calls.areOpen() && turns.endWithModel())) {
            turns.turn(Turn.USER, message.path("role"));
        }
    }

    private void assistant(Members message) throws RefusedException {
        message.refuseIf(turns.isEmpty(), "role", "must not be assistant in the first turn.");
        if (!turns.endWithModel()) {
            calls.requireResults();
        }
        message.refuseIf(message.has("audio"), "audio", "is not supported.");
        var blocks = new ArrayList<>(parts.ofAssistantWithCalls(message, calls::block));
        message.text("refusal").flatMap(Blocks::text).ifPresent(blocks::add);
        blocks.addAll(calls.read(message));
        add(Turn.ASSISTANT, message.path("role"), blocks);
    }

    private void result(Members message, String id) throws RefusedException {
        add(Turn.USER, message.path("role"), List.of(Blocks.toolResult(id, parts.any(message))));
    }

    /** A result in the form of the Messages API. */
    private JsonObject resultBlock(Members part) throws RefusedException {
        String id = calls.callOfResult(part, "tool_use_id");
        var result = Blocks.toolResult(id, part.has("content") ? parts.any(part) : List.of());
        return part.flag("is_error").orElse(false)
                ? JsonTree.newObject(result).add("is_error", true).build()
                : result;
    }

    private void add(String role, String path, List<JsonObject> blocks) {
        if (!blocks.isEmpty()) {
            blocks.forEach(turns.turn(role, path)::add);
        }
    }

    /**
     * The tool calls of the assistant's turns and which of them have no result yet. A call of the deprecated
     * {@code function_call} form has no id and gets one. One thread at a time.
     */
    static final class ToolCalls {
        private static final String CALLS = "tool_calls";
        private static final String LEGACY = "function_call";

        private final Map<String, Call> open = new HashMap<>();

        /** By the name of the function: ids as the client wrote them, in order; some may already have a result. */
        private final Map<String, Deque<String>> named = new LinkedHashMap<>();

        private final SentCalls sentCalls = new SentCalls();
        private String openAt = "";

        Set<String> tools() {
            return named.keySet();
        }

        /** The blocks of a message's calls, in their order. */
        List<JsonObject> read(Members message) throws RefusedException {
            var blocks = new ArrayList<JsonObject>();
            message.each(CALLS, call -> blocks.add(call(call)));
            String member = blocks.isEmpty() ? LEGACY : CALLS;
            var legacy = message.object(LEGACY);
            if (legacy.isPresent()) {
                blocks.add(legacyCall(message, legacy.get()));
            }
            if (!blocks.isEmpty()) {
                openAt = message.path(member);
            }
            return blocks;
        }

        String callOfResult(Members message, String member) throws RefusedException {
            var call = open.remove(message.needText(member));
            if (call == null) {
                throw message.refused(member, "must be the id of an open tool call of the previous turn.");
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

        boolean areOpen() {
            return !open.isEmpty();
        }

        /** Refuses calls without a result: the API accepts no turn after them. */
        void requireResults() throws RefusedException {
            if (areOpen()) {
                throw RefusedException.invalid(openAt, openAt + " must all have a result before the next turn.");
            }
        }

        /** The block of a call that is in the form of the Messages API. */
        JsonObject block(Members call) throws RefusedException {
            openAt = call.path();
            return opened(
                    newId(call),
                    call.needText("name"),
                    call.path(),
                    call,
                    call.json("input").orElse(JsonValue.EMPTY_JSON_OBJECT));
        }

        private String newId(Members call) throws RefusedException {
            String id = call.needText("id");
            call.refuseIf(id.isEmpty() || open.containsKey(id), "id", "must be unique.");
            return id;
        }

        private JsonObject call(Members call) throws RefusedException {
            String type = ToolList.needType(call);
            String id = newId(call);
            var function = call.needObject(type);
            String name = function.needText("name");
            var input = type.equals(CustomTool.TYPE)
                    ? CustomTool.input(function.needText("input"))
                    : sentCalls.arguments(function, "arguments");
            var block = opened(id, name, call.path(), function, input);
            function.ignoreRest();
            call.ignore("index");
            call.ignoreRest();
            return block;
        }

        private JsonObject legacyCall(Members message, Members function) throws RefusedException {
            String id = "call_" + message.path().replaceAll("[^a-z0-9]+", "_");
            String name = function.needText("name");
            message.refuseIf(open.containsKey(id), LEGACY, "must not be combined with a call of the same id.");
            var block = opened(id, name, message.path(), function, sentCalls.arguments(function, "arguments"));
            function.ignoreRest();
            return block;
        }

        /** Adds a call without a result. It is sent under the client's own id where the API accepts that. */
        private JsonObject opened(String id, String name, String path, Members function, JsonObject input)
                throws RefusedException {
            String sent = sentCalls.id(id, path);
            open.put(id, new Call(sent, name));
            named.computeIfAbsent(name, unseen -> new ArrayDeque<>()).add(id);
            Tool.checkName(function, name);
            return Blocks.toolUse(sent, name, input);
        }

        /**
         * A call without a result.
         *
         * @param id the id that is sent for it
         * @param name the function
         */
        private record Call(String id, String name) {}
    }
}
