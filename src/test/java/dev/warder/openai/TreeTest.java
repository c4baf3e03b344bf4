package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.Chunks;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": 1, \"\\u0061\": 1}",
                "{\"b\": [{\"a\": {}, \"a\": null}]}",
                "{\"a\": 1e99999999999}",
                "{\"a\": 1E-99999999999}",
            })
    void readsNothingOfWhatItCouldNotKeep(String text) {
        assertThat(Tree.parse(text)).isEmpty();
    }

    @Test
    void readsNothingOfWhatIsTooDeep() {
        assertThat(Tree.parse("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}"))
                .isEmpty();
    }

    @Test
    void readsNothingThatWouldFillTheMemory() {
        assertThat(Tree.parse(body("{\"a\":[" + "1,".repeat(ValueCount.MOST - 3) + "1]}")))
                .isEmpty();
        var most = Tree.parse(body("{\"a\":[" + "1,".repeat(ValueCount.MOST - 4) + "1]}"));
        assertThat(most.orElseThrow().getJsonArray("a")).hasSize(ValueCount.MOST - 3);
    }

    @Test
    void readsABodyAsItsText() {
        assertThat(Tree.parse(body("{\"a\":\"\u00e4\"}"))).isEqualTo(Tree.parse("{\"a\":\"\u00e4\"}"));
        assertThat(Tree.parse(body("{\"a\":1,\"a\":1}"))).isEmpty();
        assertThat(Tree.parse(body("{} {}"))).isEmpty();
    }

    private static Chunks body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var body = new Chunks();
        body.append(bytes, 0, bytes.length);
        return body;
    }

    @Test
    void readsNumbersAsTheyAre() {
        String text = "{\"a\":1.50,\"b\":9007199254740993,\"c\":1E+9,\"d\":1e-400}";
        assertThat(Tree.parse(text).orElseThrow().toString().toLowerCase(java.util.Locale.ROOT))
                .isEqualTo(text.toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void readsMoreThanTheParsersOwnLimit() {
        String text = "x".repeat(16 << 20);
        assertThat(Tree.parse("{\"a\":\"" + text + "\"}").orElseThrow().getString("a"))
                .isEqualTo(text);
    }
}
