package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCatalog;
import dev.warder.openai.RequestVariant;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.RequestOutcome;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No member of a request is lost silently, wherever it is: it is sent, listed, repeated, or refuses the request. */
@Tag("turn-5")
class ItemsLossTest {
    private static final String PLANTED = "planted_member";

    /** What is listed whole, or sent or repeated as it is. */
    private static final Set<String> AS_IT_IS =
            Set.of(("parameters schema metadata action operation output annotations context_management "
                            + "moderation cache_control summary")
                    .split(" "));

    /** What has no meaning for the model, or is what a default is. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("id", "status", "detail", "type", "author", "recipient");

    private static final String ITEMS =
            """
            'input': [
              {'role': 'user', 'content': 's1'},
              {'type': 'message', 'role': 'developer', 'content': [{'type': 'input_text', 'text': 's2'}]},
              {'type': 'additional_tools', 'role': 'developer', 'tools': [{'type': 'function', 'name': 'h'}]},
              {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'u'},
                {'type': 'input_image', 'image_url': 'https://a.example/b', 'detail': 'low'},
                {'type': 'input_file', 'filename': 'b.pdf', 'file_data': 'data:application/pdf;base64,JVBERi0x'}]},
              {'type': 'message', 'role': 'assistant', 'phase': 'commentary', 'content': [
                {'type': 'output_text', 'text': 'a', 'annotations': [{'type': 'url_citation'}]},
                {'type': 'refusal', 'refusal': 'b'}]},
              {'type': 'function_call', 'call_id': 'c1', 'name': 'f', 'namespace': 'n', 'arguments': '{\\u0022x\\u0022: 1}'},
              {'type': 'custom_tool_call', 'call_id': 'c2', 'name': 'p', 'input': 'i'},
              {'type': 'local_shell_call', 'call_id': 'c3', 'action': {'command': ['ls']}},
              {'type': 'shell_call', 'call_id': 'c4', 'action': {'commands': ['ls']}},
              {'type': 'apply_patch_call', 'call_id': 'c5', 'operation': {'type': 'delete_file'}},
              {'type': 'function_call_output', 'call_id': 'c1', 'output': [{'type': 'input_text', 'text': 'r1'}]},
              {'type': 'custom_tool_call_output', 'call_id': 'c2', 'output': 'r2'},
              {'type': 'local_shell_call_output', 'call_id': 'c3', 'output': 'r3'},
              {'type': 'shell_call_output', 'call_id': 'c4', 'output': [{'stdout': 'r4'}]},
              {'type': 'apply_patch_call_output', 'call_id': 'c5', 'output': 'r5'},
              {'type': 'agent_message', 'author': 'x', 'recipient': 'y', 'content': [{'type': 'input_text', 'text': 'm'}]}]""";

    private static final String OTHERS =
            """
            'max_output_tokens': 7, 'temperature': 0.5, 'top_p': 0.5, 'stream': true, 'instructions': 'i',
            'stream_options': {'include_obfuscation': true}, 'user': 'me', 'safety_identifier': 'him',
            'service_tier': 'auto', 'metadata': {'a': 'b'}, 'prompt_cache_key': 'k', 'store': true,
            'truncation': 'auto', 'max_tool_calls': 5, 'context_management': [{}], 'moderation': {},
            'include': ['reasoning.encrypted_content'], 'client_metadata': {'x-codex-installation-id': 'i'},
            'reasoning': {'effort': 'high', 'summary': 'auto', 'context': 'c'}, 'parallel_tool_calls': false,
            'text': {'verbosity': 'low', 'format': {'type': 'json_schema', 'name': 'city', 'description': 'd',
              'strict': true, 'schema': {'type': 'object', 'properties': {}}}},
            'tools': [{'type': 'function', 'name': 'g', 'description': 'd', 'strict': true, 'parameters': {'type':
                'object', 'properties': {'x': {'minimum': 1}}}},
              {'type': 'custom', 'name': 'p', 'description': 'd', 'format': {'type': 'grammar', 'syntax': 'lark',
                'definition': 'start'}},
              {'type': 'namespace', 'name': 'n', 'description': 'd', 'tools': [{'type': 'function', 'name': 'f'}]},
              {'type': 'local_shell'}, {'type': 'shell', 'environment': {'type': 'local'}}, {'type': 'apply_patch'},
              {'type': 'web_search', 'external_web_access': true, 'filters': {'allowed_domains': ['a.example']},
                'user_location': {'type': 'approximate', 'city': 'c', 'country': 'DE'}}]""";

    static final List<String> REQUESTS = List.of(
            "{'model': 'claude-opus-5', 'tool_choice': {'type': 'function', 'name': 'f', 'namespace': 'n'}, " + ITEMS
                    + "," + OTHERS + "}",
            "{'model': 'claude-sonnet-4-5', 'tool_choice': {'type': 'allowed_tools', 'mode': 'auto', 'tools': [{'type':"
                    + " 'namespace', 'name': 'n'}, {'type': 'custom', 'name': 'p'}]}, " + ITEMS + "," + OTHERS + "}",
            "{'model': 'claude-plain-1', 'tool_choice': 'none', " + ITEMS + "," + OTHERS + "}");

    @ParameterizedTest
    @FieldSource("REQUESTS")
    void losesNoMember(String text) {
        var request = json(text);
        var whole = (RequestOutcome.Translated<ResponsesContext>) translate(request);
        var lost = new ArrayList<String>();
        for (var less : RequestVariant.without(request, AS_IT_IS)) {
            if (translate(less.request()).equals(whole)) {
                lost.add(less.path());
            }
        }
        lost.removeIf(
                path -> WITHOUT_EFFECT.contains(path.replaceFirst("=.*", "").replaceFirst(".*[.]", "")));
        lost.removeIf(path -> path.endsWith(".external_web_access") || path.matches(".*[.]environment.*"));
        // The item has it for OpenAI's own reader, and a call without a known tool keeps its namespace.
        lost.removeIf(path -> path.matches("[.]input\\[2][.]role=.*"));
        // A function that the choice of tools leaves out.
        lost.removeIf(path -> text.contains("allowed_tools") && path.equals(".input[2].tools"));
        for (var name : whole.ignored()) {
            lost.removeIf(path -> path.matches(".*[.]" + name + "([.=\\[].*)?"));
        }
        assertThat(lost).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("REQUESTS")
    void listsWhatItDoesNotKnowAtEveryDepth(String text) {
        var silent = new ArrayList<String>();
        for (var more : RequestVariant.withMember(json(text), AS_IT_IS, PLANTED)) {
            if (translate(more.request()) instanceof RequestOutcome.Translated<ResponsesContext> translated
                    && !translated.ignored().contains(PLANTED)) {
                silent.add(more.path());
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void takesNullForAbsentEverywhere() {
        var request = json(REQUESTS.get(0));
        var without = RequestVariant.without(request, AS_IT_IS);
        var withNull = RequestVariant.with(request, AS_IT_IS, JsonValue.NULL);
        assertThat(withNull).hasSameSizeAs(without);
        for (int i = 0; i < without.size(); i++) {
            var expected = translate(without.get(i).request());
            var actual = translate(withNull.get(i).request());
            if (expected instanceof RequestOutcome.Translated<ResponsesContext> one
                    && actual instanceof RequestOutcome.Translated<ResponsesContext> other) {
                assertThat(other.message()).as(without.get(i).path()).isEqualTo(one.message());
                assertThat(other.ignored()).as(without.get(i).path()).isEqualTo(one.ignored());
            } else {
                assertThat(actual).as(without.get(i).path()).isEqualTo(expected);
            }
        }
    }

    /** What fits no member: a number, an object, an array, a text, {@code null}. */
    @ParameterizedTest
    @ValueSource(
            strings = {"1e400", "{'SECRET': 'SECRET'}", "[['SECRET']]", "'SECRET'", "''", "true", "null", "[{}]", "-1"})
    void refusesWithItsOwnWordsWhateverAMemberIs(String value) {
        var wrong = json("{'a': " + value + "}").getOrDefault("a", JsonValue.NULL);
        for (var text : REQUESTS) {
            for (var other : RequestVariant.some(RequestVariant.with(json(text), Set.of(), wrong))) {
                other.requireOwnWords(translate(other.request()));
            }
        }
    }

    private static RequestOutcome<ResponsesContext> translate(JsonObject request) {
        var catalog = ModelCatalog.shipped()
                .withRows(json("{'data': [{'id': 'claude-plain-1', 'capabilities': {'structured_outputs':"
                        + " {'supported': false}, 'forced_tool_choice': {'supported': true},"
                        + " 'forced_tool_choice_with_thinking': {'supported': true}}}]}"));
        return new ResponsesRequestReader(catalog, ModelMap.of(Optional.empty()), true, ItemsSample.SEAL)
                .translate(request, true);
    }
}
