package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sets the cache breakpoints of a request, as many as the API accepts. The latest of the client's {@code
 * prompt_cache_breakpoint}s come first. A client that names its prompt for the cache has others set where places are left:
 * after each of the user's last two turns, the system prompt and the tools. One thread at a time.
 */
public final class PromptCache {
    public static final String KEY = "prompt_cache_key";

    private static final String BREAKPOINT = "prompt_cache_breakpoint";
    private static final String OPTIONS = "prompt_cache_options";
    private static final String MODE = "mode";
    private static final String EXPLICIT = "explicit";
    private static final String CACHE = "cache_control";

    /** The mark of a breakpoint in OpenAI's form: this object itself, as a client may write the same in the API's form. */
    private static final JsonObject MARK = JsonTree.typed("ephemeral").build();

    private static final int MOST = 4;
    private static final int TURNS = 2;

    /** The client's breakpoints and the others that may still be set, from the end of the request to its beginning. */
    private long own;

    private long others;

    private PromptCache(long own, long others) {
        this.own = own;
        this.others = others;
    }

    static Optional<JsonObject> read(Members part) throws RefusedException {
        var own = part.json(CACHE);
        var breakpoint = part.object(BREAKPOINT);
        boolean explicit =
                breakpoint.isPresent() && breakpoint.get().text(MODE).orElse("").equals(EXPLICIT);
        if (own.isPresent() || !explicit) {
            part.ignore(BREAKPOINT);
            return own;
        }
        breakpoint.get().ignoreRest();
        return Optional.of(MARK);
    }

    /** Lists the breakpoint of a part that makes no block. */
    static void ignore(Members part) throws RefusedException {
        part.ignore(CACHE);
        part.ignore(BREAKPOINT);
    }

    public static MessagesRequest mark(MessagesRequest request, Members top) throws RefusedException {
        boolean named = top.text(KEY).filter(key -> !key.isEmpty()).isPresent();
        var options = top.object(OPTIONS);
        if (options.isPresent()) {
            named &= !options.get().text(MODE).orElse("").equals(EXPLICIT);
            options.get().ignoreRest();
        }
        long clients = marks(request).filter(mark -> mark != MARK).count();
        if (clients > 0) {
            named = false;
            top.ignore(KEY);
            top.ignore(OPTIONS);
        }
        long set = marks(request).count() - clients;
        if (!named && clients + set <= MOST) {
            return request;
        }
        long kept = Math.min(set, Math.max(0, (named ? MOST - 1 : MOST) - clients));
        return new PromptCache(kept, named ? MOST - kept : 0).marked(request);
    }

    private static Stream<JsonObject> marks(MessagesRequest request) {
        var blocks = Stream.concat(
                marks(request.system()), request.messages().stream().flatMap(turn -> marks(turn.blocks())));
        return Stream.concat(blocks, request.tools().tools().stream().flatMap(tool -> tool.cacheControl().stream()));
    }

    private static Stream<JsonObject> marks(List<Block> blocks) {
        return blocks.stream()
                .flatMap(block -> Stream.concat(
                        block.cacheControl().stream(),
                        block.content() instanceof Block.ToolResult result ? marks(result.blocks()) : Stream.empty()));
    }

    private MessagesRequest marked(MessagesRequest request) {
        var messages = turns(request.messages());
        var system = blocks(request.system(), true);
        return new MessagesRequest(
                request.model(),
                request.stream(),
                system,
                messages,
                tools(request.tools()),
                request.reasoning(),
                request.schema(),
                request.sampling(),
                request.userId(),
                request.serviceTier());
    }

    /** Only turns of the user get others: a turn of the model may end with thinking, which takes no breakpoint. */
    private List<MessagesRequest.Message> turns(List<MessagesRequest.Message> messages) {
        var marked = new ArrayList<>(messages);
        int left = TURNS;
        for (int i = marked.size() - 1; i >= 0; i--) {
            var turn = marked.get(i);
            boolean user = turn.role().equals(Turn.USER) && left-- > 0;
            marked.set(i, new MessagesRequest.Message(turn.role(), blocks(turn.blocks(), user)));
        }
        return marked;
    }

    private List<Block> blocks(List<Block> blocks, boolean end) {
        var marked = new ArrayList<>(blocks);
        for (int i = marked.size() - 1; i >= 0; i--) {
            marked.set(i, block(marked.get(i), end && i == marked.size() - 1));
        }
        return marked;
    }

    private Block block(Block block, boolean end) {
        var before = block.cacheControl();
        boolean mark = before.isPresent() ? before.get() == MARK && own-- > 0 : end && others-- > 0;
        var content = block.content() instanceof Block.ToolResult result
                ? new Block.ToolResult(result.callId(), blocks(result.blocks(), false))
                : block.content();
        return new Block(content, mark ? Optional.of(MARK) : before.filter(set -> set != MARK));
    }

    private ToolPlan tools(ToolPlan plan) {
        if (plan.tools().isEmpty() || others <= 0) {
            return plan;
        }
        List<Tool> marked = new ArrayList<>(plan.tools());
        int last = marked.size() - 1;
        marked.set(last, marked.get(last).marked(MARK));
        return new ToolPlan(marked, plan.choice(), plan.single(), plan.forced(), plan.unwrappedTool());
    }
}
