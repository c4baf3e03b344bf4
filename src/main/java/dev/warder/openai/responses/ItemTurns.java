package dev.warder.openai.responses;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.Instructions;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.Turn;
import jakarta.json.JsonObject;
import java.util.ArrayList;
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
    final Instructions instructions;
    private final List<Turn> turns = new ArrayList<>();
    private boolean droppedThinking;

    /** The searches of the web without a result, by their ids: those of the model's last turn, or of the one before it. */
    private final Map<String, Search> searches = new HashMap<>();

    private boolean droppedSearch;

    ItemTurns(CallItems calls, ModelCapabilities model) {
        this.calls = calls;
        this.instructions = new Instructions(model);
    }

    List<JsonObject> messages() {
        return turns.stream().flatMap(Turn::messages).toList();
    }

    /**
     * Whether thinking may begin here. Inside a loop of tool calls it may only go on: the turn with the calls has to begin with
     * the thinking that led to them.
     */
    boolean mayThink() {
        Turn last = last();
        if (last.isAssistant()) {
            return last.has(ItemTurns::isSearch) && last.beginsWithThinking();
        }
        return !last.hasResults() || turns.get(turns.size() - 2).beginsWithThinking();
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
        turn.blocks().add(block);
    }

    void instruct(String path, List<JsonObject> texts) throws RefusedException {
        boolean isOpen = !turns.isEmpty()
                && last().isAssistant()
                && (calls.areOpen() || searches.values().stream().anyMatch(search -> search.turn() == last()));
        if (instructions.add(texts, turns, isOpen)) {
            turn(false, path);
        }
    }

    void addResult(String path, JsonObject result) throws RefusedException {
        turn(false, path).addResult(result);
    }

    /** The model's turn, to which the caller adds a block; refused while a call of its turn before has no output. */
    Turn model(String path) throws RefusedException {
        return turn(true, path);
    }

    /** Refuses an input that no response can follow. System texts become the user's turn if there is no other. */
    void end(Members top, ModelCapabilities model) throws RefusedException {
        if (turns.isEmpty() && !instructions.system().isEmpty()) {
            turns.add(Turn.ofSystem(instructions.system(), InputItems.MEMBER));
        }
        calls.requireOutputs();
        if (instructions.areWaiting()) {
            turn(false, InputItems.MEMBER);
        }
        if (!turns.isEmpty() && last().isAssistant()) {
            dropSearches(true);
        }
        dropLastThinking();
        if (droppedThinking) {
            top.list("reasoning");
        }
        if (droppedSearch) {
            top.list("web_search_call");
        }
        top.refuseIf(turns.isEmpty(), InputItems.MEMBER, "must have a message of the user that is not blank.");
        Turn last = last();
        if (last.isAssistant() && !model.prefill() && !last.has(ItemTurns::isSearch)) {
            throw RefusedException.invalid(
                    last.path(),
                    last.path()
                            + " must not be a message of the assistant at the end of the input: this model does not support"
                            + " assistant prefill.");
        }
        last.stripEnd();
    }

    private Turn turn(boolean assistant, String path) throws RefusedException {
        var turn = begun(assistant, path);
        if (!assistant) {
            instructions.moveTo(turn);
        }
        return turn;
    }

    private Turn begun(boolean assistant, String path) throws RefusedException {
        if (!turns.isEmpty() && last().isAssistant() == assistant) {
            return last();
        }
        if (assistant) {
            if (turns.isEmpty()) {
                throw RefusedException.invalid(
                        InputItems.MEMBER, InputItems.MEMBER + " must not begin with a message of the assistant.");
            }
            calls.requireOutputs();
        } else if (!turns.isEmpty()) {
            dropSearches(last().has(block -> Blocks.type(block).equals("tool_use")));
            dropLastThinking();
        }
        if (turns.isEmpty() || last().isAssistant() != assistant) {
            turns.add(new Turn(assistant ? Turn.ASSISTANT : Turn.USER, path));
        }
        return last();
    }

    /**
     * The API accepts a search without its result only in a turn that it goes on with: the last one, or one whose calls have
     * their outputs in the next.
     *
     * @param goesOn whether the last turn is such a turn
     */
    private void dropSearches(boolean goesOn) {
        var dropped = searches.values().stream()
                .filter(search -> !goesOn || search.turn() != last())
                .collect(Collectors.groupingBy(
                        Search::turn,
                        Collectors.mapping(
                                Search::use,
                                Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())))));
        dropped.forEach((turn, uses) -> turn.blocks().removeIf(uses::contains));
        searches.values().removeIf(search -> dropped.containsKey(search.turn()));
        droppedSearch |= !dropped.isEmpty();
    }

    /** The API refuses a turn that ends with thinking, which remains of a response that was cut off. */
    private void dropLastThinking() {
        if (!turns.isEmpty() && last().isAssistant()) {
            droppedThinking |= last().dropLastThinking();
            if (last().blocks().isEmpty()) {
                turns.remove(turns.size() - 1);
            }
        }
    }

    private Turn last() {
        return turns.get(turns.size() - 1);
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
