package dev.warder.openai.shared;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.stream.MessageReader;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.stream.MessageReader.MessageEvents;
import dev.warder.stream.SseReader.EventTooLargeException;
import dev.warder.stream.Translation.StreamTranslation;
import dev.warder.stream.Usage;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Translates one message of the Messages API to the events of a dialect: an event stream, regardless of how it is cut into
 * pieces, or a whole message. It keeps the usage so far and the reason of the end, so that a subclass knows its dialect only. A
 * stream that breaks, ends early, cannot be read or reports an error ends with an event that reports it.
 *
 * <p>Memory: one event, the output made from the last piece, and {@link #kept}. One thread at a time.
 */
public abstract class MessageTranslation implements MessageEvents, StreamTranslation {
    private enum State {
        AHEAD,
        OPEN,
        ENDED,
        FAILED
    }

    private @Nullable MessageReader reader;
    private State state = State.AHEAD;
    private Usage usage = Usage.NONE;
    private Ending ending = Ending.UNKNOWN;

    /**
     * Translates an event stream that begins now.
     *
     * @param largestEvent bytes of one event ({@code limits.event})
     */
    public final StreamTranslation stream(int largestEvent) {
        reader = new MessageReader(largestEvent, this);
        return this;
    }

    /**
     * Translates a whole message to a document, or to the events of one that an upstream sent where a stream was asked for.
     *
     * @return empty when {@code body} is no message
     */
    public final Optional<byte[]> whole(byte[] body, boolean asEvents) {
        return JsonTree.parseObject(body, 0, body.length)
                .filter(document -> JsonTree.text(document, "type").equals("message")
                        && document.get("content") instanceof JsonArray)
                .map(message -> asEvents ? events(message) : document(message));
    }

    private byte[] events(JsonObject message) {
        message(message);
        return take();
    }

    /** The document that a whole message becomes, without events, in UTF-8. */
    protected abstract byte[] document(JsonObject message);

    /** Reads a whole message as a stream would bring it; no event may precede it. */
    public void message(JsonObject message) {
        start(message);
        int index = 0;
        for (JsonValue block : JsonTree.array(message, "content")) {
            if (block instanceof JsonObject content) {
                wholeBlock(index++, content);
            }
        }
        messageDelta(message, JsonValue.EMPTY_JSON_OBJECT);
        stop();
    }

    protected void wholeBlock(long index, JsonObject block) {
        blockStart(index, block);
    }

    @Override
    public final byte[] feed(byte[] piece) {
        if (!terminated()) {
            try {
                Objects.requireNonNull(reader).feed(piece);
            } catch (EventTooLargeException tooLarge) {
                unusable("The upstream sent an event that is too large.");
            }
        }
        return take();
    }

    @Override
    public final byte[] end() {
        if (!terminated()) {
            Objects.requireNonNull(reader).end();
        }
        if (!terminated()) {
            unusable("The upstream ended the stream early.");
        }
        return take();
    }

    @Override
    public final boolean terminated() {
        return state == State.ENDED || state == State.FAILED;
    }

    @Override
    public final boolean failed() {
        return state == State.FAILED;
    }

    @Override
    public final void start(JsonObject message) {
        usage = usage.with(JsonTree.object(message, "usage"));
        open(JsonTree.text(message, "id"));
    }

    /** Begins and opens the response, unless it has begun. */
    protected final void open(String messageId) {
        if (state == State.AHEAD) {
            create(messageId);
            opened();
        }
    }

    /** Begins the response, unless it has begun. */
    protected final void create(String messageId) {
        if (state == State.AHEAD) {
            state = State.OPEN;
            begin(messageId);
        }
    }

    @Override
    public final void blockStart(long index, JsonObject block) {
        open("");
        ending = ending.withBlock(block);
        begin(index, block);
    }

    /** Some clients cut lines at characters that an upstream may send as they are. */
    @Override
    public final void delta(long index, DeltaKind kind, byte[] bytes, int from, int to) {
        open("");
        if (JsonText.hasLineEnd(bytes, from, to)) {
            byte[] escaped = JsonText.utf8(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            piece(index, kind, escaped, 0, escaped.length);
        } else {
            piece(index, kind, bytes, from, to);
        }
    }

    @Override
    public final void messageDelta(JsonObject delta, JsonObject used) {
        ending = ending.with(delta);
        usage = usage.with(used);
    }

    @Override
    public final void stop() {
        open("");
        end(ending, usage);
        state = State.ENDED;
    }

    @Override
    public final void error(JsonObject event) {
        fail(OpenAiError.of(event), "");
    }

    @Override
    public final void unreadable() {
        unusable("The upstream sent an event that cannot be read.");
    }

    private void unusable(String message) {
        fail(OpenAiError.badGateway(message), "");
    }

    /** @param advice when to try again; may be empty */
    protected final void fail(OpenAiError error, String advice) {
        report(error, advice);
        state = State.FAILED;
    }

    /** @param messageId the upstream's id; empty when it has none */
    protected abstract void begin(String messageId);

    /** The message goes on after {@link #begin}, and has not failed at once. */
    protected void opened() {}

    protected abstract void begin(long index, JsonObject block);

    /** A piece of a block, by the parameters of {@link #delta}. */
    protected abstract void piece(long index, DeltaKind kind, byte[] bytes, int from, int to);

    protected abstract void end(Ending reason, Usage used);

    /** Ends the response with an error at any time, also before {@link #begin}. */
    protected abstract void report(OpenAiError error, String advice);

    /** The bytes written since the last call. The array belongs to the caller. */
    protected abstract byte[] take();

    /**
     * The usage in OpenAI's shape, in tokens, where all tokens of the request count as input, from the cache or not.
     *
     * @param input the dialect's word for the input, which begins the names of members
     * @param output its word for the output
     */
    public static JsonObject tokens(Usage usage, String input, String output) {
        var inputDetails = JsonTree.newObject()
                .add("cached_tokens", usage.cacheRead())
                .add("cache_write_tokens", usage.cacheWritten());
        return JsonTree.newObject()
                .add(input + "_tokens", usage.prompt())
                .add(output + "_tokens", usage.output())
                .add("total_tokens", usage.prompt() + usage.output())
                .add(input + "_tokens_details", inputDetails)
                .add(output + "_tokens_details", JsonTree.newObject().add("reasoning_tokens", usage.thinking()))
                .build();
    }

    /**
     * Why a message ended. Immutable.
     *
     * @param stopReason the API's word; empty when it sent none
     * @param explanation why it was refused; empty when it was not, or the API sends no explanation
     * @param waiting how many uses of the API's own tools have no result
     */
    public record Ending(String stopReason, String explanation, int waiting) {
        public static final Ending UNKNOWN = new Ending("", "", 0);

        private static final String CALLS = "tool_use";

        private static final String PAUSED = "pause_turn";

        /** Updated from a message, or from the delta of a {@code message_delta}; what is missing or null keeps its value. */
        public Ending with(JsonObject update) {
            String reason = JsonTree.text(update, "stop_reason");
            String why = JsonTree.text(JsonTree.object(update, "stop_details"), "explanation");
            return new Ending(reason.isEmpty() ? stopReason : reason, why.isEmpty() ? explanation : why, waiting);
        }

        /** Updated from a block of the message. */
        public Ending withBlock(JsonObject block) {
            return switch (JsonTree.text(block, "type")) {
                case "server_tool_use" -> new Ending(stopReason, explanation, waiting + 1);
                case CALLS, "text", "thinking" -> this;
                default ->
                    waiting > 0 && block.containsKey("tool_use_id")
                            ? new Ending(stopReason, explanation, waiting - 1)
                            : this;
            };
        }

        /**
         * The same where the client goes on with the turn: it has calls to run, and sends the API's tools back with their
         * outputs.
         */
        public Ending handedOver() {
            return calls() ? new Ending(stopReason, explanation, 0) : this;
        }

        public boolean refused() {
            return stopReason.equals("refusal");
        }

        public boolean calls() {
            return stopReason.equals(CALLS);
        }

        /**
         * Why the message is incomplete: {@code max_output_tokens} or the API's word, which is blank where it sent none. Empty
         * for a message that is complete. The API's words are an open set: one that is not known is no proper end. Nor is
         * {@code tool_use} while a tool of the API has no result.
         */
        public Optional<String> incomplete() {
            return switch (stopReason) {
                case "end_turn", "stop_sequence", "refusal" -> Optional.empty();
                case CALLS -> waiting > 0 ? Optional.of(PAUSED) : Optional.empty();
                case "max_tokens", "model_context_window_exceeded" -> Optional.of("max_output_tokens");
                default -> Optional.of(stopReason);
            };
        }

        /** The value of {@code refusal}, which SDKs treat as a separate kind of response. */
        public String refusal() {
            return explanation.isEmpty() ? "The model refused to answer." : explanation;
        }
    }
}
