package dev.warder.openai;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.messages.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes chunks as the frames of an event stream, {@code data: {…}} and an empty line. Each frame is whole; an array that
 * held a large one is released.
 *
 * <p>One thread at a time.
 */
final class ChunkWriter {
    /** The bytes that the array may keep between two pieces of the stream. */
    private static final int KEPT = 8 * 1024;

    private static final int LEAST = 512;
    private static final byte[] NOTHING = {};
    private static final byte[] ERROR = ascii("event: error\ndata: ");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");

    private final String withoutUsage;
    private byte[] buffer = new byte[LEAST];
    private int length;
    private int expected;
    /** The frame up to the elements of {@code choices}, the same in each. */
    private byte[] choices = {};
    /** The frame up to the delta, and what follows it. */
    private byte[] beforeDelta = {};

    private byte[] afterDelta = {};

    /** Writes chunks in which {@code usage} is null if {@code context} asks for usage, because a last chunk reports it. */
    ChunkWriter(ChatContext context) {
        withoutUsage = context.includeUsage() ? ",\"usage\":null}\n\n" : "}\n\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Announces how many upstream bytes follow, so that the output array need not grow step by step. */
    void expect(int bytes) {
        expected = 2 * bytes;
    }

    /** Sets the members that all chunks have from now on. */
    void head(ChatHead head) {
        var members = JsonTree.newObject()
                .add("id", head.id())
                .add("object", "chat.completion.chunk")
                .add("created", head.created())
                .add("model", head.model())
                .build()
                .toString();
        String open = "data: " + members.substring(0, members.length() - 1) + ",\"choices\":[";
        choices = JsonText.utf8(open);
        beforeDelta = JsonText.utf8(open + "{\"index\":0,\"delta\":");
        afterDelta = ascii(",\"logprobs\":null,\"finish_reason\":null}]" + withoutUsage);
    }

    /** A chunk with a piece of text; {@code b} holds its string literal. */
    void piece(DeltaPlace place, byte[] b, int from, int to) {
        add(beforeDelta);
        add(place.before());
        add(b, from, to);
        add(place.after());
        add(afterDelta);
    }

    /** A chunk with this delta. */
    void delta(String json) {
        add(beforeDelta);
        add(JsonText.utf8(json));
        add(afterDelta);
    }

    /** The chunk that states why the response ends. */
    void finish(String reason) {
        add(beforeDelta);
        add(ascii("{},\"logprobs\":null,\"finish_reason\":\"" + reason + "\"}]" + withoutUsage));
    }

    /** The chunk without a choice that reports the usage. */
    void usage(Usage usage) {
        add(choices);
        add(ascii("],\"usage\":" + ChatUsage.json(usage) + "}\n\n"));
    }

    /** Writes the end of the stream, {@code [DONE]}. */
    void done() {
        add(DONE);
    }

    /**
     * Writes an error, JSON on one line. The event has a name, because LangChain4j would otherwise treat what came before
     * as the whole response.
     */
    void error(byte[] json) {
        add(ERROR);
        add(json);
        add(END);
    }

    /** What was written since the last call. */
    byte[] take() {
        if (length == 0) {
            return NOTHING;
        }
        byte[] written = Arrays.copyOf(buffer, length);
        length = 0;
        if (buffer.length > KEPT) {
            buffer = new byte[LEAST];
        }
        return written;
    }

    private void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    private void add(byte[] b, int from, int to) {
        int needed = length + to - from;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, Math.max(expected, 2 * buffer.length)));
        }
        System.arraycopy(b, from, buffer, length, to - from);
        length = needed;
    }
}
