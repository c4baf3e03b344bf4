package dev.warder.openai.chat;

import dev.warder.edit.ModelCapabilities;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The messages of a chat completion request as system blocks and turns, which alternate. Texts of {@code system} and
 * {@code developer}, wherever they are, become system blocks in their order. One thread at a time.
 */
final class Conversation {
    private static final String MESSAGES = "messages";

    private final ModelCapabilities model;
    private final ContentParts parts;
    private final ToolCalls calls = new ToolCalls();
    private final List<Block> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    private Conversation(ModelCapabilities model) {
        this.model = model;
        this.parts = new ContentParts(model);
    }

    /** Reads {@code messages}, or {@code input}, which some clients write in its place. */
    static Conversation read(Members top, ModelCapabilities model) throws RefusedException {
        var conversation = new Conversation(model);
        String member = top.has(MESSAGES) ? MESSAGES : top.has("input") ? "input" : MESSAGES;
        if (member.equals("input") && top.value(member).orElseThrow() instanceof JsonString text) {
            var blocks = Block.text(text.getString()).stream().toList();
            conversation.add(Turn.USER, member, blocks);
        } else {
            conversation.readMessages(top, member);
        }
        conversation.checkEnd(top, member);
        return conversation;
    }

    List<Block> system() {
        return system;
    }

    List<MessagesRequest.Message> messages() {
        return turns.stream().map(Turn::message).toList();
    }

    Set<String> calledTools() {
        return calls.tools();
    }

    /** Whether the model continues its own turn: after the result of a tool, or from the beginning of its text. */
    boolean continuesTurn() {
        return last().isAssistant() || last().hasResults();
    }

    private void readMessages(Members top, String member) throws RefusedException {
        JsonArray messages = top.array(member).orElseThrow(() -> top.refused(member, "is missing."));
        if (messages.isEmpty()) {
            throw top.refused(member, "must not be empty.");
        }
        for (int i = 0; i < messages.size(); i++) {
            var message = top.item(member, messages.get(i), i);
            readMessage(message);
            message.ignoreRest();
        }
        calls.requireResults();
    }

    private void readMessage(Members message) throws RefusedException {
        switch (message.needText("role")) {
            case "system", "developer" -> system.addAll(parts.texts(message));
            case "user" -> add(Turn.USER, message.path("role"), parts.any(message));
            case "assistant" -> assistant(message);
            case "tool" -> result(message, calls.callOfResult(message));
            case "function" -> result(message, calls.callOfNamedResult(message));
            default -> throw message.refused("role", "must be system, developer, user, assistant, tool or function.");
        }
    }

    private void assistant(Members message) throws RefusedException {
        if (turns.isEmpty()) {
            throw message.refused("role", "must not be assistant in the first turn.");
        }
        if (!last().isAssistant()) {
            calls.requireResults();
        }
        if (message.has("audio")) {
            throw message.refused("audio", "is not supported.");
        }
        var blocks = new ArrayList<>(parts.ofAssistant(message));
        message.text("refusal").flatMap(Block::text).ifPresent(blocks::add);
        blocks.addAll(calls.read(message));
        add(Turn.ASSISTANT, message.path("role"), blocks);
    }

    private void result(Members message, String id) throws RefusedException {
        var result = new Block.ToolResult(id, parts.any(message));
        turn(Turn.USER, message.path("role")).addResult(new Block(result));
    }

    private void add(String role, String path, List<Block> blocks) {
        if (!blocks.isEmpty()) {
            blocks.forEach(turn(role, path)::add);
        }
    }

    /** The turn that a message of this role belongs to; the caller adds a block to it. */
    private Turn turn(String role, String path) {
        if (turns.isEmpty() || !last().role().equals(role)) {
            turns.add(new Turn(role, path));
        }
        return last();
    }

    private Turn last() {
        return turns.get(turns.size() - 1);
    }

    private void checkEnd(Members top, String member) throws RefusedException {
        if (turns.isEmpty() && !system.isEmpty()) {
            turns.add(Turn.ofSystem(system, member));
        }
        if (turns.isEmpty()) {
            throw top.refused(member, "must have a message of the user that is not blank.");
        }
        Turn last = last();
        if (last.isAssistant() && !model.prefill()) {
            throw RefusedException.invalid(
                    last.path(), "The model does not go on from a message of the assistant; end with the user's.");
        }
        last.stripEnd();
    }
}
