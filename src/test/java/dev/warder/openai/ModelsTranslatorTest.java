package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.edit.ListedModels;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTranslatorTest {
    private static final String OPUS =
            "{\"type\":\"model\",\"id\":\"claude-opus-5-5\",\"display_name\":\"Claude Opus 5.5\","
                    + "\"created_at\":\"2026-10-21T00:00:00Z\",\"max_tokens\":128000}";

    /** Byte for byte: members, their order and the escapes, half a surrogate pair included. */
    @Test
    void sendsTheseBytes() {
        assertThat(text(ModelsTranslator.list(page(""), models(Map.of()), name -> true)))
                .isEqualTo("{\"object\":\"list\",\"data\":[]}");
        String odd =
                "{\"id\":\"a/b\\u0000\\ud83d\",\"display_name\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u007f\u2028\u00fc\ud83d\ude00\"}";
        assertThat(text(ModelsTranslator.list(
                        page(OPUS + "," + odd), models(Map.of("gpt-4o", "claude-opus-5-5")), name -> true)))
                .isEqualTo("{\"object\":\"list\",\"data\":["
                        + "{\"id\":\"claude-opus-5-5\",\"object\":\"model\",\"created\":1792540800,"
                        + "\"owned_by\":\"anthropic\",\"type\":\"model\",\"display_name\":\"Claude Opus 5.5\"},"
                        + "{\"id\":\"a/b\\u0000\\ud83d\",\"object\":\"model\",\"created\":0,"
                        + "\"owned_by\":\"anthropic\",\"type\":\"model\","
                        + "\"display_name\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f\u007f\\u2028\u00fc\ud83d\ude00\"},"
                        + "{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":1792540800,"
                        + "\"owned_by\":\"anthropic\",\"type\":\"model\",\"display_name\":\"Claude Opus 5.5\"}]}");
        assertThat(text(ModelsTranslator.one("gpt-4o", models(Map.of()), OPUS.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":1792540800,"
                        + "\"owned_by\":\"anthropic\",\"type\":\"model\",\"display_name\":\"Claude Opus 5.5\"}");
    }

    @Test
    void listsAnAliasOfAModelThatTheUpstreamDoesNotListAndNoneTwice() {
        var data =
                list(page(OPUS + "," + OPUS), Map.of("claude-opus-5-5", "claude-haiku-5-5", "mine", "claude-secret"));
        assertThat(ids(data)).containsExactly("claude-opus-5-5", "mine");
        assertThat(data.get(1).getInt("created")).isZero();
        assertThat(data.get(1).getString("display_name")).isEqualTo("mine");
    }

    /** As in the list of the Messages API. */
    @Test
    void listsAnAliasAsItsModelWithADate() {
        var dated = OPUS.replace("claude-opus-5-5", "claude-opus-5-5-20261021");
        var data = list(page(dated), Map.of("strong", "claude-opus-5-5"));
        assertThat(data.get(1).getInt("created")).isEqualTo(1_792_540_800);
    }

    @Test
    void listsNoModelWithoutAnId() {
        byte[] page = page("1,{},{\"id\":null},{\"id\":7},{\"id\":\"\"},null,[]," + OPUS);
        assertThat(ids(list(page, Map.of()))).containsExactly("claude-opus-5-5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "\"\"", "\"soon\"", "\"2026-10-21\""})
    void tellsAModelOfWhichNoDateIsKnown(String date) {
        String model = OPUS.replace("\"2026-10-21T00:00:00Z\"", date);
        assertThat(list(page(model), Map.of()).get(0).getInt("created")).isZero();
    }

    /** In place of what the upstream says of a model, and of the one that an alias stands for. */
    @Test
    void showsWhatTheOperatorWroteOfIt() {
        var models = new ListedModels(
                Map.of("claude-fast", "claude-opus-5-5"),
                Map.of(
                        "claude-fast",
                                JsonTree.newObject()
                                        .add("description", "For a review.")
                                        .build(),
                        "claude-opus-5-5",
                                JsonTree.newObject()
                                        .add("display_name", "Opus of ours")
                                        .build()));
        var list = Talk.object(text(ModelsTranslator.list(page(OPUS), models, name -> true)));
        assertThat(list.getJsonArray("data").toString())
                .contains("\"display_name\":\"Opus of ours\"}")
                .contains("\"display_name\":\"Claude Opus 5.5\",\"description\":\"For a review.\"}");
        assertThat(text(ModelsTranslator.one("claude-fast", models, OPUS.getBytes(StandardCharsets.UTF_8))))
                .endsWith("\"description\":\"For a review.\"}");
    }

    private static ListedModels models(Map<String, String> aliases) {
        return new ListedModels(aliases, Map.of());
    }

    private static String text(Optional<byte[]> body) {
        return new String(body.orElseThrow(), StandardCharsets.UTF_8);
    }

    private static byte[] page(String models) {
        return ("{\"data\":[" + models + "],\"has_more\":false}").getBytes(StandardCharsets.UTF_8);
    }

    private static List<JsonObject> list(byte[] page, Map<String, String> aliases) {
        var list = Talk.object(text(ModelsTranslator.list(page, models(aliases), name -> true)));
        assertThat(list.getString("object")).isEqualTo("list");
        return list.getJsonArray("data").stream().map(JsonValue::asJsonObject).toList();
    }

    private static List<String> ids(List<JsonObject> data) {
        return data.stream().map(model -> model.getString("id")).toList();
    }
}
