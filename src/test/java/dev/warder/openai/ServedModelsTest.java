package dev.warder.openai;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelMap;
import dev.warder.config.Sources;
import dev.warder.edit.ModelAliases;
import dev.warder.edit.ModelSettings;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ServedModelsTest {
    private final AtomicReference<ModelMap> models = new AtomicReference<>(map(""));
    private final AtomicReference<JsonObject> rows = new AtomicReference<>(JsonValue.EMPTY_JSON_OBJECT);
    private final AtomicReference<ModelAliases> aliases = new AtomicReference<>(aliases(""));
    private final ServedModels served = new ServedModels(
            new OpenAiSettings(true, models::get, 100_000, true, List.of(), rows::get),
            new ModelSettings(aliases::get));

    @Test
    void translatesByTheShippedRowsAtFirst() {
        assertThat(maxTokens("claude-opus-4-5")).isEqualTo(64_000);
        assertThat(maxTokens("claude-opus-5")).isEqualTo(100_000);
    }

    @Test
    void keepsTheTranslationUntilSomethingHasChanged() {
        var first = served.chatRequest();
        assertThat(served.chatRequest()).isSameAs(first);
        models.set(map("gpt-4o=claude-opus-5"));
        var second = served.chatRequest();
        assertThat(second).isNotSameAs(first);
        assertThat(served.chatRequest()).isSameAs(second);
    }

    @Test
    void followsTheOperatorsModels() {
        models.set(map("gpt-4o=claude-opus-4-5"));
        assertThat(maxTokens("gpt-4o")).isEqualTo(64_000);
        assertThat(served.listed().aliases()).containsExactly(entry("gpt-4o", "claude-opus-4-5"));
        models.set(map("*4o=claude-opus-5; gpt-4o=claude-opus-4-5; o3=*"));
        assertThat(served.listed().aliases()).containsExactly(entry("gpt-4o", "claude-opus-5"), entry("o3", "o3"));
    }

    @Test
    void putsTheUpstreamsWordOverTheShippedRowsAndTheOperatorsOverThat() {
        served.update(json(
                "{'data': [{'id': 'claude-opus-5', 'max_tokens': 7}, {'id': 'claude-sonnet-5', 'max_tokens': 8}]}"));
        assertThat(maxTokens("claude-opus-5")).isEqualTo(7);
        assertThat(maxTokens("claude-sonnet-5")).isEqualTo(8);
        rows.set(row("claude-opus-5", 9));
        assertThat(maxTokens("claude-opus-5")).isEqualTo(9);
        assertThat(maxTokens("claude-sonnet-5")).isEqualTo(8);
        served.update(row("claude-opus-5", 5));
        assertThat(maxTokens("claude-opus-5")).isEqualTo(9);
        assertThat(maxTokens("claude-sonnet-5")).isEqualTo(100_000);
        rows.set(JsonValue.EMPTY_JSON_OBJECT);
        assertThat(maxTokens("claude-opus-5")).isEqualTo(5);
    }

    @Test
    void looksAtTheSharedAliasesBeforeClaudesNames() {
        models.set(map("fast=claude-opus-4-5"));
        aliases.set(aliases("fast=claude-opus-5; slow=claude-opus-4-5; claude-mine=claude-opus-4-5; s*=x"));
        assertThat(maxTokens("fast")).isEqualTo(64_000);
        assertThat(maxTokens("slow[1m]")).isEqualTo(64_000);
        assertThat(maxTokens("claude-mine")).isEqualTo(64_000);
        assertThat(served.listed().aliases())
                .containsExactly(
                        entry("fast", "claude-opus-4-5"),
                        entry("slow", "claude-opus-4-5"),
                        entry("claude-mine", "claude-opus-4-5"));
        var before = served.chatRequest();
        aliases.set(aliases("fast=claude-opus-5"));
        assertThat(served.chatRequest()).isNotSameAs(before);
    }

    @Test
    void knowsTheLongestPromptOfEachModel() {
        assertThat(served.longestPrompt("claude-haiku-4-5")).isEqualTo(200_000);
        served.update(json("{'data': [{'id': 'claude-haiku-4-5', 'max_input_tokens': 500000}]}"));
        assertThat(served.longestPrompt("claude-haiku-4-5")).isEqualTo(500_000);
        assertThat(served.longestPrompt("")).isEqualTo(1_000_000);
    }

    private int maxTokens(String model) {
        var request = json("{'model': '" + model + "', 'messages': [{'role': 'user', 'content': 'hi'}]}");
        return ChatSample.translated(served.chatRequest(), request).message().getInt("max_tokens");
    }

    private static JsonObject row(String id, int maxTokens) {
        return json("{'data': [{'id': '" + id + "', 'max_tokens': " + maxTokens + "}]}");
    }

    private static ModelAliases aliases(String entries) {
        return (entries.isEmpty() ? new Sources() : Sources.with("models.aliases", entries))
                .read()
                .models()
                .aliases()
                .get();
    }

    private static ModelMap map(String entries) {
        try {
            return ModelMap.parse(entries, Optional.empty());
        } catch (InvalidValueException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
