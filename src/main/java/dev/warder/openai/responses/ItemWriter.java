package dev.warder.openai.responses;

import dev.warder.http.ErrorReply;
import dev.warder.http.Fields;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.Output.EventName;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.openai.shared.MessageTranslation.Ending;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.openai.shared.Pieces;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Translates a message to the events of a response. It keeps the output, which the last event repeats. One that fails ends with
 * {@code response.failed}.
 *
 * <p>One thread at a time.
 */
public final class ItemWriter extends MessageTranslation {
    private final String model;
    private final EchoedMembers echo;
    private final InstantSource clock;
    private final Instant created;
    private final Output output = new Output();
    private final ItemBlocks blocks;
    private String id;
    private ResponseEnd outcome = ResponseEnd.begun(EventName.CREATED);

    /**
     * Begins the response now, and keeps no part of the request's document.
     *
     * @param seal packs {@code encrypted_content}
     * @param clock gives the times at which the response begins and is complete
     * @param id identifies the response when the message has no id, without a prefix
     */
    public ItemWriter(
            ResponsesContext context, ReasoningSeal seal, EchoedMembers echo, InstantSource clock, String id) {
        this.model = context.requestedModel();
        this.echo = echo;
        this.clock = clock;
        this.created = clock.instant();
        this.blocks = new ItemBlocks(context, seal, output);
        this.id = id;
    }

    /** The bytes of the output so far, and of what else is kept until the end. */
    @Override
    public long kept() {
        return terminated() ? 0 : echo.kept() + output.kept() + blocks.kept();
    }

    @Override
    public void message(JsonObject message) {
        blocks.expect(JsonTree.array(message, "content"));
        super.message(message);
    }

    @Override
    protected byte[] document(JsonObject message) {
        output.mute(true);
        message(message);
        return response(outcome, output.json()).bytes();
    }

    @Override
    protected void wholeBlock(long index, JsonObject block) {
        super.wholeBlock(index, block);
        blockStop(index);
    }

    /** The bytes that were written since the last call; the output is released with the last event. */
    @Override
    protected byte[] take() {
        if (terminated()) {
            output.clear();
        }
        return output.take();
    }

    @Override
    public byte[] whileSilent() {
        create("");
        if (!terminated()) {
            opened();
        }
        return take();
    }

    @Override
    public Optional<byte[]> failure(ErrorReply reply) {
        if (!terminated()) {
            fail(OpenAiError.of(reply), advice(reply));
        }
        return Optional.of(take());
    }

    private static String advice(ErrorReply reply) {
        return Fields.find(reply.fields(), "retry-after")
                .map(ResponseEnd::tryAgain)
                .orElse("");
    }

    @Override
    protected void begin(String messageId) {
        id = (messageId.isEmpty() ? id : messageId).replaceFirst("^msg_", "");
        output.identify(id);
        write(ResponseEnd.begun(EventName.CREATED));
    }

    @Override
    protected void opened() {
        write(ResponseEnd.begun(EventName.IN_PROGRESS));
    }

    private void write(ResponseEnd state) {
        if (!output.isMuted()) {
            var items = state.isBegun() ? new Pieces() : output.json();
            output.begin(state.event())
                    .add(",\"response\":")
                    .add(response(state, items))
                    .end();
        }
    }

    private Pieces response(ResponseEnd state, Pieces items) {
        String completed = state.isCompleted() ? Long.toString(clock.instant().getEpochSecond()) : "null";
        return new Pieces("{\"id\":" + JsonText.quote("resp_" + id) + ",\"object\":\"response\",\"created_at\":"
                        + created.getEpochSecond() + ",\"status\":\"" + state.status() + "\",\"completed_at\":"
                        + completed + ",\"error\":" + state.error() + ",\"incomplete_details\":" + state.details()
                        + ",\"model\":" + JsonText.quote(model) + ",")
                .add(echo.json())
                .add("\"output\":[")
                .add(items)
                .add("],\"usage\":" + state.usage() + "}");
    }

    @Override
    protected void begin(long index, JsonObject block) {
        blocks.begin(index, block);
    }

    @Override
    protected void piece(long index, DeltaKind kind, byte[] bytes, int from, int to) {
        blocks.piece(index, kind, bytes, from, to);
    }

    @Override
    public void citation(long index, JsonObject citation) {
        blocks.citation(index, citation);
    }

    @Override
    public void blockStop(long index) {
        blocks.stop(index);
    }

    @Override
    protected void end(Ending reason, Usage used) {
        var ending = blocks.handOver() ? reason.handedOver() : reason;
        if (ending.refused()) {
            blocks.refuse(ending.refusal());
        }
        blocks.endAll(ending.incomplete().isPresent() ? Item.Status.INCOMPLETE : Item.Status.COMPLETED);
        outcome = ResponseEnd.of(ending, used);
        write(outcome);
    }

    /** Items that did not end are in the last event only. */
    @Override
    protected void report(OpenAiError error, String advice) {
        create("");
        blocks.endStopped();
        output.mute(true);
        blocks.endAll(Item.Status.INCOMPLETE);
        output.mute(false);
        write(ResponseEnd.failed(error, advice));
    }

    /**
     * How a response ends: the event that ends it, and the members of the response object that depend on it. Immutable.
     *
     * @param status the value of {@code status}
     * @param error an object, or null
     * @param details {@code incomplete_details}, an object or null
     * @param usage an object, or null
     */
    private record ResponseEnd(EventName event, String status, JsonValue error, JsonValue details, JsonValue usage) {
        private static final String SERVER_ERROR = "server_error";

        /** Clients wait before they try again. */
        private static final String RATE_LIMIT = "rate_limit_exceeded";

        private static final Set<String> KNOWN = Set.of("insufficient_quota", RATE_LIMIT, "context_length_exceeded");

        /** An error in the upstream's stream has no time. */
        private static final String DEFAULT_SECONDS = "10";

        static ResponseEnd begun(EventName event) {
            return new ResponseEnd(event, "in_progress", JsonValue.NULL, JsonValue.NULL, JsonValue.NULL);
        }

        static ResponseEnd of(Ending ending, Usage usage) {
            var tokens = MessageTranslation.tokens(usage, "input", "output");
            var reason = ending.incomplete();
            if (reason.isPresent()) {
                var details = JsonTree.newObject();
                reason.filter(word -> !word.isEmpty()).ifPresent(word -> details.add("reason", word));
                return new ResponseEnd(EventName.INCOMPLETE, "incomplete", JsonValue.NULL, details.build(), tokens);
            }
            return new ResponseEnd(EventName.COMPLETED, "completed", JsonValue.NULL, JsonValue.NULL, tokens);
        }

        /**
         * The response failed.
         *
         * @param advice the words of {@link #tryAgain}; may be empty
         */
        static ResponseEnd failed(OpenAiError failure, String advice) {
            String code = code(failure);
            boolean needsTime = advice.isEmpty() && code.equals(RATE_LIMIT);
            var error = JsonTree.newObject()
                    .add("code", code)
                    .add("message", failure.message() + (needsTime ? tryAgain(DEFAULT_SECONDS) : advice))
                    .build();
            return new ResponseEnd(EventName.FAILED, "failed", error, JsonValue.NULL, JsonValue.NULL);
        }

        /**
         * The words in which Codex reads the time of its next try; without them it ends at a rate limit.
         *
         * @param seconds a number
         */
        static String tryAgain(String seconds) {
            return " Please try again in " + seconds + "s.";
        }

        boolean isBegun() {
            return event == EventName.CREATED || event == EventName.IN_PROGRESS;
        }

        boolean isCompleted() {
            return event == EventName.COMPLETED;
        }

        /**
         * The {@code error.code}, by which clients decide whether they send the request again. The schema has few codes: other errors are those
         * of the server, except a request that fails each time.
         */
        private static String code(OpenAiError error) {
            if (error.code().isEmpty()) {
                return error.type().equals("invalid_request_error") ? "invalid_prompt" : SERVER_ERROR;
            }
            return KNOWN.contains(error.code().get()) ? error.code().get() : SERVER_ERROR;
        }
    }
}
