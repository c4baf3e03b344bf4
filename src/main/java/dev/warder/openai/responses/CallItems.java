package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.responses.ToolReader.OfferedTools;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.ContentParts;
import dev.warder.openai.shared.CustomTool;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.SentCalls;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The tool calls of the input, and which of them have no output yet. One thread at a time. */
final class CallItems {
    private static final String CALL_ID = "call_id";
    private static final String OUTPUT = "output";
    private static final String NAMESPACE = "namespace";
    private static final Map<String, ToolKind> CALLS =
            Arrays.stream(ToolKind.values()).collect(Collectors.toMap(kind -> kind.call, kind -> kind));
    private static final String OF_OUTPUT = "_output";
    private static final String LOCAL = ToolKind.LOCAL_SHELL.call;

    private final OfferedTools tools;
    private final ContentParts parts;
    private final SentCalls sentCalls = new SentCalls();

    private final Map<String, Call> open = new LinkedHashMap<>();

    private final Set<String> finished = new HashSet<>();

    /** The client's ids of a local shell's calls by the ids of their items. */
    private final Map<String, String> byItem = new HashMap<>();

    final Set<String> names = new LinkedHashSet<>();

    CallItems(OfferedTools tools, ContentParts parts) {
        this.tools = tools;
        this.parts = parts;
    }

    static boolean isCall(String type) {
        return CALLS.containsKey(type);
    }

    static boolean isOutput(String type) {
        return type.endsWith(OF_OUTPUT) && CALLS.containsKey(type.substring(0, type.length() - OF_OUTPUT.length()));
    }

    /** The block of a call. */
    JsonObject call(Members item, String type) throws RefusedException {
        String id = callId(item, type);
        var kind = Objects.requireNonNull(CALLS.get(type));
        String name = tools.nameOf(called(item, kind));
        var input = input(item, kind);
        var call = new Call(sentCalls.id(id, item.path()), item.path());
        item.refuseIf(id.isEmpty() || open.putIfAbsent(id, call) != null, CALL_ID, "must be unique.");
        if (type.equals(LOCAL)) {
            item.text("id").ifPresent(own -> byItem.put(own, id));
        }
        names.add(name);
        return Blocks.toolUse(call.sent(), name, input);
    }

    /** The block of an output. */
    JsonObject result(Members item, String type) throws RefusedException {
        String id = idOfOutput(item, type);
        var call = open.remove(id);
        finished.add(id);
        if (call == null) {
            throw RefusedException.invalid(
                    item.path(), item.path() + " must have the call_id of a call before it that has no output yet.");
        }
        // Some clients repeat what the call has.
        item.value("name");
        item.value(NAMESPACE);
        return Blocks.toolResult(call.sent(), output(item, type));
    }

    /**
     * The content of an output that is not the first of its call. Codex sends such outputs of a script that reports while it
     * runs. The API has one result for each call, so that they can only be content of the user's turn.
     */
    Optional<List<JsonObject>> furtherOutput(Members item, String type) throws RefusedException {
        if (!type.equals(ToolKind.CUSTOM.call + OF_OUTPUT)) {
            return Optional.empty();
        }
        String id = callId(item, type);
        if (open.containsKey(id) || !finished.contains(id)) {
            return Optional.empty();
        }
        item.value("name");
        return Optional.of(output(item, type));
    }

    boolean areOpen() {
        return !open.isEmpty();
    }

    /** Refuses calls without an output: the API accepts no turn after them. */
    void requireOutputs() throws RefusedException {
        if (areOpen()) {
            String path = open.values().iterator().next().path();
            throw RefusedException.invalid(path, path + " must have an output before the next turn.");
        }
    }

    private static String callId(Members item, String type) throws RefusedException {
        return type.startsWith(LOCAL) && !item.has(CALL_ID) ? item.needText("id") : item.needText(CALL_ID);
    }

    private String idOfOutput(Members item, String type) throws RefusedException {
        String id = callId(item, type);
        boolean isItem = type.startsWith(LOCAL) && !item.has(CALL_ID) && !open.containsKey(id);
        return isItem ? byItem.getOrDefault(id, id) : id;
    }

    private static CalledTool called(Members item, ToolKind kind) throws RefusedException {
        if (!kind.isNamed()) {
            return CalledTool.builtIn(kind);
        }
        boolean spaced = item.text(NAMESPACE).filter(space -> !space.isEmpty()).isPresent();
        var space = spaced ? Optional.of(CalledTool.needName(item, NAMESPACE)) : Optional.<String>empty();
        return new CalledTool(kind, CalledTool.needName(item, "name"), space);
    }

    private JsonObject input(Members item, ToolKind kind) throws RefusedException {
        return switch (kind) {
            case FUNCTION -> sentCalls.arguments(item, kind.input);
            case CUSTOM -> CustomTool.input(item.needText(kind.input));
            default -> shellInput(item.json(kind.input).orElseThrow(() -> item.refused(kind.input, "is missing.")));
        };
    }

    /**
     * The input that became this {@code action} or {@code operation}: without the members that the response's schema requires
     * and the model did not write.
     */
    private static JsonObject shellInput(JsonObject action) {
        var input = JsonTree.newObject();
        action.forEach((name, value) -> {
            boolean added = name.equals("type") && value.equals(JsonTree.string("exec"))
                    || name.equals("env") && value.equals(JsonValue.EMPTY_JSON_OBJECT);
            if (!added && !JsonValue.NULL.equals(value)) {
                input.add(name, value);
            }
        });
        return input.build();
    }

    private List<JsonObject> output(Members item, String type) throws RefusedException {
        return switch (type) {
            case "shell_call_output" -> {
                var results = item.needArray(OUTPUT);
                yield Blocks.text(results.toString()).stream().toList();
            }
            case "apply_patch_call_output" -> {
                String status = item.text("status").orElse("");
                var text = item.text(OUTPUT).map(output -> status.isEmpty() ? output : status + "\n" + output);
                yield Blocks.text(text.orElse(status)).stream().toList();
            }
            default -> parts.any(item, OUTPUT);
        };
    }

    /**
     * A call without an output.
     *
     * @param sent the id that is sent for it
     * @param path where it is in the request
     */
    private record Call(String sent, String path) {}
}
