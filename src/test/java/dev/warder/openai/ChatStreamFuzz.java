package dev.warder.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A translated stream is made of well-formed frames with one end, wherever the upstream's stream is cut. */
public final class ChatStreamFuzz {
    private static final int LIMIT = 1 << 16;

    private ChatStreamFuzz() {}

    /** The first byte is the length of the pieces; the rest is a stream, and a whole response too. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0 || data.length > LIMIT) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        byte[] whole = translated(stream, stream.length + 1);
        var frames = ChatFrames.of(whole);
        frames.chunks();
        check(frames.data().stream().filter("[DONE]"::equals).count() <= 1, "two ends");
        check(joined(whole).equals(joined(translated(stream, 1 + (data[0] & 0xff)))), "depends on the cut");
        Talk.response(Talk.PLAIN)
                .whole(stream, false)
                .ifPresent(completion -> ChatFrames.json(new String(completion, UTF_8)));
    }

    private static byte[] translated(byte[] bytes, int piece) {
        return Talk.translated(Talk.response(Talk.PLAIN).stream(LIMIT), bytes, piece);
    }

    /** Everything but how the text is cut into chunks. */
    private static String joined(byte[] stream) {
        var frames = ChatFrames.of(stream);
        return frames.joined("content")
                + '\0'
                + frames.joined("reasoning_content")
                + '\0'
                + frames.arguments(0)
                + '\0'
                + frames.finishReasons()
                + frames.done();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
