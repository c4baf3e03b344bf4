package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The turns of a conversation, which alternate, and its instructions: the texts of {@code system} and {@code developer}. Those
 * before the first turn are the system prompt. A later text stays with the user's turn at its place: each request then begins with
 * the bytes of the one before, as the prompt cache requires. One thread at a time.
 */
public final class ConversationTurns {
    private static final String BEGIN = "<system-reminder>\n";
    private static final String END = "\n</system-reminder>";

    private final boolean asMessages;
    private final List<Turn> turns = new ArrayList<>();
    private final List<JsonObject> system = new ArrayList<>();
    private final List<JsonObject> waiting = new ArrayList<>();
    private boolean droppedThinking;

    public ConversationTurns(ModelCapabilities model) {
        asMessages = model.systemMessages();
    }

    /** The blocks of the system prompt, which may be changed. */
    public List<JsonObject> system() {
        return system;
    }

    public List<JsonObject> messages() {
        return turns.stream().flatMap(Turn::messages).toList();
    }

    public boolean isEmpty() {
        return turns.isEmpty();
    }

    /** The last turn; there has to be one. */
    public Turn last() {
        return turns.get(turns.size() - 1);
    }

    public boolean endWithModel() {
        return !turns.isEmpty() && last().isAssistant();
    }

    /**
     * Whether the response may begin with thinking: not where it continues a turn of the model. After the result of a tool it does so,
     * unless the turn with the call begins with thinking.
     */
    public boolean mayThink() {
        return !last().isAssistant()
                && (!last().hasResults() || turns.get(turns.size() - 2).beginsWithThinking());
    }

    /** The turn of this role that a message belongs to; the caller adds a block to it. */
    public Turn turn(String role, String path) {
        boolean isUser = role.equals(Turn.USER);
        if (isUser) {
            dropLastThinking();
        }
        if (turns.isEmpty() || last().isAssistant() == isUser) {
            turns.add(new Turn(role, path));
        }
        if (isUser) {
            addWaiting();
        }
        return last();
    }

    /**
     * Adds instructions.
     *
     * @param isOpen whether a call or a search has no result yet: a turn of the user would separate it from its result
     * @return whether they wait for the user's turn, which the caller has to begin or to continue
     */
    public boolean instruct(List<JsonObject> texts, boolean isOpen) {
        (turns.isEmpty() ? system : waiting).addAll(texts);
        return areInstructionsWaiting() && !(isOpen || last().endsWithThinking());
    }

    /** Whether instructions wait for a turn of the user, which has to begin at the end of the conversation. */
    public boolean areInstructionsWaiting() {
        return !waiting.isEmpty();
    }

    /**
     * Refuses a conversation that no response can follow. System texts become the user's turn if there is no other.
     *
     * @param member the name of the member that has the conversation
     * @param thinking the name that is listed if thinking was dropped
     */
    public void end(Members top, String member, String thinking) throws RefusedException {
        if (areInstructionsWaiting()) {
            turn(Turn.USER, member);
        }
        dropLastThinking();
        if (turns.isEmpty() && !system.isEmpty()) {
            turns.add(Turn.ofSystem(system, member));
        }
        if (droppedThinking) {
            top.list(thinking);
        }
        top.refuseIf(turns.isEmpty(), member, "must have a message of the user that is not blank.");
        last().stripEnd();
    }

    /** The API refuses a turn that ends with thinking, which remains of a response that was cut off. */
    private void dropLastThinking() {
        if (endWithModel()) {
            droppedThinking |= last().dropLastThinking();
            if (last().blocks().isEmpty()) {
                turns.remove(turns.size() - 1);
            }
        }
    }

    private void addWaiting() {
        for (var text : waiting) {
            if (asMessages) {
                last().addInstruction(text);
            } else {
                last().add(marked(text));
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
