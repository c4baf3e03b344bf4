package dev.warder.openai.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Collects one turn of a conversation, from one message or several in a row. Results of tools come before all other
 * content, as the API requires. One thread at a time.
 */
public final class Turn {
    public static final String USER = "user";
    public static final String ASSISTANT = "assistant";

    private final String role;
    private final String path;
    private final List<Block> results = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();

    public Turn(String role, String path) {
        this.role = role;
        this.path = path;
    }

    /** The user's turn of a conversation that has system texts only, which it takes out of {@code system}. */
    public static Turn ofSystem(List<Block> system, String path) {
        var turn = new Turn(USER, path);
        turn.blocks.addAll(system);
        system.clear();
        return turn;
    }

    public String role() {
        return role;
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

    public boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** The first block other than a result; there has to be one. */
    public Block first() {
        return blocks.get(0);
    }

    /** The last block other than a result; there has to be one. */
    public Block last() {
        return blocks.get(blocks.size() - 1);
    }

    /** Removes the last block other than a result; there has to be one. */
    public void removeLast() {
        blocks.remove(blocks.size() - 1);
    }

    public boolean has(Predicate<Block> kind) {
        return blocks.stream().anyMatch(kind);
    }

    /** Removes these very blocks. */
    public void removeAll(Set<Block> dropped) {
        blocks.removeIf(dropped::contains);
    }

    public void add(Block block) {
        blocks.add(block);
    }

    public void addResult(Block block) {
        results.add(block);
    }

    /** Cuts white space off the end of an assistant's last text, which the API refuses as the beginning of a response. */
    public void stripEnd() {
        int last = blocks.size() - 1;
        if (isAssistant() && blocks.get(last).content() instanceof Block.Text text) {
            var stripped = new Block.Text(text.text().stripTrailing());
            blocks.set(last, new Block(stripped, blocks.get(last).cacheControl()));
        }
    }

    public MessagesRequest.Message message() {
        var all = new ArrayList<>(results);
        all.addAll(blocks);
        return new MessagesRequest.Message(role, all);
    }
}
