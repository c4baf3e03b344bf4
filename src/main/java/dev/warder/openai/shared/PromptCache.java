package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.MessagesRequest.Prompt;
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
        var own = part.json(Blocks.CACHE);
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
        part.ignore(Blocks.CACHE);
        part.ignore(BREAKPOINT);
    }

    public static Prompt mark(Prompt prompt, Members top) throws RefusedException {
        boolean named = top.text(KEY).filter(key -> !key.isEmpty()).isPresent();
        named &= !top.read(OPTIONS, options -> options.text(MODE).orElse("")).equals(Optional.of(EXPLICIT));
        long clients = marks(prompt).filter(mark -> mark != MARK).count();
        if (clients > 0) {
            named = false;
            top.ignore(KEY);
            top.ignore(OPTIONS);
        }
        long set = marks(prompt).count() - clients;
        if (!named && clients + set <= MOST) {
            return prompt;
        }
        long kept = Math.min(set, Math.max(0, (named ? MOST - 1 : MOST) - clients));
        return new PromptCache(kept, named ? MOST - kept : 0).marked(prompt);
    }

    private static Stream<JsonObject> marks(Prompt prompt) {
        var turns = prompt.messages().stream().flatMap(turn -> marks(content(turn)));
        return Stream.of(marks(prompt.system()), turns, marks(prompt.tools().tools()))
                .flatMap(marks -> marks);
    }

    private static Stream<JsonObject> marks(List<JsonObject> blocks) {
        return blocks.stream()
                .flatMap(block -> Stream.concat(Blocks.mark(block).stream(), marks(Blocks.within(block))));
    }

    private static List<JsonObject> content(JsonObject turn) {
        return JsonTree.array(turn, "content").getValuesAs(JsonObject.class);
    }

    private Prompt marked(Prompt prompt) {
        var messages = turns(prompt.messages());
        return new Prompt(blocks(prompt.system(), true), messages, tools(prompt.tools()));
    }

    /** Only turns of the user get others: a turn of the model may end with thinking, which takes no breakpoint. */
    private List<JsonObject> turns(List<JsonObject> messages) {
        var marked = new ArrayList<>(messages);
        int left = TURNS;
        for (int i = marked.size() - 1; i >= 0; i--) {
            var turn = marked.get(i);
            boolean user = JsonTree.text(turn, "role").equals(Turn.USER) && left-- > 0;
            marked.set(i, Blocks.withContent(turn, blocks(content(turn), user)));
        }
        return marked;
    }

    private List<JsonObject> blocks(List<JsonObject> blocks, boolean end) {
        var marked = new ArrayList<>(blocks);
        for (int i = marked.size() - 1; i >= 0; i--) {
            marked.set(i, block(marked.get(i), end && i == marked.size() - 1));
        }
        return marked;
    }

    private JsonObject block(JsonObject block, boolean end) {
        var before = Blocks.mark(block);
        boolean isOwn = before.isPresent() && before.get() == MARK;
        boolean mark = before.isPresent() ? isOwn && own-- > 0 : end && others-- > 0;
        var content = Blocks.withContent(block, blocks(Blocks.within(block), false));
        return isOwn && !mark
                ? JsonTree.newObject(content).remove(Blocks.CACHE).build()
                : Blocks.marked(content, mark ? Optional.of(MARK) : Optional.empty());
    }

    private ToolPlan tools(ToolPlan plan) {
        if (plan.tools().isEmpty() || others <= 0) {
            return plan;
        }
        List<JsonObject> marked = new ArrayList<>(plan.tools());
        int last = marked.size() - 1;
        marked.set(last, Blocks.marked(marked.get(last), Optional.of(MARK)));
        return plan.with(marked, plan.names());
    }
}
