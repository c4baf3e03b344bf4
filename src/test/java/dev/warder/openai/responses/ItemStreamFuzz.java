package dev.warder.openai.responses;

import dev.warder.openai.ChatFrames;
import dev.warder.openai.Talk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A translated stream is made of well-formed events with one end, wherever the upstream's stream is cut. */
public final class ItemStreamFuzz {
    private static final int LIMIT = 1 << 16;

    private ItemStreamFuzz() {}

    /** The first byte is the length of the pieces; the rest is a stream, and a whole response too. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0 || data.length > LIMIT) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        byte[] whole = translated(stream, stream.length + 1);
        var events = ItemFrames.framed(whole).events();
        long ends = events.stream().filter(ItemFrames::isEnd).count();
        check(ends == 1 && ItemFrames.isEnd(events.get(events.size() - 1)), "not one end");
        check(Arrays.equals(whole, translated(stream, 1 + (data[0] & 0xff))), "depends on the cut");
        Items.response(Items.FULL)
                .whole(stream, false)
                .ifPresent(response -> ChatFrames.json(new String(response, StandardCharsets.UTF_8)));
    }

    private static byte[] translated(byte[] bytes, int piece) {
        return Talk.translated(Items.response(Items.FULL).stream(LIMIT), bytes, piece);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
