package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Collects one turn of a conversation, from one message or several in a row. Results of tools come before all other
 * content, as the API requires. One thread at a time.
 */
public final class Turn {
    public static final String USER = "user";
    public static final String ASSISTANT = "assistant";

    private final String role;
    private final String path;
    private final List<JsonObject> results = new ArrayList<>();
    private final List<JsonObject> blocks = new ArrayList<>();
    private final List<JsonObject> instructions = new ArrayList<>(0);

    public Turn(String role, String path) {
        this.role = role;
        this.path = path;
    }

    /** The user's turn of a conversation that has system texts only, which it takes out of {@code system}. */
    public static Turn ofSystem(List<JsonObject> system, String path) {
        var turn = new Turn(USER, path);
        turn.blocks.addAll(system);
        system.clear();
        return turn;
    }

    public String path() {
        return path;
    }

    public boolean isAssistant() {
        return role.equals(ASSISTANT);
    }

    public boolean hasResults() {
        return !results.isEmpty();
    }

    /** The blocks other than results, which may be changed. */
    public List<JsonObject> blocks() {
        return blocks;
    }

    /** The last block other than a result; there has to be one. */
    public JsonObject last() {
        return blocks.get(blocks.size() - 1);
    }

    public boolean has(Predicate<JsonObject> kind) {
        return blocks.stream().anyMatch(kind);
    }

    public boolean beginsWithThinking() {
        return !blocks.isEmpty() && Blocks.isThinking(blocks.get(0));
    }

    /** Whether the model's turn goes on with what its thinking led to. */
    boolean endsWithThinking() {
        return isAssistant() && !blocks.isEmpty() && Blocks.isThinking(last());
    }

    /** Drops thinking from the end of a model's turn, where the API refuses it; returns whether there was any. */
    public boolean dropLastThinking() {
        int before = blocks.size();
        while (endsWithThinking()) {
            blocks.remove(blocks.size() - 1);
        }
        return blocks.size() < before;
    }

    /** Adds a text that a message of role {@code system} has after this turn of the user. */
    void addInstruction(JsonObject text) {
        instructions.add(text);
    }

    public void add(JsonObject block) {
        (Blocks.isResult(block) ? results : blocks).add(block);
    }

    /** Cuts white space off the end of an assistant's last text, which the API refuses as the beginning of a response. */
    public void stripEnd() {
        if (isAssistant()) {
            blocks.set(blocks.size() - 1, Blocks.stripped(last()));
        }
    }

    /** The message of this turn, and one for the instructions, which the API accepts after content of the user only. */
    public Stream<JsonObject> messages() {
        var all = new ArrayList<>(results);
        all.addAll(blocks);
        boolean alone = all.isEmpty();
        if (alone) {
            instructions.forEach(text -> all.add(ConversationTurns.marked(text)));
        }
        var turn = message(role, all);
        return alone || instructions.isEmpty() ? Stream.of(turn) : Stream.of(turn, message("system", instructions));
    }

    private static JsonObject message(String role, List<JsonObject> content) {
        return JsonTree.newObject()
                .add("role", role)
                .add("content", JsonTree.newArray(content))
                .build();
    }
}
