package dev.warder.openai;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageCreateParams;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.RequestOutcome;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No member of a request is lost silently, wherever it stands: it is sent, listed, or refuses the request. */
@Tag("turn-5")
class RequestLossTest {
    private static final String PLANTED = "planted_member";

    /** What is listed whole. */
    private static final Set<String> WHOLE =
            Set.of("metadata", "logit_bias", "prediction", "annotations", "citations", "caller");

    /** What is listed whole or sent as it is. */
    private static final Set<String> AS_IT_IS = Set.of(
            "parameters",
            "schema",
            "input",
            "cache_control",
            "thinking",
            "metadata",
            "logit_bias",
            "prediction",
            "annotations",
            "citations",
            "caller");

    private static final String MESSAGES =
            """
            'messages': [
              {'role': 'system', 'content': 's1'},
              {'role': 'developer', 'content': [{'type': 'text', 'text': 's2', 'cache_control': {'type': 'ephemeral'}}]},
              {'role': 'user', 'content': [{'type': 'text', 'text': 'u'},
                {'type': 'image_url', 'image_url': {'url': 'https://a.example/b', 'detail': 'low'}},
                {'type': 'image_url', 'image_url': {'file_id': 'file_01'}},
                {'type': 'file', 'file': {'filename': 'b.pdf', 'file_data': 'data:application/pdf;base64,JVBERi0x'}},
                {'type': 'file', 'file': {'filename': 'c.png', 'file_data': 'data:image/png;base64,iVBORw0KGgoA'}},
                {'type': 'input_file', 'filename': 'd.pdf', 'file_id': 'file_02'},
                {'type': 'input_image', 'image_url': 'https://a.example/c'},
                {'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}},
                {'type': 'document', 'title': 't', 'context': 'x', 'source': {'type': 'url', 'url': 'https://a.example/d'},
                  'citations': {'enabled': true}, 'cache_control': {'type': 'ephemeral'}}]},
              {'role': 'assistant', 'content': [{'type': 'text', 'text': 'a'}, {'type': 'refusal', 'refusal': 'b'}],
                'refusal': 'c', 'annotations': [{'type': 'url_citation'}], 'reasoning_content': 'r',
                'tool_calls': [{'index': 7, 'id': 'c1', 'type': 'function',
                   'function': {'name': 'f', 'arguments': '{\\"x\\": 1}'}},
                  {'id': 'c2', 'type': 'function', 'function': {'name': 'g', 'arguments': '{\\"y\\": 1}'}}]},
              {'role': 'tool', 'tool_call_id': 'c1', 'content': [{'type': 'text', 'text': 'r1'}]},
              {'role': 'tool', 'tool_call_id': 'c2', 'content': 'r2'},
              {'role': 'assistant', 'content': [{'type': 'thinking', 'thinking': 'h', 'signature': 's'},
                {'type': 'redacted_thinking', 'data': 'd'},
                {'type': 'tool_use', 'id': 'c3', 'name': 'f', 'input': {'x': 1}, 'caller': {'type': 'direct'}}]},
              {'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id': 'c3', 'is_error': true,
                'content': [{'type': 'text', 'text': 'r4'}]}]},
              {'role': 'assistant', 'function_call': {'name': 'g', 'arguments': '{\\"z\\": 1}'}},
              {'role': 'function', 'name': 'g', 'content': 'r3'}]""";

    private static final String BESIDE =
            """
            'max_completion_tokens': 7, 'max_tokens': 8, 'temperature': 0.5, 'top_p': 0.5, 'top_k': 3, 'stop': ['x', ' '],
            'stream': true, 'stream_options': {'include_usage': true, 'include_obfuscation': true}, 'user': 'me',
            'safety_identifier': 'him', 'service_tier': 'auto', 'seed': 1, 'metadata': {'a': 'b'}, 'logit_bias': {'1': 2},
            'prediction': {'type': 'content'}, 'prompt_cache_key': 'k', 'store': true, 'verbosity': 'low',
            'frequency_penalty': 1, 'presence_penalty': 1""";

    private static final String TOOLS =
            """
            'tools': [{'type': 'function', 'cache_control': {'type': 'ephemeral'}, 'function': {'name': 'f',
              'description': 'd', 'strict': true, 'parameters': {'type': 'object', 'properties': {'x': {'minimum': 1}}}}},
              {'type': 'function', 'function': {'name': 'g', 'cache_control': {'type': 'ephemeral'},
              'parameters': {'type': 'object', 'additionalProperties': true}}}]""";

    private static final String FORMAT =
            """
            'response_format': {'type': 'json_schema', 'json_schema': {'name': 'city', 'description': 'of the world',
              'schema': {'type': 'object', 'description': 'inner', 'properties': {'a': {'type': 'string', 'minLength': 2},
                'b': {'$ref': '#/$defs/b', 'anyOf': [{'type': 'string'}], 'title': 't'}},
              '$defs': {'b': {'type': 'object', 'additionalProperties': {'type': 'string'}}}}}}""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'model': 'claude-opus-5', 'tool_choice': {'type': 'function', 'function': {'name': 'f'}},"
                        + " 'parallel_tool_calls': false, 'reasoning_effort': 'high', " + BESIDE + "," + TOOLS + ","
                        + FORMAT,
                "'model': 'claude-sonnet-4-5', 'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'mode':"
                        + " 'required', 'tools': [{'function': {'name': 'f'}}, {'name': 'g'}]}},"
                        + " 'reasoning_effort': 'high', 'thinking': {'type': 'enabled', 'budget_tokens': 1024}, "
                        + BESIDE
                        + "," + TOOLS + "," + FORMAT,
                "'model': 'claude-opus-5-5', 'tool_choice': {'type': 'function', 'name': 'f'}, 'reasoning_effort':"
                        + " 'none', 'response_format': {'type': 'json_object'}, " + BESIDE + "," + TOOLS,
                "'model': 'claude-sonnet-4-5', 'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n',"
                        + " 'description': 'd', 'strict': true}}, " + BESIDE + "," + TOOLS,
                "'model': 'claude-plain-1', 'parallel_tool_calls': true, " + BESIDE + "," + TOOLS + "," + FORMAT,
                "'model': 'claude-plain-1', 'tool_choice': 'required', " + BESIDE + "," + TOOLS + "," + FORMAT,
                "'model': 'claude-opus-5', 'function_call': {'name': 'g'}, 'parallel_tool_calls': true, 'functions':"
                        + " [{'name': 'f', 'description': 'd'}, {'name': 'g', 'parameters': {'type': 'object', 'a': 1}}]",
            })
    void losesNoMember(String members) throws Exception {
        var request = json("{" + MESSAGES + ", " + members + "}");
        var whole = translate(request);
        assertThat(whole).isInstanceOf(RequestOutcome.Translated.class);
        var sent = ((RequestOutcome.Translated<ChatContext>) whole).message().toString();
        ObjectMappers.jsonMapper()
                .readValue(sent, MessageCreateParams.Body.class)
                .validate();
        var lost = new ArrayList<String>();
        for (var less : RequestVariant.without(request, WHOLE)) {
            if (translate(less.request()).equals(whole)) {
                lost.add(less.path());
            }
        }
        lost.removeIf(RequestLossTest::saysWhatIsSoAnyway);
        for (var name : ((RequestOutcome.Translated<ChatContext>) whole).ignored()) {
            lost.removeIf(path -> path.startsWith("." + name + "."));
        }
        assertThat(lost).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'model': 'claude-opus-5', 'tool_choice': {'type': 'function', 'function': {'name': 'f'}}, " + BESIDE
                        + "," + TOOLS + "," + FORMAT,
                "'model': 'claude-plain-1', 'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'mode': 'auto',"
                        + " 'tools': [{'type': 'function', 'function': {'name': 'f'}}]}}, " + BESIDE + "," + TOOLS + ","
                        + FORMAT,
                "'model': 'claude-opus-5', 'function_call': {'name': 'g'}, 'functions': [{'name': 'f'}, {'name': 'g'}]",
            })
    void listsWhatItDoesNotKnowAtEveryDepth(String members) {
        var request = json("{" + MESSAGES + ", " + members + "}");
        var silent = new ArrayList<String>();
        for (var more : RequestVariant.withMember(request, AS_IT_IS, PLANTED)) {
            if (translate(more.request()) instanceof RequestOutcome.Translated<ChatContext> translated
                    && !translated.ignored().contains(PLANTED)) {
                silent.add(more.path());
            }
        }
        assertThat(silent).isEmpty();
    }

    /** A tool is a function and its parameters an object, whether it is said or not. */
    private static boolean saysWhatIsSoAnyway(String path) {
        return path.endsWith(".type=function")
                || path.contains(".source.media_type=")
                || path.matches(".*\\.(parameters|schema)\\.type=object");
    }

    @Test
    void takesNullForAbsentEverywhere() {
        var request = json("{'model': 'claude-opus-5', " + MESSAGES + ", " + BESIDE + "," + TOOLS + "," + FORMAT + "}");
        var without = RequestVariant.without(request, AS_IT_IS);
        var withNull = RequestVariant.with(request, AS_IT_IS, JsonValue.NULL);
        assertThat(withNull).hasSameSizeAs(without);
        for (int i = 0; i < without.size(); i++) {
            assertThat(translate(withNull.get(i).request()))
                    .as(without.get(i).path())
                    .isEqualTo(translate(without.get(i).request()));
        }
    }

    /** What fits no member: a number, an object, an array, a text, {@code null}. */
    @ParameterizedTest
    @ValueSource(
            strings = {"1e400", "{'SECRET': 'SECRET'}", "[['SECRET']]", "'SECRET'", "''", "true", "null", "[{}]", "-1"})
    void refusesWithAWordOfItsOwnWhateverAMemberIs(String value) {
        var wrong = json("{'a': " + value + "}").getOrDefault("a", JsonValue.NULL);
        for (var models : List.of(
                "'model': 'claude-opus-5', ",
                "'model': 'claude-plain-1', 'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'mode': 'auto',"
                        + " 'tools': [{'function': {'name': 'f'}}]}}, ")) {
            var request = json("{" + models + MESSAGES + ", " + BESIDE + "," + TOOLS + "," + FORMAT + "}");
            for (var other : RequestVariant.some(RequestVariant.with(request, WHOLE, wrong))) {
                other.requireOwnWords(translate(other.request()));
            }
        }
    }

    private static RequestOutcome<ChatContext> translate(JsonObject request) {
        return ChatSample.requests("{'id': 'claude-plain-1', 'capabilities': {'structured_outputs':"
                        + " {'supported': false}, 'forced_tool_choice': {'supported': true}}}")
                .translate(request);
    }
}
