package dev.warder.edit;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogTest {
    private final ModelCatalog catalog = ModelCatalog.shipped();

    @ParameterizedTest
    @CsvSource({
        "claude-opus-5-5,   adaptive,                  low medium high xhigh max, false, false, false, 128000",
        "claude-fable-5-1,  adaptive,                  low medium high xhigh max, false, false, false, 128000",
        "claude-fable-5-2,  adaptive,                  low medium high xhigh max, false, false, false, 128000",
        "claude-mythos-5-1, adaptive,                  low medium high xhigh max, false, false, false, 128000",
        "claude-mythos-5-2, adaptive,                  low medium high xhigh max, false, false, false, 128000",
        "claude-sonnet-5-5, adaptive between_tools,    low medium high xhigh max, false, false, false, 128000",
        "claude-haiku-5-5,  adaptive disabled,         low medium high xhigh max, true,  false, false, 128000",
        "claude-opus-5,     adaptive disabled,         low medium high xhigh max, true,  false, false, 128000",
        "claude-sonnet-5,   adaptive disabled,         low medium high xhigh max, true,  false, false, 128000",
        "claude-opus-4-8,   adaptive disabled,         low medium high xhigh max, true,  false, false, 128000",
        "claude-opus-4-7,   adaptive disabled,         low medium high xhigh max, true,  false, false, 128000",
        "claude-fable-5,    adaptive,                  low medium high xhigh max, true,  false, false, 128000",
        "claude-mythos-5,   adaptive,                  low medium high xhigh max, true,  false, false, 128000",
        "claude-opus-4-6,   adaptive enabled disabled, low medium high max,       true,  true,  false, 128000",
        "claude-sonnet-4-6, adaptive enabled disabled, low medium high max,       true,  true,  false, 128000",
        "claude-opus-4-5,   enabled disabled,          low medium high,           true,  true,  true,  64000",
        "claude-sonnet-4-5, enabled disabled,          '',                        true,  true,  true,  64000",
        "claude-haiku-4-5,  enabled disabled,          '',                        true,  true,  true,  64000",
    })
    void knowsEveryRow(
            String id, String thinking, String efforts, boolean forced, boolean sampling, boolean prefill, long most) {
        var row = catalog.find(id);
        assertThat(row.thinking()).isEqualTo(words(thinking));
        assertThat(row.efforts()).isEqualTo(words(efforts));
        assertThat(row.forcedTool()).isEqualTo(forced);
        assertThat(row.sampling()).isEqualTo(sampling);
        assertThat(row.prefill()).isEqualTo(prefill);
        assertThat(row.maxTokens()).isEqualTo(most);
        assertThat(row.webSearch()).contains("web_search_20250305");
        assertThat(row.structuredOutputs()).isTrue();
        assertThat(row.forcedToolWithThinking()).isEqualTo(forced && !prefill);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-sonnet-4-5-20250929, claude-sonnet-4-5",
        "claude-sonnet-4-5-latest,   claude-sonnet-4-5",
        "claude-sonnet-4-5@20250929, claude-sonnet-4-5",
        "claude-opus-latest,         claude-opus-5-5",
        "claude-sonnet-4-20250514,   claude-sonnet-4-5",
        "claude-3-5-sonnet-20241022, claude-sonnet-4-5",
        "claude-3-opus-20240229,     claude-opus-4-5",
        "claude-opus-4-1,            claude-opus-4-5",
        "claude-opus-6,              claude-opus-5-5",
        "claude-haiku-5-6,           claude-haiku-5-5",
        "claude-haiku-5,             claude-haiku-5-5",
        "claude-sonnet-5-0,          claude-sonnet-5",
        "claude-nova-9,              claude-opus-5-5",
        "gpt-4o,                     claude-opus-5-5",
    })
    void findsTheNearestRow(String id, String row) {
        assertThat(catalog.find(id)).isEqualTo(catalog.find(row));
    }

    @Test
    void aRowNamesTheSearchTool() {
        var newer = catalog.withRows(json("{'data': [{'id': 'claude-opus-5', 'capabilities': {'web_search': {'type':"
                + " 'web_search_20260209'}}}, {'id': 'claude-sonnet-5', 'capabilities': {'web_search': {}}}]}"));
        assertThat(newer.find("claude-opus-5").webSearch()).contains("web_search_20260209");
        assertThat(newer.find("claude-sonnet-5").webSearch()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5-20251001, 200000",
        "claude-sonnet-4-5, 200000",
        "claude-opus-4-1, 200000",
        "claude-opus-4-6, 1000000",
        "claude-haiku-5-5, 1000000",
        "claude-sonnet-4-5[1m], 1000000",
        "claude-nova-1, 1000000",
        "another, 1000000",
        "'', 1000000",
    })
    void knowsTheLongestPrompts(String id, long most) {
        assertThat(catalog.longestPrompt(id)).isEqualTo(most);
        var small = catalog.withRows(json("{'data': [{'id': 'claude-opus-9', 'max_input_tokens': 5}]}"));
        assertThat(small.longestPrompt(id)).isEqualTo(most);
    }

    /** Such as the largest number of all in place of none. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "0.5", "9223372036854775807", "18446744073709551617", "1e999999999", "'5'", "null"})
    void passesOverLimitsThatNoModelHas(String limit) {
        var more = catalog.withRows(json("{'data': [{'id': 'claude-haiku-4-5', 'max_tokens': " + limit
                + ", 'max_input_tokens': " + limit + "}]}"));
        assertThat(more.find("claude-haiku-4-5").maxTokens()).isEqualTo(64_000);
        assertThat(more.longestPrompt("claude-haiku-4-5")).isEqualTo(200_000);
    }

    @Test
    void takesTheLongestPromptOverItsOwn() {
        var more = catalog.withRows(
                json(
                        "{'data': [{'id': 'claude-haiku-4-5', 'max_input_tokens': 500000}, {'id': 'mine', 'max_input_tokens': 9}]}"));
        assertThat(more.longestPrompt("claude-haiku-4-5")).isEqualTo(500_000);
        assertThat(more.longestPrompt("mine")).isEqualTo(9);
    }

    @Test
    void takesRowsOverItsOwn() {
        var more = catalog.withRows(
                json(
                        "{'data': [{'id': 'claude-opus-5-20260101', 'max_tokens': 7, 'capabilities':"
                                + " {'effort': {'supported': true, 'low': {'supported': true}, 'xhigh': null},"
                                + " 'thinking': {'supported': false, 'types': {'adaptive': {'supported': true}}}}},"
                                + " {'id': 'claude-nova-1', 'capabilities': null, 'max_tokens': 9}, {'id': 'mine', 'max_tokens': 8}, 1]}"));
        var row = more.find("claude-opus-5");
        assertThat(row.maxTokens()).isEqualTo(7);
        assertThat(row.efforts()).containsExactly("low");
        assertThat(row.thinking()).isEmpty();
        assertThat(row.structuredOutputs()).isTrue();
        assertThat(more.find("claude-nova-2").maxTokens()).isEqualTo(9);
        assertThat(more.find("mine").maxTokens()).isEqualTo(8);
        assertThat(catalog.find("claude-opus-5").maxTokens()).isEqualTo(128000);
    }

    @Test
    void letsLaterRowsWin() {
        var upstream = json("{'data': [{'id': 'claude-opus-5', 'max_tokens': 7, 'capabilities':"
                + " {'structured_outputs': {'supported': false}}}]}");
        var operator = json("{'data': [{'ids': ['claude-opus-5'], 'max_tokens': 8}]}");
        var row = catalog.withRows(upstream).withRows(operator).find("claude-opus-5");
        assertThat(row.maxTokens()).isEqualTo(8);
        assertThat(row.structuredOutputs()).isFalse();
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
    }
}
