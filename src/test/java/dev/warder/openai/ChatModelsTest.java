package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatModelsTest {
    private static final String OPUS =
            "{\"type\":\"model\",\"id\":\"claude-opus-5-5\",\"display_name\":\"Claude Opus 5.5\","
                    + "\"created_at\":\"2026-10-21T00:00:00Z\",\"max_tokens\":128000}";

    @Test
    void gathersAllPagesAndAppendsAliases() {
        var models = new ChatModels();
        assertThat(models.add(page(OPUS, true, "claude-opus-5-5"))).contains("limit=1000&after_id=claude-opus-5-5");
        assertThat(models.add(page(OPUS.replace("opus", "haiku"), false, "claude-haiku-5-5")))
                .isEmpty();
        var data = list(models, Map.of("gpt-4o", "claude-opus-5-5"));
        assertThat(ids(data)).containsExactly("claude-opus-5-5", "claude-haiku-5-5", "gpt-4o");
        assertThat(data.get(2))
                .isEqualTo(Talk.object("{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":1792540800,"
                        + "\"owned_by\":\"anthropic\",\"type\":\"model\",\"display_name\":\"Claude Opus 5.5\"}"));
    }

    @Test
    void listsAnAliasOfAModelThatTheUpstreamDoesNotListAndNoneTwice() {
        var models = new ChatModels();
        models.add(page(OPUS, false, "x"));
        var data = list(models, Map.of("claude-opus-5-5", "claude-haiku-5-5", "mine", "claude-secret"));
        assertThat(ids(data)).containsExactly("claude-opus-5-5", "mine");
        assertThat(data.get(1).getInt("created")).isZero();
        assertThat(data.get(1).getString("display_name")).isEqualTo("mine");
    }

    @Test
    void asksForNoPageTwice() {
        var models = new ChatModels();
        models.add(page(OPUS, true, "a b&c"));
        assertThat(models.add(page(OPUS, true, "claude-opus-5-5"))).isEmpty();
        assertThat(new ChatModels().add(page(OPUS, true, "a b&c"))).contains("limit=1000&after_id=a%20b%26c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"data\":[1],\"has_more\":\"yes\"}",
                "{\"data\":[],\"has_more\":true}"
            })
    void listsNothingOfWhatIsNoPage(String page) {
        var models = new ChatModels();
        assertThat(models.add(page.getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(list(models, Map.of())).isEmpty();
    }

    @Test
    void tellsOneModelUnderTheNameThatWasAskedFor() {
        var model = Talk.object(new String(
                ChatModels.one("gpt-4o", OPUS.getBytes(StandardCharsets.UTF_8)).orElseThrow(), StandardCharsets.UTF_8));
        assertThat(model.getString("id")).isEqualTo("gpt-4o");
        assertThat(model.getString("object")).isEqualTo("model");
        assertThat(model.getInt("created")).isEqualTo(1_792_540_800);
    }

    @Test
    void asksForNoMoreThanSomePages() {
        var models = new ChatModels();
        int pages = 1;
        while (models.add(page(OPUS.replace("opus", "opus-" + pages), true, "x"))
                .isPresent()) {
            pages++;
            assertThat(pages).isLessThanOrEqualTo(100);
        }
        assertThat(list(models, Map.of())).hasSize(pages);
    }

    @Test
    void listsNoModelWithoutAnId() {
        var models = new ChatModels();
        models.add(page("{},{\"id\":null},{\"id\":7},{\"id\":\"\"},null,[]," + OPUS, false, "x"));
        assertThat(ids(list(models, Map.of()))).containsExactly("claude-opus-5-5");
    }

    @Test
    void keepsOddIdsAndNames() {
        String odd = "a/b \u00fc\u2028\ud83d\ude00";
        var models = new ChatModels();
        models.add(page("{\"id\":" + Talk.quoted(odd) + ",\"display_name\":" + Talk.quoted(odd) + "}", false, "x"));
        assertThat(list(models, Map.of()).get(0).getString("id")).isEqualTo(odd);
        assertThat(list(models, Map.of()).get(0).getString("display_name")).isEqualTo(odd);
        assertThat(new ChatModels().add(page(OPUS, true, odd)))
                .contains("limit=1000&after_id=a%2Fb%20%C3%BC%E2%80%A8%F0%9F%98%80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"\"", "\"soon\"", "\"2026-10-21\""})
    void tellsAModelOfWhichNoDateIsKnown(String date) {
        String model = OPUS.replace("\"2026-10-21T00:00:00Z\"", date);
        var models = new ChatModels();
        models.add(page(model, false, "x"));
        assertThat(list(models, Map.of()).get(0).getInt("created")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"id\":7}", "{\"type\":\"error\",\"error\":{}}"})
    void tellsNothingOfWhatIsNoModel(String body) {
        assertThat(ChatModels.one("gpt-4o", body.getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    private static byte[] page(String models, boolean more, String last) {
        String page =
                "{\"data\":[" + models + "],\"has_more\":" + more + ",\"first_id\":\"x\",\"last_id\":\"" + last + "\"}";
        return page.getBytes(StandardCharsets.UTF_8);
    }

    private static List<JsonObject> list(ChatModels models, Map<String, String> aliases) {
        var list = Talk.object(new String(models.list(aliases), StandardCharsets.UTF_8));
        assertThat(list.getString("object")).isEqualTo("list");
        return list.getJsonArray("data").stream().map(JsonValue::asJsonObject).toList();
    }

    private static List<String> ids(List<JsonObject> data) {
        return data.stream().map(model -> model.getString("id")).toList();
    }
}
