package dev.warder.openai.responses;

import static dev.warder.openai.responses.RandomItemsTest.output;
import static dev.warder.openai.responses.RandomItemsTest.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.chat.Talk;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeItemsTest {
    private static final String CITED =
            """
            {"type":"text","text":"A.","citations":[{"type":"web_search_result_location","url":"u","title":"t"},\
            {"type":"char_location","cited_text":"no"}]}""";

    @Test
    void writesBlocksAsAStreamWould() {
        var whole = whole(
                Items.FULL,
                message(
                        """
                        {"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"redacted_thinking","data":"x"},\
                        {"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},\
                        {"type":"web_search_tool_result","tool_use_id":"s","content":[]},"""
                                + CITED
                                + ",{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"grammar\",\"input\":{\"input\":\"a\\nb\"}}"));
        ItemFrames.validated(whole);
        assertThat(output(whole))
                .extracting(item -> item.getString("type"))
                .containsExactly(
                        "reasoning", "reasoning", "web_search_call", "reasoning", "message", "custom_tool_call");
        assertThat(output(whole).get(5).getString("input")).isEqualTo("a\nb");
        assertThat(output(whole).get(4).getJsonArray("content").getJsonObject(0).getJsonArray("annotations"))
                .hasSize(1);
        assertThat(Items.SEAL
                        .open(output(whole).get(0).getString("encrypted_content"))
                        .orElseThrow())
                .containsExactly(Talk.object("{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"c2ln\"}"));
        assertThat(whole.getInt("completed_at")).isEqualTo(1_800_000_007);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"type\":\"error\"}", "{\"type\":\"message\",\"content\":\"Hi\"}", "{\"type\":"
            })
    void returnsNothingForABodyThatIsNoMessage(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertThat(Items.response(Items.FULL).whole(bytes)).isEmpty();
        assertThat(Items.response(Items.FULL).events(bytes)).isEmpty();
    }

    private static JsonObject message(String blocks) {
        return Talk.object("{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[" + blocks
                + "],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":5}}");
    }
}
