package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.responses.ItemsSample.CALL;
import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.OLD;
import static dev.warder.openai.responses.ItemsSample.OUTPUT;
import static dev.warder.openai.responses.ItemsSample.THINKING;
import static dev.warder.openai.responses.ItemsSample.USER;
import static dev.warder.openai.responses.ItemsSample.counted;
import static dev.warder.openai.responses.ItemsSample.ignored;
import static dev.warder.openai.responses.ItemsSample.reasoning;
import static dev.warder.openai.responses.ItemsSample.refusal;
import static dev.warder.openai.responses.ItemsSample.request;
import static dev.warder.openai.responses.ItemsSample.translated;
import static dev.warder.openai.responses.ItemsSample.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.ObjectMappers;
import com.openai.models.responses.Response;
import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCatalog;
import dev.warder.json.JsonTree;
import dev.warder.testkit.EachRow;
import jakarta.json.JsonValue;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All members of a request except input, tools and reasoning. */
class ResponsesMembersTest {
    private static final String SCHEMA = "{'type': 'json_schema', 'name': 'city', 'description': 'd', 'strict': true,"
            + " 'schema': {'type': 'object', 'properties': {'a': {'type': 'string'}}, 'required': ['a']}}";

    @EachRow({
        "claude-sonnet-4-5 | `` | 64000",
        "claude-opus-5-5 | `` | 128000",
        "claude-opus-5-5 | 'max_output_tokens': 5 | 5",
        "claude-sonnet-4-5 | 'max_output_tokens': 1e9 | 64000",
        "claude-sonnet-4-5 | 'max_output_tokens': null | 64000",
    })
    void withoutALimitTheModelsOwnHolds(String model, String members, long most) {
        var result = with(model, members);
        assertThat(result.message().getInt("max_tokens")).isEqualTo(most);
        assertThat(result.ignored()).isEmpty();
    }

    @EachRow({
        "'truncation': 'auto' | truncation",
        "'truncation': 'disabled' | ``",
        "'text': {'verbosity': 'low'} | verbosity",
        "'text': {'format': {'type': 'text'}} | ``",
        "'metadata': {'a': 'b'} | ``",
        "'store': true | store",
        "'store': false | ``",
        "'background': false | ``",
        "'top_logprobs': 0 | ``",
        "'stream_options': {'include_obfuscation': false} | stream_options",
        "'stream': true, 'stream_options': {'include_obfuscation': false} | ``",
        "'stream': true, 'stream_options': {'include_obfuscation': true} | include_obfuscation",
        "'max_tool_calls': 3 | max_tool_calls",
        "'context_management': [{'type': 'compaction'}] | context_management",
        "'moderation': {'model': 'x'} | moderation",
        "'prompt_cache_retention': '24h', 'prompt_cache_options': {'ttl': '30m'} | prompt_cache_retention,ttl",
        "'service_tier': 'auto' | ``",
        "'service_tier': 'flex' | service_tier",
        "'stop': 'x', 'n': 1, 'top_k': 3, 'new_member': {} | n,new_member,stop,top_k",
        "'client_metadata': {'a': 'b'} | client_metadata",
        "'client_metadata': {'x-codex-installation-id': 'i'} | ``",
        "'user': 'u', 'client_metadata': {'x-codex-installation-id': 'i'} | client_metadata",
        "'user': 'u', 'safety_identifier': 's' | safety_identifier",
        "'temperature': 1 | temperature",
        "'parallel_tool_calls': true, 'tool_choice': 'auto' | parallel_tool_calls,tool_choice",
        "'previous_response_id': null, 'conversation': null, 'prompt': null, 'instructions': null | ``",
    })
    void eachMemberIsTranslatedOrListed(String members, String ignored) {
        assertThat(ignored(with(NEW, members))).isEqualTo(ignored);
    }

    /** The response repeats it. */
    @ParameterizedTest
    @CsvSource({"16, 64, 512, true", "17, 64, 512, false", "16, 65, 512, false", "16, 64, 513, false"})
    void metadataHasOpenAisLimits(int members, int name, int text, boolean valid) {
        var metadata = JsonTree.newObject();
        for (int i = 0; i < members; i++) {
            metadata.add((char) ('a' + i) + "n".repeat(name - 1), "t".repeat(text));
        }
        String request = request(NEW, "'hi'", "'metadata': " + metadata.build());
        if (valid) {
            assertThat(ignored(translated(request))).isEmpty();
        } else {
            assertThat(refusal(request).param()).contains("metadata");
        }
    }

    @Test
    void userIdsAreHashed() {
        String hash = with(NEW, "'client_metadata': {'x-codex-installation-id': 'i'}")
                .message()
                .getJsonObject("metadata")
                .getString("user_id");
        assertThat(hash).matches("[0-9a-f]{64}");
        assertThat(with(NEW, "'safety_identifier': 'i'").message().getJsonObject("metadata"))
                .isEqualTo(with(NEW, "'user': 'i'").message().getJsonObject("metadata"));
    }

    @Test
    void samplingAndStreamAreTranslated() {
        var result = with(OLD, "'temperature': 0.5, 'stream': true, 'service_tier': 'default'");
        assertThat(result.message().getJsonNumber("temperature").doubleValue()).isEqualTo(0.5);
        assertThat(result.message().get("stream")).isEqualTo(JsonValue.TRUE);
        assertThat(result.message().getString("service_tier")).isEqualTo("standard_only");
        assertThat(result.context().stream()).isTrue();
        assertThat(ignored(with(OLD, "'temperature': 0.5, 'top_p': 0.5"))).isEqualTo("top_p");
    }

    @Test
    void aSchemaIsStructuredOutput() {
        var result = with(NEW, "'text': {'format': " + SCHEMA + "}");
        assertJson(
                result.message().get("output_config"),
                "{'format': {'type': 'json_schema', 'schema': {'description': 'd', 'type': 'object', 'properties':"
                        + " {'a': {'type': 'string'}}, 'required': ['a'], 'additionalProperties': false}}}");
        assertThat(ignored(result)).isEqualTo("name");
        assertThat(result.context().unwrappedTool()).isEmpty();
    }

    @Test
    void aCacheKeySetsFourBreakpointsAndNoneOnThinking() {
        var result = translated(request(
                NEW,
                "[" + USER + ", {'role': 'assistant', 'content': 'a'}," + USER + "," + reasoning(THINKING) + "," + CALL
                        + "," + OUTPUT + ", {'role': 'assistant', 'content': 'b'}, {'role': 'user', 'content':"
                        + " [{'type': 'input_text', 'text': 'x'}, {'type': 'input_text', 'text': 'y'}]}]",
                "'prompt_cache_key': 'k', 'instructions': 'i', 'tools': [{'type': 'function', 'name': 'f'},"
                        + " {'type': 'function', 'name': 'g'}]"));
        assertThat(result.ignored()).isEmpty();
        var message = result.message();
        assertThat(marks(message)).isEqualTo(4);
        assertThat(marks(message.getJsonArray("system"))).isEqualTo(1);
        assertThat(marks(message.getJsonArray("tools").get(1))).isEqualTo(1);
        var messages = message.getJsonArray("messages");
        assertJson(
                messages.getJsonObject(4).getJsonArray("content").get(0),
                "{'type': 'tool_result', 'tool_use_id': 'c', 'content': [{'type': 'text', 'text': 'done'}],"
                        + " 'cache_control': {'type': 'ephemeral'}}");
        assertJson(
                messages.getJsonObject(6).getJsonArray("content").get(1),
                "{'type': 'text', 'text': 'y', 'cache_control': {'type': 'ephemeral'}}");
        assertThat(marks(with(NEW, "'prompt_cache_key': 'k'").message())).isEqualTo(1);
        assertThat(marks(with(NEW, "'prompt_cache_key': ''").message())).isZero();
    }

    @Test
    void theCountHasTheInputOnly() {
        var count = counted(request(
                OLD,
                "'hi'",
                "'stream': true, 'instructions': 'i', 'tools': [{'type': 'function', 'name': 'f'}], 'tool_choice':"
                        + " 'auto', 'reasoning': {'effort': 'low'}, 'temperature': 0.5, 'user': 'u', 'service_tier': 'auto',"
                        + " 'text': {'format': " + SCHEMA + "}"));
        assertThat(count.message().keySet())
                .containsExactlyInAnyOrder(
                        "model", "system", "messages", "tools", "tool_choice", "thinking", "output_config");
        assertThat(count.context().stream()).isFalse();
    }

    @Test
    void theModelIsTheOneThatTheNameStandsFor() throws Exception {
        var models = ModelMap.parse("gpt-5*=claude-opus-5-5", Optional.empty());
        var reader = new ResponsesRequestReader(ModelCatalog.shipped(), models, true, ItemsSample.SEAL);
        var result = translated(reader, json(request("gpt-5-codex", "'hi'", "")));
        assertThat(result.message().getString("model")).isEqualTo("claude-opus-5-5");
        assertThat(result.message().getString("model")).isEqualTo("claude-opus-5-5");
        assertThat(result.context().requestedModel()).isEqualTo("gpt-5-codex");
    }

    @Test
    void theEchoHasOpenAisDefaults() {
        assertJson(
                with(NEW, "").context().echo(),
                "{'background': false, 'instructions': null, 'max_output_tokens': null, 'max_tool_calls': null,"
                        + " 'metadata': {}, 'parallel_tool_calls': true, 'previous_response_id': null, 'reasoning':"
                        + " {'effort': null, 'summary': null}, 'store': false, 'temperature': 1, 'text': {'format':"
                        + " {'type': 'text'}}, 'tool_choice': 'auto', 'tools': [], 'top_logprobs': 0, 'top_p': 1,"
                        + " 'truncation': 'disabled'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'instructions': 'i', 'metadata': {'a': 'b'}, 'max_output_tokens': 9, 'temperature': 0.5, 'top_p': 0.25,"
                        + " 'parallel_tool_calls': false, 'tools': [{'type': 'function', 'name': 'f', 'strict': false,"
                        + " 'parameters': {}}], 'tool_choice': {'type': 'function', 'name': 'f'}, 'text': {'verbosity':"
                        + " 'low'}, 'reasoning': {'effort': 'low', 'summary': 'auto', 'x': 1}, 'user': 'u',"
                        + " 'prompt_cache_key': 'k', 'safety_identifier': 's', 'service_tier': 'flex', 'store': true,"
                        + " 'truncation': 'auto', 'max_tool_calls': 5"
            })
    void theEchoIsPartOfAValidResponse(String members) throws Exception {
        var echo = with(NEW, members).context().echo();
        var response = JsonTree.newObject(echo)
                .add("id", "resp_1")
                .add("object", "response")
                .add("created_at", 0)
                .add("status", "completed")
                .addNull("error")
                .addNull("incomplete_details")
                .add("model", "m")
                .add("output", JsonTree.newArray())
                .build();
        ObjectMappers.jsonMapper()
                .readValue(response.toString(), Response.class)
                .validate();
        assertThat(echo.get("store")).isEqualTo(JsonValue.FALSE);
    }

    @Test
    void theEchoHasAServiceTierThatWasSent() {
        assertThat(with(NEW, "'service_tier': 'default'").context().echo().getString("service_tier"))
                .isEqualTo("default");
        assertThat(with(NEW, "'service_tier': 'flex'").context().echo()).doesNotContainKey("service_tier");
    }

    private static int marks(JsonValue value) {
        return value.toString().split("cache_control", -1).length - 1;
    }
}
