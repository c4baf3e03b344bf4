package dev.warder.openai.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Chunks;
import dev.warder.json.JsonTree;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestDocumentTest {
    @Test
    void readsNothingThatWouldFillTheMemory() {
        assertThat(RequestDocument.parse(body("{\"a\":[" + "1,".repeat(ValueCount.MOST - 3) + "1]}")))
                .isEmpty();
        var most = RequestDocument.parse(body("{\"a\":[" + "1,".repeat(ValueCount.MOST - 4) + "1]}"));
        assertThat(most.orElseThrow().getJsonArray("a")).hasSize(ValueCount.MOST - 3);
    }

    @Test
    void readsABodyAsItsText() {
        assertThat(RequestDocument.parse(body("{\"a\":\"\u00e4\"}")))
                .isEqualTo(JsonTree.parseDistinctObject("{\"a\":\"\u00e4\"}"));
        assertThat(RequestDocument.parse(body("{\"a\":1,\"a\":1}"))).isEmpty();
        assertThat(RequestDocument.parse(body("{} {}"))).isEmpty();
    }

    private static Chunks body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var body = new Chunks();
        body.append(bytes, 0, bytes.length);
        return body;
    }
}
