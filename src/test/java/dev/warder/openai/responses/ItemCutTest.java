package dev.warder.openai.responses;

import static dev.warder.openai.chat.Talk.beginText;
import static dev.warder.openai.chat.Talk.beginTool;
import static dev.warder.openai.chat.Talk.end;
import static dev.warder.openai.chat.Talk.event;
import static dev.warder.openai.chat.Talk.input;
import static dev.warder.openai.chat.Talk.start;
import static dev.warder.openai.chat.Talk.stop;
import static dev.warder.openai.chat.Talk.text;
import static dev.warder.openai.chat.Talk.thinking;
import static dev.warder.openai.responses.Items.citation;
import static dev.warder.openai.responses.Items.search;
import static dev.warder.openai.responses.Items.signature;
import static dev.warder.openai.responses.Items.thinkingBlock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.chat.RandomMessage;
import dev.warder.testkit.Turns;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The events are the same for every way of cutting the upstream's bytes. */
@Tag("turn-5")
class ItemCutTest {
    /** Everything that a stream may hold, with characters of each length in UTF-8. */
    private static final String EVERYTHING = ": hello\n\n" + start() + event("ping", "") + thinkingBlock(0)
            + thinking(0, "Hm\u00fc") + signature(0, "c2ln") + stop(0) + search(1, "s", "q\u20ac") + beginText(3)
            + text(3, "Gr\u00fc\u00dfe \u20ac \ud83d\ude00") + text(3, "\n\"\\\u0001") + text(3, "a")
            + text(3, "b").replace("}}", "}    }") + text(3, "c")
            + citation(3, "https://example.com/", "\u00fc") + stop(3) + beginTool(4, "toolu_1", "ns__run")
            + input(4, "") + input(4, "{\"k\":\"\u00e4") + input(4, "\"}") + stop(4)
            + beginTool(5, "toolu_2", "grammar") + input(5, "{\"input\":\"a\\") + input(5, "u00e4\"}") + stop(5)
            + beginTool(6, "toolu_3", "shell") + input(6, "{\"commands\":[]}") + stop(6) + end("tool_use");

    @Test
    void everyCutGivesTheSameEvents() {
        byte[] bytes = EVERYTHING.getBytes(StandardCharsets.UTF_8);
        byte[] whole = Items.translated(Items.FULL, bytes);
        assertThat(ItemFrames.of(whole).output()).hasSize(7);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Items.translated(Items.FULL, bytes, cut))
                    .as("cut at " + cut)
                    .isEqualTo(whole);
        }
        assertThat(piecewise(bytes, () -> 1)).isEqualTo(whole);
    }

    /** The second of two deltas looks like the first one, but ends within its data. */
    @Test
    void everyCutFindsAnEventThatEndsWithinItsData() {
        String first = text(0, "a").replace(",\"index\"", ",\ndata: \"index\"");
        String second = first.replace("\ndata: \"index\"", "\n\"index\"");
        byte[] bytes = (start() + beginText(0) + text(0, "x") + first + second + stop(0) + end("end_turn"))
                .getBytes(StandardCharsets.UTF_8);
        byte[] whole = Items.translated(Items.FULL, bytes);
        assertThat(new String(whole, StandardCharsets.UTF_8)).contains("response.failed");
        assertThat(piecewise(bytes, () -> 1)).isEqualTo(whole);
    }

    @Test
    void randomPiecesOfRandomMessagesGiveTheSameEvents() {
        for (int seed = 0; seed < Turns.of(60, 300); seed++) {
            var random = new Random(seed);
            byte[] bytes = new RandomMessage(seed).events().getBytes(StandardCharsets.UTF_8);
            byte[] whole = Items.translated(Items.FULL, bytes);
            assertThat(piecewise(bytes, () -> 1 + random.nextInt(200)))
                    .as("seed " + seed)
                    .isEqualTo(whole);
        }
    }

    private static byte[] piecewise(byte[] bytes, IntSupplier lengths) {
        var stream = Items.stream(Items.FULL);
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + lengths.getAsInt());
            out.writeBytes(stream.feed(Arrays.copyOfRange(bytes, at, to)));
            at = to;
        }
        out.writeBytes(stream.end());
        return out.toByteArray();
    }
}
