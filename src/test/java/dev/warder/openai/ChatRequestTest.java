package dev.warder.openai;

import static dev.warder.openai.ChatSample.OLD;
import static dev.warder.openai.ChatSample.OPUS;
import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.ChatSample.refusalWith;
import static dev.warder.openai.ChatSample.translated;
import static dev.warder.openai.ChatSample.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.ErrorType;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.openai.shared.ResponseFormat;
import dev.warder.testkit.EachRow;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All members of a request except messages and tools (rule "Translated requests"). */
class ChatRequestTest {
    private static final String SCHEMA = "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'city',"
            + " 'description': 'd', 'strict': true, 'schema': {'type': 'object', 'properties': {'a': {'type': 'string',"
            + " 'minLength': 1}}, 'required': ['a']}}}";

    @EachRow({
        "'max_tokens': 5 | 5 | ``",
        "'max_completion_tokens': 6 | 6 | ``",
        "'max_completion_tokens': 6, 'max_tokens': 5 | 5 | max_completion_tokens",
        "'max_completion_tokens': null, 'max_tokens': 5.0 | 5 | ``",
        "'max_tokens': 1e9 | 64000 | ``",
        "'max_tokens': 1e99 | 64000 | ``",
        "'max_tokens': 100e2147483647 | 64000 | ``",
        "'max_completion_tokens': 1e2147483647 | 64000 | ``",
        "'max_tokens': 5, 'top_k': 100e2147483647 | 5 | ``",
        "'max_tokens': 5, 'top_p': 100e-2147483647 | 5 | ``",
        "'n': 1 | 4096 | ``",
    })
    void t08LimitsTheTokens(String members, long maxTokens, String ignored) {
        var result = with(OLD, members);
        assertThat(result.message().getJsonNumber("max_tokens").longValueExact())
                .isEqualTo(maxTokens);
        assertThat(String.join(",", result.ignored())).isEqualTo(ignored);
    }

    @EachRow({
        "claude-sonnet-4-5 | 'temperature': 1.7 | {'temperature': 1} | ``",
        "claude-sonnet-4-5 | 'temperature': 1.0 | {'temperature': 1} | ``",
        "claude-sonnet-4-5 | 'temperature': 0 | {'temperature': 0} | ``",
        "claude-sonnet-4-5 | 'temperature': null | {} | ``",
        "claude-sonnet-4-5 | 'top_p': 0.5, 'top_k': 3 | {'top_p': 0.5, 'top_k': 3} | ``",
        "claude-sonnet-4-5 | 'temperature': 5e-1, 'top_k': 4e1, 'n': 1e0 | {'temperature': 0.5, 'top_k': 40} |" + " ``",
        "claude-sonnet-4-5 | 'top_p': 1.0, 'top_k': 1e400 | {'top_p': 1.0, 'top_k': 2147483647} | ``",
        "claude-opus-4-6 | 'temperature': 0.25, 'top_p': 0.5 | {'temperature': 0.25} | top_p",
        "claude-opus-4-7 | 'temperature': 1, 'top_p': 0.5, 'top_k': 3 | {} | temperature,top_k,top_p",
        "claude-opus-5-5 | 'temperature': 1 | {} | temperature",
        "claude-haiku-5-5 | 'top_p': 1 | {} | top_p",
        "claude-sonnet-4-5 | 'temperature': 1, 'thinking': {'type': 'enabled', 'budget_tokens': 1024} | {} |"
                + " temperature",
        "claude-sonnet-4-5 | 'temperature': 1, 'thinking': {'type': 'disabled'} | {'temperature': 1} | ``",
    })
    void t09AndT10SampleAsTheModelTakesIt(String model, String members, String expected, String ignored) {
        var result = with(model, members);
        assertThat(String.join(",", result.ignored())).isEqualTo(ignored);
        for (String name : new String[] {"temperature", "top_p", "top_k"}) {
            assertThat(result.message().get(name)).isEqualTo(json(expected).get(name));
        }
    }

    @EachRow({
        "'x' | ['x'] | ``",
        "['x', 'y '] | ['x', 'y '] | ``",
        "['\\n', 'x'] | ['x'] | stop",
    })
    void t11StopsAtTheSequences(String stop, String sequences, String ignored) {
        var result = with(OPUS, "'stop': " + stop);
        assertJson(result.message().get("stop_sequences"), sequences);
        assertThat(String.join(",", result.ignored())).isEqualTo(ignored);
    }

    @Test
    void t11LeavesBlankSequencesOut() {
        var result = with(OPUS, "'stop': ' '");
        assertThat(result.message()).doesNotContainKey("stop_sequences");
        assertThat(result.ignored()).containsExactly("stop");
    }

    @Test
    void t12HashesTheUser() {
        String hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
        assertJson(with(OPUS, "'user': 'secret'").message().get("metadata"), "{'user_id': '" + hash + "'}");
        var both = with(OPUS, "'user': 'secret', 'safety_identifier': 'b'");
        assertJson(both.message().get("metadata"), "{'user_id': '" + hash + "'}");
        assertThat(both.ignored()).containsExactly("safety_identifier");
        var identifier = with(OPUS, "'safety_identifier': 'secret', 'user': ''");
        assertJson(identifier.message().get("metadata"), "{'user_id': '" + hash + "'}");
        assertThat(identifier.ignored()).containsExactly("user");
    }

    @Test
    void t13StreamsWithUsageWhenAsked() {
        var plain = with(OPUS, "");
        assertThat(plain.message()).doesNotContainKey("stream");
        assertThat(plain.context())
                .isEqualTo(new ChatContext(
                        OPUS, false, false, true, Optional.empty(), false, Set.of(), PropertyNames.NONE));
        var stream =
                with(OPUS, "'stream': true, 'stream_options': {'include_usage': true, 'include_obfuscation': false}");
        assertThat(stream.message().getBoolean("stream")).isTrue();
        assertThat(stream.context().stream()).isTrue();
        assertThat(stream.context().includeUsage()).isTrue();
        assertThat(stream.ignored()).containsExactly("include_obfuscation");
        var options = with(OPUS, "'stream': false, 'stream_options': {'include_usage': true}");
        assertThat(options.context().includeUsage()).isFalse();
        assertThat(options.ignored()).containsExactly("stream_options");
    }

    @Test
    void t27AsksForOneObjectByALine() {
        var result = with(OPUS, "'response_format': {'type': 'json_object'}");
        assertJson(result.message().get("system"), "[{'type': 'text', 'text': '" + ResponseFormat.JSON_LINE + "'}]");
        assertThat(result.context().unwrappedTool()).isEmpty();
    }

    @Test
    void t27SendsTheSchemaClosed() {
        var result = with(OPUS, SCHEMA + ", 'reasoning_effort': 'high'");
        assertJson(
                result.message().get("output_config"),
                "{'effort': 'high', 'format': {'type': 'json_schema', 'schema': {'type': 'object', 'properties': {'a':"
                        + " {'type': 'string', 'description': '{minLength: 1}'}}, 'required': ['a'], 'description': 'd',"
                        + " 'additionalProperties': false}}}");
        assertThat(result.message()).doesNotContainKeys("tools", "tool_choice", "system");
    }

    @Test
    void t27ForcesAToolWhereTheModelHasNoStructuredOutputs() {
        var result = without(OLD, SCHEMA);
        assertJson(
                result.message().get("tools"),
                "[{'name': 'city', 'description': 'Gives the answer in the form that was asked for.', 'input_schema':"
                        + " {'type': 'object', 'properties': {'a': {'type': 'string', 'minLength': 1}},"
                        + " 'required': ['a'], 'description': 'd'}}]");
        assertJson(
                result.message().get("tool_choice"),
                "{'type': 'tool', 'name': 'city', 'disable_parallel_tool_use': true}");
        assertThat(result.context().unwrappedTool()).contains("city");
    }

    /** Structured outputs would return {@code {"scores":{}}}. */
    @Test
    void t27AToolTakesASchemaThatStructuredOutputsWouldNarrow() {
        String schema =
                "{'type': 'object', 'properties': {'scores': {'type': 'object', 'additionalProperties': {'type':"
                        + " 'integer'}}}}";
        String format = "'response_format': {'type': 'json_schema', 'json_schema': {'name': 's', 'schema': " + schema;
        var result = with("claude-opus-5", format + "}}");
        assertJson(result.message().getJsonArray("tools").getJsonObject(0).get("input_schema"), schema);
        assertThat(result.message()).doesNotContainKey("output_config");
        assertThat(result.context().unwrappedTool()).contains("s");
        assertThat(result.ignored()).isEmpty();
        String param = "response_format.json_schema.schema";
        assertThat(refusalWith(OPUS, format + "}}").param())
                .as("a tool cannot be forced")
                .contains(param);
        assertThat(refusalWith("claude-opus-5", format + ", 'strict': true}}").param())
                .contains(param);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'type': 'array', 'items': {'type': 'object'}", "'anyOf': [{'type': 'object'}]"})
    void t27ASchemaThatNoToolCanHaveIsRefused(String schema) {
        assertThat(refusalWith(
                                "claude-opus-5",
                                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 's', 'schema': {"
                                        + schema + "}}}")
                        .param())
                .contains("response_format.json_schema.schema");
    }

    @Test
    void t27LetsTheModelCallAToolOrAnswer() {
        var result = without(OLD, SCHEMA + ", 'tools': [{'function': {'name': 'city'}}]");
        assertJson(result.message().get("tool_choice"), "{'type': 'any', 'disable_parallel_tool_use': true}");
        assertThat(result.context().unwrappedTool()).contains("city_");
        var forced = without(OLD, SCHEMA + ", 'tools': [{'function': {'name': 'f'}}], 'tool_choice': 'required'");
        assertThat(forced.context().unwrappedTool()).isEmpty();
        assertThat(forced.ignored()).containsExactly("response_format", "strict");
    }

    @EachRow({
        "claude-opus-5-5 | minimal | {'effort': 'low'} | -",
        "claude-opus-5-5 | xhigh | {'effort': 'xhigh'} | -",
        "claude-opus-5-5 | max | {'effort': 'max'} | -",
        "claude-haiku-5-5 | none | - | {'type': 'disabled'}",
        "claude-opus-4-6 | medium | {'effort': 'medium'} | -",
        "claude-opus-4-6 | xhigh | {'effort': 'high'} | -",
        "claude-opus-4-5 | xhigh | {'effort': 'high'} | -",
        "claude-opus-4-5 | max | {'effort': 'high'} | -",
        "claude-opus-4-5 | none | - | {'type': 'disabled'}",
        "claude-sonnet-4-5 | none | - | {'type': 'disabled'}",
        "claude-sonnet-4-5 | low | - | {'type': 'enabled', 'budget_tokens': 1024}",
        "claude-haiku-4-5 | high | - | {'type': 'enabled', 'budget_tokens': 16384}",
    })
    void t28ThinksAsTheModelCan(String model, String effort, String config, String thinking) {
        var result = with(model, "'reasoning_effort': '" + effort + "'");
        var message = result.message();
        assertThat(message.get("output_config")).isEqualTo(config.equals("-") ? null : json(config));
        assertThat(message.get("thinking")).isEqualTo(thinking.equals("-") ? null : json(thinking));
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void t28GivesNoBudgetThatTheModelHasNoRoomFor() {
        var result =
                with("{'id': 'claude-haiku-4-5', 'max_tokens': 1024}", "claude-haiku-4-5", "'reasoning_effort': 'low'");
        assertThat(result.message()).doesNotContainKey("thinking");
        assertThat(result.message().getInt("max_tokens")).isEqualTo(1024);
        assertThat(result.ignored()).containsExactly("reasoning_effort");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model': 'claude-sonnet-4-5', 'reasoning_effort': 'low', 'tools': [{'function': {'name': 'f'}}],"
                        + " 'tool_choice': 'required', 'messages': [{'role': 'user', 'content': 'u'}]}",
                "{'model': 'claude-sonnet-4-5', 'reasoning_effort': 'low', 'messages': [{'role': 'user', 'content':"
                        + " 'u'}, {'role': 'assistant', 'content': 'a'}]}",
                "{'model': 'claude-sonnet-4-5', 'reasoning_effort': 'low', 'tools': [{'function': {'name': 'f'}}],"
                        + " 'messages': [{'role': 'user', 'content': 'u'}, {'role': 'assistant', 'tool_calls': [{'id':"
                        + " 'a', 'function': {'name': 'f'}}]}, {'role': 'tool', 'tool_call_id': 'a', 'content': 'r'}]}",
            })
    void t28GivesNoBudgetWhereTheApiRefusesOne(String request) {
        var result = translated(request);
        assertThat(result.ignored()).containsExactly("reasoning_effort");
        assertThat(result.message()).doesNotContainKey("thinking");
    }

    @Test
    void passesThinkingAsItIs() {
        var result = with("claude-opus-4-6", "'thinking': {'type': 'adaptive', 'x': 1}, 'reasoning_effort': 'low'");
        assertJson(result.message().get("thinking"), "{'type': 'adaptive', 'x': 1}");
        assertJson(result.message().get("output_config"), "{'effort': 'low'}");
        assertThat(with(OLD, "'thinking': {'type': 'disabled'}, 'reasoning_effort': 'low'")
                        .ignored())
                .containsExactly("reasoning_effort");
    }

    @ParameterizedTest
    @CsvSource({"xhigh, high", "max, high", "medium, medium"})
    void asksForNoHighestEffortWhereThinkingIsOff(String said, String effort) {
        var result = with("claude-opus-5", "'thinking': {'type': 'disabled'}, 'reasoning_effort': '" + said + "'");
        assertJson(result.message().get("output_config"), "{'effort': '" + effort + "'}");
    }

    @ParameterizedTest
    @CsvSource({"low, medium, reasoning_effort", "medium, medium, ''", "high, medium, ''", "max, xhigh, ''"})
    void takesTheNextLowerEffortOfAModelOrListsIt(String said, String effort, String ignored) {
        String rows = "{'id': 'claude-opus-9', 'capabilities': {'effort': {'medium': {'supported': true}, 'xhigh':"
                + " {'supported': true}}}}";
        var result = with(rows, "claude-opus-9", "'reasoning_effort': '" + said + "'");
        assertJson(result.message().get("output_config"), "{'effort': '" + effort + "'}");
        assertThat(String.join(",", result.ignored())).isEqualTo(ignored);
    }

    @Test
    void t27KeepsBothDescriptionsAndListsTheName() {
        var result = with(
                OPUS,
                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'description': 'outer',"
                        + " 'schema': {'description': 'inner', 'type': 'object', 'properties': {'a': {}}}}}");
        assertThat(result.message()
                        .getJsonObject("output_config")
                        .getJsonObject("format")
                        .getJsonObject("schema")
                        .getString("description"))
                .isEqualTo("outer\n\ninner");
        assertThat(result.ignored()).containsExactly("name");
    }

    @Test
    void t27ListsWhatIsSaidOfNoSchema() {
        var result = with(
                OPUS,
                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'description': 'd', 'strict':"
                        + " true}}");
        assertThat(result.ignored()).containsExactly("description", "name", "strict");
    }

    @Test
    void t29ListsWhatHasNoEffect() {
        var result = with(
                OPUS,
                "'seed': 1, 'frequency_penalty': 0, 'presence_penalty': 1, 'logit_bias': {}, 'store': false,"
                        + " 'metadata': {'a': 'b'}, 'prediction': {}, 'verbosity': 'low', 'moderation': {},"
                        + " 'prompt_cache_retention': '24h', 'unheard_of': 1, 'logprobs': false,"
                        + " 'top_logprobs': 0, 'n': 1, 'modalities': ['text'], 'audio': null");
        assertThat(result.ignored())
                .containsExactly(("frequency_penalty logit_bias metadata moderation prediction "
                                + "presence_penalty prompt_cache_retention seed store unheard_of verbosity")
                        .split(" "));
        assertThat(result.message().keySet()).containsExactlyInAnyOrder("model", "max_tokens", "messages");
    }

    @EachRow({
        "'n': 0 | n",
        "'n': 'x' | n",
        "'top_logprobs': 2 | top_logprobs",
        "'audio': {} | audio",
        "'modalities': ['text', 'audio'] | modalities",
        "'web_search_options': {} | web_search_options",
        "'max_tokens': 0 | max_tokens",
        "'max_completion_tokens': 1.5 | max_completion_tokens",
        "'temperature': 'hot' | temperature",
        "'temperature': -1 | temperature",
        "'top_k': 1.5 | top_k",
        "'top_k': -1 | top_k",
        "'top_p': -1e-400 | top_p",
        "'max_tokens': 1e-400 | max_tokens",
        "'max_tokens': -1e400 | max_tokens",
        "'max_tokens': -100e2147483647 | max_tokens",
        "'max_tokens': 0e2147483647 | max_tokens",
        "'max_tokens': 100e-2147483647 | max_tokens",
        "'n': 100e2147483647 | n",
        "'top_logprobs': 100e2147483647 | top_logprobs",
        "'temperature': 100e2147483647 | temperature",
        "'n': 1.0000000000000000000001 | n",
        "'temperature': 2.1 | temperature",
        "'top_p': 1.1 | top_p",
        "'stop': 1 | stop",
        "'stop': [1] | stop",
        "'stream': 1 | stream",
        "'stream_options': true | stream_options",
        "'user': 1 | user",
        "'service_tier': 1 | service_tier",
        "'thinking': 'on' | thinking",
        "'reasoning_effort': 'enormous' | reasoning_effort",
        "'response_format': 'json' | response_format",
        "'response_format': {'type': 'xml'} | response_format.type",
        "'response_format': {'type': 'json_schema'} | response_format.json_schema",
        "'response_format': {'type': 'json_schema', 'json_schema': {'schema': 1}} |"
                + " response_format.json_schema.schema",
        "'response_format': {'type': 'json_schema', 'json_schema': {'schema': {'$ref': '#'}}} |"
                + " response_format.json_schema.schema",
    })
    void t29AndT30NameTheMemberAtFault(String members, String param) {
        var refusal = refusalWith(OPUS, members);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.type()).isEqualTo(ErrorType.INVALID_REQUEST);
        assertThat(refusal.errorCode()).isEmpty();
        assertThat(refusal.param()).contains(param);
    }

    @Test
    void t31AsksTheMappedModelAndRemembersTheAlias() throws Exception {
        var requests = new ChatRequestReader(
                ModelCatalog.shipped(), ModelMap.parse("gpt-*=claude-opus-5-5", Optional.empty()), 4096, true);
        var result = translated(
                requests,
                json("{'model': 'gpt-4o', 'temperature': 1, 'messages': [{'role': 'user', 'content': 'u'}]}"));
        assertThat(result.message().getString("model")).isEqualTo(OPUS);
        assertThat(result.context().requestedModel()).isEqualTo("gpt-4o");
        assertThat(result.message().getString("model")).isEqualTo(OPUS);
        assertThat(result.ignored()).containsExactly("temperature");
        var refusal = refusalWith("gpt-4o", "'stream': true");
        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.type()).isEqualTo(ErrorType.NOT_FOUND);
        assertThat(refusal.param()).contains("model");
    }

    /** The same with a catalog in which the model has no structured outputs. */
    private static RequestOutcome.Translated<ChatContext> without(String model, String members) {
        return with(
                "{'id': '" + model + "', 'capabilities': {'structured_outputs': {'supported': false}}}",
                model,
                members);
    }

    @Test
    void t28DropsTheTemperatureBesideABudget() {
        var result = with(OLD, "'reasoning_effort': 'low', 'temperature': 0.5");
        assertThat(result.message()).doesNotContainKey("temperature");
        assertThat(result.ignored()).containsExactly("temperature");
    }
}
