package dev.warder.json;

import dev.warder.body.Chunks;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The members of a body of the Messages API that decide its cost, apart from the model and {@code max_tokens}. Immutable.
 *
 * @param prompt what decides about the length of the prompt; it has any length where the body continues a thread about which
 *     nothing is known
 * @param cachesForAnHour whether a part of the prompt is to be kept in the cache for an hour
 * @param fast whether {@code speed} asks for the fast mode
 * @param geo the place that {@code inference_geo} asks for; at most 32 characters
 * @param others what may run in addition to the model of the request
 * @param thread the thread that the upstream keeps
 * @param unknown members and types that Warder does not know, at most nine; an empty one stands for any
 * @param billsProfile whether {@code billing_policy} has the customer behind a user profile billed, and not the operator
 */
public record BodyCosts(
        BodyPrompt prompt,
        boolean cachesForAnHour,
        boolean fast,
        Optional<String> geo,
        OtherModels others,
        Optional<BodyThread> thread,
        List<String> unknown,
        boolean billsProfile) {
    public BodyCosts {
        unknown = List.copyOf(unknown);
    }

    public static final BodyCosts NONE = of(BodyPrompt.TEXT);

    /** Those of a body that is not read and whose length is of no use, because it is coded. */
    public static final BodyCosts OF_CODED = of(BodyPrompt.OF_CODED);

    private static BodyCosts of(BodyPrompt prompt) {
        return new BodyCosts(
                prompt, false, false, Optional.empty(), OtherModels.NONE, Optional.empty(), List.of(), false);
    }

    /**
     * These costs after a conversation that the upstream keeps. The body of a request that continues it has no tools: they
     * are those of the request that began it, and so is what follows from them.
     *
     * @param tokens of the conversation
     * @param keeper the name of the credential whose organization keeps it
     * @param began the costs of the request before
     */
    public BodyCosts after(long tokens, String keeper, BodyCosts began) {
        var held = thread.map(each -> new BodyThread(true, each.previousMessageId(), Optional.of(keeper)));
        return new BodyCosts(
                prompt.after(tokens, began.prompt()),
                cachesForAnHour || began.cachesForAnHour,
                fast,
                geo.or(began::geo),
                others.and(began.others),
                held,
                Stream.concat(unknown.stream(), began.unknown.stream())
                        .distinct()
                        .toList(),
                billsProfile);
    }

    /**
     * Whether only the last event of a response reports what it costs: tools that the upstream runs, and models that run in
     * addition, are not counted before. The reason is that of the large holds.
     */
    public boolean areReportedLast() {
        return prompt.mayGrow() || others.runs() > 0;
    }

    public BodyCosts withAnyPrompt() {
        var any = prompt.withKept(BodyPrompt.ANY);
        return new BodyCosts(any, cachesForAnHour, fast, geo, others, thread, unknown, billsProfile);
    }

    /**
     * The models that may run for a request in addition to the one that it asks for. Immutable.
     *
     * @param names the other models that the body names, at most eighteen; an empty name stands for any model
     * @param runs how many more times the upstream may read the prompt and generate a response: once for each of the {@code
     *     fallbacks}, for each compaction, and for a tool with a model
     * @param maxTokens the largest {@code max_tokens} of one of them; 0 where there is none
     */
    public record OtherModels(List<String> names, int runs, long maxTokens) {
        public static final OtherModels NONE = new OtherModels(List.of(), 0, 0);

        OtherModels and(OtherModels more) {
            var all = Stream.concat(names.stream(), more.names.stream())
                    .distinct()
                    .toList();
            return new OtherModels(all, Math.max(runs, more.runs), Math.max(maxTokens, more.maxTokens));
        }

        public OtherModels {
            names = List.copyOf(names);
        }
    }

    /**
     * The bound of a prompt's length by the length of its body. Immutable.
     *
     * @param refersElsewhere whether a part of the prompt is not in the body but in a file or at an address
     * @param grows whether the upstream may add prompts while it responds: by tools that it runs itself, MCP servers or a
     * container
     * @param usesWeb whether the upstream searches the web, fetches from it or calls MCP servers there, by a tool or a source
     * @param hasFile whether a file is in the body that is no image, such as a PDF: its text may be packed
     * @param images how many images are in the body
     * @param imageBytes how many bytes of the body the data of images has, where these are certainly images for the upstream too
     * @param kept tokens of the conversation before, which the upstream keeps; 0 where the body has all of it, {@link #ANY}
     * where it is
     *     not known
     */
    public record BodyPrompt(
            boolean refersElsewhere,
            boolean grows,
            boolean usesWeb,
            boolean hasFile,
            int images,
            long imageBytes,
            long kept) {
        public static final long ANY = Long.MAX_VALUE;

        public static final BodyPrompt TEXT = new BodyPrompt(false, false, false, false, 0, 0, 0);

        /** A body whose length is of no use, because it is coded, and that may therefore hold anything. */
        static final BodyPrompt OF_CODED = new BodyPrompt(true, true, false, false, 0, 0, 0);

        public boolean isUnbounded() {
            return refersElsewhere || grows || kept == ANY;
        }

        public boolean mayGrow() {
            return grows || kept == ANY;
        }

        public BodyPrompt withKept(long tokens) {
            return new BodyPrompt(refersElsewhere, grows, usesWeb, hasFile, images, imageBytes, tokens);
        }

        BodyPrompt after(long tokens, BodyPrompt began) {
            return new BodyPrompt(
                    refersElsewhere,
                    grows || began.grows,
                    usesWeb || began.usesWeb,
                    hasFile,
                    images,
                    imageBytes,
                    tokens);
        }
    }

    /**
     * The member {@code thread} of a message: the API keeps the conversation, and a request that continues it has the new
     * messages only. Immutable.
     *
     * @param continues whether the prompt begins with what the API keeps; false where the thread is to be created
     * @param previousMessageId the response after which it continues; empty where the form is not known
     * @param keeper the name of the credential whose organization keeps it, once that is known
     */
    public record BodyThread(boolean continues, Optional<String> previousMessageId, Optional<String> keeper) {
        /** A thread is created. */
        static final BodyThread CREATED = new BodyThread(false, Optional.empty(), Optional.empty());

        /** A form that is not known: the API may read it as any thread. */
        static final BodyThread UNKNOWN = new BodyThread(true, Optional.empty(), Optional.empty());

        /** The longest member that is read, in bytes; it has two short texts. */
        private static final int LONGEST = 4096;

        private static final String ID = "previous_message_id";
        private static final int LONGEST_ID = 256;

        /** The thread of a body's member. Of doubled names nobody knows which one the API reads. */
        static Optional<BodyThread> of(JsonOutline.Member member, Chunks body) {
            if (member.kind() == JsonKind.ABSENT || member.kind() == JsonKind.NULL) {
                return Optional.empty();
            }
            var thread = member.to() - member.from() > LONGEST
                    ? Optional.<JsonObject>empty()
                    : JsonTree.parseDistinctObject(
                            new String(body.copy(member.from(), member.to()), StandardCharsets.UTF_8));
            return Optional.of(thread.map(BodyThread::of).orElse(UNKNOWN));
        }

        private static BodyThread of(JsonObject thread) {
            var id = JsonTree.findText(thread, ID).filter(text -> text.length() <= LONGEST_ID);
            return switch (JsonTree.text(thread, "type")) {
                case "create" -> id.isPresent() || !thread.containsKey(ID) ? CREATED : UNKNOWN;
                case "continue" -> id.map(BodyThread::after).orElse(UNKNOWN);
                default -> UNKNOWN;
            };
        }

        static BodyThread after(String message) {
            return new BodyThread(true, Optional.of(message), Optional.empty());
        }
    }
}
