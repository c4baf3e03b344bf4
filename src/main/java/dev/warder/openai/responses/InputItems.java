package dev.warder.openai.responses;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.ToolReader.OfferedTools;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.ContentParts;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The items of {@code input} as system blocks and turns. One thread at a time.
 */
final class InputItems {
    static final String MEMBER = "input";

    private static final String TYPE = "type";
    private static final String ROLE = "role";
    private static final String ADDITIONAL_TOOLS = "additional_tools";
    private static final String WEB_SEARCH = "web_search_call";
    private static final String ENCRYPTED = "encrypted_content";

    private final ContentParts parts;
    final CallItems calls;
    private final ReasoningSeal seal;
    final ItemTurns turns;
    /** Calls of the web search without the blocks that a reasoning item has of them; negative if there are more blocks. */
    private long lostSearches;

    private InputItems(ModelCapabilities model, OfferedTools tools, ReasoningSeal seal) {
        parts = new ContentParts(model);
        calls = new CallItems(tools, parts);
        this.seal = seal;
        turns = new ItemTurns(calls, model);
    }

    static boolean hasTools(JsonObject item) {
        return JsonTree.findText(item, TYPE).orElse("").equals(ADDITIONAL_TOOLS);
    }

    static InputItems read(Members top, ModelCapabilities model, OfferedTools tools, ReasoningSeal seal)
            throws RefusedException {
        var input = new InputItems(model, tools, seal);
        var value = top.need(MEMBER);
        if (value instanceof JsonString text) {
            input.turns.add(
                    false, MEMBER, Blocks.text(text.getString()).stream().toList());
        } else {
            top.refuseIf(!(value instanceof JsonArray), MEMBER, "must be a string or an array.");
            top.each(MEMBER, input::readItem);
        }
        if (input.lostSearches > 0) {
            top.list(WEB_SEARCH);
        }
        input.turns.end(top, model);
        return input;
    }

    private void readItem(Members item) throws RefusedException {
        // The API gives each item an id and a status; neither has a meaning for the model.
        item.value("id");
        item.value("status");
        read(item, type(item));
    }

    private static String type(Members item) throws RefusedException {
        var type = item.text(TYPE);
        if (type.isEmpty() && item.has(ROLE)) {
            return "message";
        }
        // A reference needs no type.
        return type.or(() -> item.has("id") ? Optional.of("item_reference") : Optional.empty())
                .orElseThrow(() -> item.refused(TYPE, "is missing."));
    }

    private void read(Members item, String type) throws RefusedException {
        if (CallItems.isCall(type)) {
            turns.model(item.path()).add(calls.call(item, type));
            item.ignoreRest();
        } else if (CallItems.isOutput(type)) {
            output(item, type);
            item.ignoreRest();
        } else {
            readOther(item, type);
        }
    }

    private void readOther(Members item, String type) throws RefusedException {
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> {
                turns.add(true, item.path(), reasoning(item));
                item.ignoreRest();
            }
            case "agent_message" -> agentMessage(item);
            case WEB_SEARCH -> lostSearches++;
            case ADDITIONAL_TOOLS -> {}
            case "item_reference" ->
                throw RefusedException.invalid(
                        item.path(),
                        item.path()
                                + " must not refer to a stored item: nothing is stored here. Set store: false, so that"
                                + " the client sends whole items.");
            // A response would be paid for, and have nothing of what was asked for.
            case "compaction_trigger" ->
                throw item.refused(
                        TYPE, "is not supported: ask for a summary in a message, or use another kind of compaction.");
            default -> untranslated(item, type);
        }
    }

    private void output(Members item, String type) throws RefusedException {
        var further = calls.furtherOutput(item, type);
        turns.add(false, item.path(), further.isPresent() ? further.get() : List.of(calls.result(item, type)));
    }

    private void message(Members item) throws RefusedException {
        switch (item.needText(ROLE)) {
            case "system", "developer" -> turns.instruct(item.path(), parts.texts(item));
            case "user" -> turns.add(false, item.path(), parts.any(item));
            case "assistant" -> turns.add(true, item.path(), parts.ofAssistant(item));
            default -> throw item.refused(ROLE, "must be user, assistant, system or developer.");
        }
        item.ignoreRest();
    }

    /**
     * The blocks that an earlier response packed into {@code encrypted_content}. Content that another provider made, or that was
     * changed, has no effect and is listed.
     */
    private List<JsonObject> reasoning(Members item) throws RefusedException {
        // The client's copy of the text: the blocks have it too.
        item.value("summary");
        item.value("content");
        var sealed = item.text(ENCRYPTED);
        if (sealed.isEmpty()) {
            item.list("reasoning");
            return List.of();
        }
        var blocks = seal.open(sealed.get())
                .map(array -> array.getValuesAs(JsonObject.class))
                .filter(found -> found.stream().allMatch(ItemTurns::isPacked));
        if (blocks.isEmpty()) {
            item.ignore(ENCRYPTED);
            return List.of();
        }
        lostSearches -= blocks.get().stream()
                .filter(block -> ItemTurns.search(block).isPresent())
                .count();
        return blocks.get();
    }

    private void agentMessage(Members item) throws RefusedException {
        var content = item.array("content").orElse(JsonArray.EMPTY_JSON_ARRAY);
        var readable = content.stream()
                .filter(JsonObject.class::isInstance)
                .map(part -> JsonTree.findText(part.asJsonObject(), "text").orElse(""))
                .flatMap(text -> Blocks.text(text).stream())
                .toList();
        if (readable.size() < content.size() || content.isEmpty()) {
            item.list("agent_message");
        }
        turns.add(false, item.path(), readable);
        item.value("author");
        item.value("recipient");
        item.ignoreRest();
    }

    /** An item that no block can express: refused if it has what the model needs, else listed by its type. */
    private static void untranslated(Members item, String type) throws RefusedException {
        // The tool that these tools were found with is left out, and so are they.
        boolean result = type.endsWith("_output") && !type.equals("tool_search_output")
                || Stream.of("output", "outputs", "result", "results").anyMatch(item::has);
        boolean instruction =
                item.text(ROLE).filter(role -> !role.equals("user")).isPresent();
        item.refuseIf(result && !instruction, TYPE, "is of a kind whose result cannot be sent to the model.");
        item.listText(TYPE, type);
    }
}
