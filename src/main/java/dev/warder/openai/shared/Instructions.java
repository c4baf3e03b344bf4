package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of {@code system} and {@code developer} in a conversation. Those before the first turn are the system prompt. A later
 * text stays with the user's turn at its place: each request then begins with the bytes of the one before, as the prompt cache
 * requires. One thread at a time.
 */
public final class Instructions {
    private static final String BEGIN = "<system-reminder>\n";
    private static final String END = "\n</system-reminder>";

    private final boolean asMessages;
    private final List<JsonObject> system = new ArrayList<>();
    private final List<JsonObject> waiting = new ArrayList<>();

    public Instructions(ModelCapabilities model) {
        asMessages = model.systemMessages();
    }

    /** The blocks of the system prompt, which may be changed. */
    public List<JsonObject> system() {
        return system;
    }

    /**
     * Adds texts.
     *
     * @param turns the turns before them
     * @param isOpen whether a call or a search has no result yet: a turn of the user would separate it from its result
     * @return whether texts wait for the user's turn, which the caller has to begin or to continue
     */
    public boolean add(List<JsonObject> texts, List<Turn> turns, boolean isOpen) {
        (turns.isEmpty() ? system : waiting).addAll(texts);
        return !waiting.isEmpty() && !(isOpen || turns.get(turns.size() - 1).endsWithThinking());
    }

    /** Whether texts wait for a turn of the user, which has to begin at the end of the conversation. */
    public boolean areWaiting() {
        return !waiting.isEmpty();
    }

    /** Moves the texts that wait to this turn of the user. */
    public void moveTo(Turn turn) {
        for (var text : waiting) {
            if (asMessages) {
                turn.addInstruction(text);
            } else {
                turn.blocks().add(marked(text));
            }
        }
        waiting.clear();
    }

    /** The text as part of the user's turn, marked as the operator's. */
    static JsonObject marked(JsonObject text) {
        return JsonTree.newObject(text)
                .add(Blocks.TEXT, BEGIN + JsonTree.text(text, Blocks.TEXT) + END)
                .build();
    }
}
