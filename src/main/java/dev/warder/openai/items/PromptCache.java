package dev.warder.openai.items;

import dev.warder.json.JsonTree;
import dev.warder.openai.messages.Block;
import dev.warder.openai.messages.MessagesRequest;
import dev.warder.openai.messages.Tool;
import dev.warder.openai.messages.ToolPlan;
import dev.warder.openai.messages.Turn;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets the cache breakpoints of a request whose client names its prompt for the cache: after the tools, the system prompt and
 * each of the user's last two turns. These are as many as the API accepts. Thread-safe.
 */
final class PromptCache {
    private static final JsonObject MARK = JsonTree.typed("ephemeral").build();
    private static final int TURNS = 2;

    private PromptCache() {}

    /** The same request with breakpoints, unless the client set its own. */
    static MessagesRequest mark(MessagesRequest request) {
        if (isMarked(request)) {
            return request;
        }
        return new MessagesRequest(
                request.model(),
                request.stream(),
                lastMarked(request.system()),
                turns(request.messages()),
                tools(request.tools()),
                request.reasoning(),
                request.schema(),
                request.sampling(),
                request.userId(),
                request.serviceTier());
    }

    private static boolean isMarked(MessagesRequest request) {
        return request.system().stream().anyMatch(PromptCache::isMarked)
                || request.tools().tools().stream()
                        .anyMatch(tool -> tool.cacheControl().isPresent())
                || request.messages().stream()
                        .flatMap(turn -> turn.blocks().stream())
                        .anyMatch(PromptCache::isMarked);
    }

    private static boolean isMarked(Block block) {
        boolean inside = block.content() instanceof Block.ToolResult result
                && result.blocks().stream().anyMatch(PromptCache::isMarked);
        return inside || block.cacheControl().isPresent();
    }

    /** Only turns of the user: a turn of the model may end with thinking, which takes no breakpoint. */
    private static List<MessagesRequest.Message> turns(List<MessagesRequest.Message> messages) {
        var marked = new ArrayList<>(messages);
        int left = TURNS;
        for (int i = marked.size() - 1; i >= 0 && left > 0; i--) {
            var turn = marked.get(i);
            if (turn.role().equals(Turn.USER)) {
                marked.set(i, new MessagesRequest.Message(turn.role(), lastMarked(turn.blocks())));
                left--;
            }
        }
        return marked;
    }

    private static List<Block> lastMarked(List<Block> blocks) {
        if (blocks.isEmpty()) {
            return blocks;
        }
        var marked = new ArrayList<>(blocks);
        int last = marked.size() - 1;
        marked.set(last, marked.get(last).marked(MARK));
        return marked;
    }

    private static ToolPlan tools(ToolPlan plan) {
        if (plan.tools().isEmpty()) {
            return plan;
        }
        List<Tool> marked = new ArrayList<>(plan.tools());
        int last = marked.size() - 1;
        marked.set(last, marked.get(last).marked(MARK));
        return new ToolPlan(marked, plan.choice(), plan.single(), plan.forced(), plan.unwrappedTool());
    }
}
