package dev.warder.openai.responses;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.ConversationTurns;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.Turn;
import jakarta.json.JsonObject;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The turns that items form: items in a row belong to one turn as long as the same side wrote them. One thread at a time. */
final class ItemTurns {
    private final CallItems calls;
    final ConversationTurns all;

    /** The searches of the web without a result, by their ids: those of the model's last turn, or of the one before it. */
    private final Map<String, Search> searches = new HashMap<>();

    private boolean droppedSearch;

    ItemTurns(CallItems calls, ModelCapabilities model) {
        this.calls = calls;
        this.all = new ConversationTurns(model);
    }

    /** Whether thinking may begin here, or go on after a search of the web. */
    boolean mayThink() {
        return all.mayThink()
                || all.endWithModel()
                        && all.last().has(ItemTurns::isSearch)
                        && all.last().beginsWithThinking();
    }

    /** Adds blocks of one item to the model's turn or to the user's. */
    void add(boolean assistant, String path, List<JsonObject> blocks) throws RefusedException {
        if (!blocks.isEmpty()) {
            var turn = turn(assistant, path);
            blocks.forEach(block -> add(turn, block));
        }
    }

    private void add(Turn turn, JsonObject block) {
        var result = result(block);
        if (result.isPresent() && searches.remove(result.get()) == null) {
            droppedSearch = true;
            return;
        }
        search(block).ifPresent(id -> searches.put(id, new Search(turn, block)));
        turn.add(block);
    }

    void instruct(String path, List<JsonObject> texts) throws RefusedException {
        boolean isOpen = all.endWithModel()
                && (calls.areOpen() || searches.values().stream().anyMatch(search -> search.turn() == all.last()));
        if (all.instruct(texts, isOpen)) {
            turn(false, path);
        }
    }

    /** The model's turn, to which the caller adds a block; refused while a call of its turn before has no output. */
    Turn model(String path) throws RefusedException {
        return turn(true, path);
    }

    /** Refuses an input that no response can follow. System texts become the user's turn if there is no other. */
    void end(Members top, ModelCapabilities model) throws RefusedException {
        calls.requireOutputs();
        if (all.areInstructionsWaiting()) {
            turn(false, InputItems.MEMBER);
        } else if (all.endWithModel()) {
            dropSearches(true);
        }
        all.end(top, InputItems.MEMBER, "reasoning");
        if (droppedSearch) {
            top.list("web_search_call");
        }
        Turn last = all.last();
        if (last.isAssistant() && !model.prefill() && !last.has(ItemTurns::isSearch)) {
            throw RefusedException.invalid(
                    last.path(),
                    last.path()
                            + " must not be a message of the assistant at the end of the input: this model does not support"
                            + " assistant prefill.");
        }
    }

    private Turn turn(boolean assistant, String path) throws RefusedException {
        boolean begins = all.isEmpty() || all.endWithModel() != assistant;
        if (begins && assistant) {
            if (all.isEmpty()) {
                throw RefusedException.invalid(
                        InputItems.MEMBER, InputItems.MEMBER + " must not begin with a message of the assistant.");
            }
            calls.requireOutputs();
        } else if (begins && !all.isEmpty()) {
            dropSearches(all.last().has(block -> Blocks.type(block).equals("tool_use")));
        }
        return all.turn(assistant ? Turn.ASSISTANT : Turn.USER, path);
    }

    /**
     * The API accepts a search without its result only in a turn that it goes on with: the last one, or one whose calls have
     * their outputs in the next.
     *
     * @param goesOn whether the last turn is such a turn
     */
    private void dropSearches(boolean goesOn) {
        var dropped = searches.values().stream()
                .filter(search -> !goesOn || search.turn() != all.last())
                .collect(Collectors.groupingBy(
                        Search::turn,
                        Collectors.mapping(
                                Search::use,
                                Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())))));
        dropped.forEach((turn, uses) -> turn.blocks().removeIf(uses::contains));
        searches.values().removeIf(search -> dropped.containsKey(search.turn()));
        droppedSearch |= !dropped.isEmpty();
    }

    /** Whether a reasoning item may have the block packed. */
    static boolean isPacked(JsonObject block) {
        return Blocks.isThinking(block) || isSearch(block);
    }

    /** Whether a block is a search of the web or the result of one. */
    private static boolean isSearch(JsonObject block) {
        return search(block).or(() -> result(block)).isPresent();
    }

    /** The id of a search of the web that a block begins. */
    static Optional<String> search(JsonObject block) {
        return member(block, "server_tool_use", "id");
    }

    /** The id of the search whose result a block is. */
    private static Optional<String> result(JsonObject block) {
        return member(block, "web_search_tool_result", "tool_use_id");
    }

    private static Optional<String> member(JsonObject block, String type, String name) {
        return Blocks.type(block).equals(type) ? Optional.of(JsonTree.text(block, name)) : Optional.empty();
    }

    /** A search of the web, in the turn that has it. */
    private record Search(Turn turn, JsonObject use) {}
}
