package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import dev.warder.openai.chat.Block;
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
    private static final Set<String> SEARCHES = Set.of(SEARCH, RESULT);

    private final ReasoningSeal seal;
    private long searches;

    ReasoningItems(ReasoningSeal seal) {
        this.seal = seal;
    }

    /** The blocks of an item; none if its content has no effect. */
    List<Block> read(Members item) throws RefusedException {
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
                .filter(block -> type(block).equals(SEARCH))
                .count();
        return blocks.get().stream()
                .map(block -> new Block(new Block.Raw(block)))
                .toList();
    }

    /** How many searches of the web the blocks have. */
    long searches() {
        return searches;
    }

    /** Whether a block is thinking, shown or redacted. */
    static boolean isThinking(Block block) {
        return block.content() instanceof Block.Raw raw && THINKING.contains(type(raw.json()));
    }

    /** Whether a block is a search of the web or the result of one. */
    static boolean isSearch(Block block) {
        return search(block).or(() -> result(block)).isPresent();
    }

    /** The id of a search of the web that a block begins. */
    static Optional<String> search(Block block) {
        return member(block, SEARCH, "id");
    }

    /** The id of the search whose result a block is. */
    static Optional<String> result(Block block) {
        return member(block, RESULT, "tool_use_id");
    }

    private static Optional<String> member(Block block, String type, String name) {
        return block.content() instanceof Block.Raw raw && type(raw.json()).equals(type)
                ? Optional.of(JsonTree.text(raw.json(), name))
                : Optional.empty();
    }

    private static boolean isPacked(JsonObject block) {
        return THINKING.contains(type(block)) || SEARCHES.contains(type(block));
    }

    private static String type(JsonObject block) {
        return JsonTree.findText(block, "type").orElse("");
    }
}
