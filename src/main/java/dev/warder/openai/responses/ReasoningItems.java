package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads items {@code reasoning}: the blocks that an earlier response packed into {@code encrypted_content}. Content that
 * another provider made, or that was changed, has no effect and is listed. One thread at a time.
 */
final class ReasoningItems {
    private static final String CONTENT = "encrypted_content";
    private static final String SEARCH = "server_tool_use";
    private static final Set<String> THINKING = Set.of("thinking", "redacted_thinking");
    private static final String RESULT = "web_search_tool_result";

    private final ReasoningSeal seal;
    private long searches;

    ReasoningItems(ReasoningSeal seal) {
        this.seal = seal;
    }

    /** The blocks of an item; none if its content has no effect. */
    List<JsonObject> read(Members item) throws RefusedException {
        // The client's copy of the text: the blocks have it too.
        item.value("summary");
        item.value("content");
        var sealed = item.text(CONTENT);
        if (sealed.isEmpty()) {
            item.list("reasoning");
            return List.of();
        }
        var blocks = seal.open(sealed.get())
                .map(array -> array.getValuesAs(JsonObject.class))
                .filter(found -> found.stream().allMatch(ReasoningItems::isPacked));
        if (blocks.isEmpty()) {
            item.ignore(CONTENT);
            return List.of();
        }
        searches += blocks.get().stream()
                .filter(block -> Blocks.type(block).equals(SEARCH))
                .count();
        return blocks.get();
    }

    /** How many searches of the web the blocks have. */
    long searches() {
        return searches;
    }

    /** Whether a block is thinking, shown or redacted. */
    static boolean isThinking(JsonObject block) {
        return THINKING.contains(Blocks.type(block));
    }

    /** Whether a block is a search of the web or the result of one. */
    static boolean isSearch(JsonObject block) {
        return search(block).or(() -> result(block)).isPresent();
    }

    /** The id of a search of the web that a block begins. */
    static Optional<String> search(JsonObject block) {
        return member(block, SEARCH, "id");
    }

    /** The id of the search whose result a block is. */
    static Optional<String> result(JsonObject block) {
        return member(block, RESULT, "tool_use_id");
    }

    private static Optional<String> member(JsonObject block, String type, String name) {
        return Blocks.type(block).equals(type) ? Optional.of(JsonTree.text(block, name)) : Optional.empty();
    }

    private static boolean isPacked(JsonObject block) {
        return isThinking(block) || isSearch(block);
    }
}
