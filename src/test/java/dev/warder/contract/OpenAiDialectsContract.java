package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can ask in either of OpenAI's dialects, it gets in both. */
class OpenAiDialectsContract extends DeployedContract {
    private static final String MARK = "'prompt_cache_breakpoint': {'mode': 'explicit'}";

    /** The two dialects. */
    enum Dialect {
        CHAT(Completions.PATH, "messages"),
        RESPONSES(Responses.PATH, "input");

        private final String path;
        private final String input;

        Dialect(String path, String input) {
            this.path = path;
            this.input = input;
        }

        /** A request of this input to a model that can be made to call a tool. */
        String request(String messages, String members) {
            String comma = members.isEmpty() ? "" : ", ";
            return json("{'model': 'claude-opus-5', '" + input + "': [" + messages + "]" + comma + members + "}");
        }

        String format(String schema) {
            return this == CHAT
                    ? "'response_format': {'type': 'json_schema', 'json_schema': {'name': 's', 'schema': " + schema
                            + "}}"
                    : "'text': {'format': {'type': 'json_schema', 'name': 's', 'schema': " + schema + "}}";
        }

        String text(RawResponse answer) {
            return this == CHAT ? Completions.text(answer) : Responses.text(answer);
        }
    }

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES + ";gpt-a*=" + Completions.MODEL);
    }

    @ParameterizedTest
    @EnumSource
    void aMapInASchemaKeepsItsMembers(Dialect dialect) throws Exception {
        String schema = "{'type': 'object', 'properties': {'scores': {'$ref': '#/$defs/map'}}, '$defs': {'map':"
                + " {'type': 'object', 'additionalProperties': {'type': 'integer'}}}}";
        upstream.next(ApiMessage.asked(ApiBlock.toolUse("toolu_1", "s", "{\"scores\":{\"a\":1}}"))
                .whole());
        var answer = ask(dialect, dialect.request(user("'hi'"), dialect.format(schema)));
        assertThat(dialect.text(answer)).isEqualTo("{\"scores\":{\"a\":1}}");
        assertThat(answer.fields().has("X-Warder-Ignored")).isFalse();
        var sent = sent();
        assertThat(sent.getJsonArray("tools").getJsonObject(0).get("input_schema"))
                .isEqualTo(Answers.json(json(schema)));
        assertThat(sent).doesNotContainKey("output_config");
        String other = dialect.request(user("'hi'"), dialect.format(schema)).replace("opus-5", "opus-5-5");
        Completions.refused(ask(dialect, other), 400, "invalid_request_error", "");
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamHasNoEndsOfLinesThatOnlyUnicodeHas(Dialect dialect) throws Exception {
        String ends = "a\u2028b\u2029c\u0085d";
        String request =
                dialect.request(user("'hi'"), "'stream': true, 'user': 'x'").replace("claude-opus-5", "gpt-" + ends);
        upstream.next(
                ApiMessage.said(ApiBlock.thinking(ends), ApiBlock.text(ends)).streamed());
        String whole = ask(dialect, request).text();
        assertThat(whole.split("\\R", -1)).isEqualTo(whole.split("\n", -1));
        assertThat(whole).contains("gpt-a\\u2028b\\u2029c\\u0085d", "\"a\\u2028b\\u2029c\\u0085d\"");
        upstream.next(Script.events(
                Messages.start(), Messages.event("error", Messages.error("api_error", "Because " + ends))));
        String failed = ask(dialect, request).text();
        assertThat(failed).contains("Because a\\u2028b\\u2029c\\u0085d");
        assertThat(failed.split("\\R", -1)).isEqualTo(failed.split("\n", -1));
    }

    @ParameterizedTest
    @EnumSource
    void aReferenceIsPercentDecoded(Dialect dialect) throws Exception {
        String schema = "{'type': 'object', 'properties': {'a': {'$ref': '#/$defs/a%20b'}}, '$defs': {'a b': {'type':"
                + " 'string'}}}";
        dialect.text(ask(dialect, dialect.request(user("'hi'"), dialect.format(schema))));
        assertThat(sent().getJsonObject("output_config").toString()).contains("#/$defs/a%20b");
    }

    @ParameterizedTest
    @EnumSource
    void aFileOfAnyTypeOfTextIsADocument(Dialect dialect) throws Exception {
        String file = "'filename': 'a.md', 'file_data': 'data:text/markdown;base64,IyBU'";
        String part = dialect == Dialect.CHAT
                ? "{'type': 'file', 'file': {" + file + "}}"
                : "{'type': 'input_file', " + file + "}";
        dialect.text(ask(dialect, dialect.request(user("[" + part + "]"), "")));
        assertThat(sent().getJsonArray("messages").toString())
                .contains("{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"# T\"}");
    }

    @ParameterizedTest
    @EnumSource
    void breakpointsOfTheClientAndOfItsKeyAreSet(Dialect dialect) throws Exception {
        String parts = "[{'type': 'text', 'text': 'a', " + MARK + "}, {'type': 'text', 'text': 'b'}]";
        ask(dialect, dialect.request(user(parts), "'prompt_cache_key': 'k-1'"));
        assertThat(marked(sent())).isEqualTo("ab");
        ask(
                dialect,
                dialect.request(
                        user(parts), "'prompt_cache_key': 'k-1', 'prompt_cache_options': {'mode': 'explicit'}"));
        assertThat(marked(sent())).isEqualTo("a");
    }

    @ParameterizedTest
    @EnumSource
    void usageCountsWhatIsWrittenToTheCache(Dialect dialect) throws Exception {
        upstream.next(json(
                200,
                json("{'id': 'msg_1', 'type': 'message', 'role': 'assistant', 'model': 'claude-x', 'content': [],"
                        + " 'stop_reason': 'end_turn', 'usage': {'input_tokens': 1, 'cache_creation_input_tokens': 20,"
                        + " 'cache_read_input_tokens': 300, 'output_tokens': 4}}")));
        var answer = ask(dialect, dialect.request(user("'hi'"), ""));
        assertThat(answer.text()).contains("_tokens\":321,", "\"cached_tokens\":300,\"cache_write_tokens\":20");
        upstream.take();
    }

    @ParameterizedTest
    @EnumSource
    void systemTextsAloneAreTheUsers(Dialect dialect) throws Exception {
        dialect.text(ask(dialect, dialect.request("{'role': 'developer', 'content': 'Say hello.'}", "")));
        var sent = sent();
        assertThat(sent).doesNotContainKey("system");
        assertThat(sent.getJsonArray("messages").toString())
                .isEqualTo(json("[{'role':'user','content':[{'type':'text','text':'Say hello.'}]}]"));
    }

    @ParameterizedTest
    @EnumSource
    void aLaterInstructionKeepsItsPlace(Dialect dialect) throws Exception {
        String talk = "{'role': 'system', 'content': 'Be brief.'}, " + user("'hi'");
        dialect.text(ask(dialect, dialect.request(talk, "")));
        var before = sent();
        String more = ", {'role': 'assistant', 'content': 'Hello.'}, {'role': 'developer', 'content': 'Be kind.'}, ";
        dialect.text(ask(dialect, dialect.request(talk + more + user("'bye'"), "")));
        var after = sent();
        assertThat(after.get("system")).isEqualTo(before.get("system"));
        String common = before.getJsonArray("messages").toString();
        assertThat(after.getJsonArray("messages").toString())
                .startsWith(common.substring(0, common.length() - 1))
                .endsWith(json("{'role':'system','content':[{'type':'text','text':'Be kind.'}]}]"));
    }

    @Test
    void aCompactionIsRefusedInsteadOfAnswered() throws Exception {
        String request = Dialect.RESPONSES.request(user("'hi'") + ", {'type': 'compaction_trigger'}", "");
        Completions.refused(ask(Dialect.RESPONSES, request), 400, "invalid_request_error", "");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChatHasToolsWhoseInputIsText(boolean streams) throws Exception {
        var call = ApiMessage.asked(
                ApiBlock.toolUse("toolu_1", "sql", "{\"input\":\"SEL", "ECT \\\"a\\", "\" -- \\u00", "fc\"}"));
        upstream.next(streams ? call.streamed() : call.whole());
        String tools = "'tools': [{'type': 'custom', 'custom': {'name': 'sql', 'format': {'type': 'grammar', 'grammar':"
                + " {'syntax': 'regex', 'definition': '.+'}}}}]";
        var answer = ask(Dialect.CHAT, Dialect.CHAT.request(user("'hi'"), tools + ", 'stream': " + streams));
        assertThat(sent().getJsonArray("tools").toString()).contains("regular expression", "\"input\"");
        String text = "SELECT \"a\" -- ü";
        if (streams) {
            var deltas = Completions.frames(answer.text()).stream()
                    .flatMap(frame -> frame.getJsonArray("choices").getValuesAs(JsonObject.class).stream())
                    .map(choice -> choice.getJsonObject("delta"))
                    .filter(delta -> delta.containsKey("tool_calls"))
                    .map(delta -> delta.getJsonArray("tool_calls").getJsonObject(0))
                    .toList();
            assertThat(deltas.get(0))
                    .isEqualTo(Answers.json(json("{'index': 0, 'id': 'toolu_1', 'type': 'custom', 'custom': {'name':"
                            + " 'sql', 'input': ''}}")));
            assertThat(deltas.stream()
                            .map(delta -> delta.getJsonObject("custom").getString("input"))
                            .collect(Collectors.joining()))
                    .isEqualTo(text);
            assertThat(answer.text()).contains("\"finish_reason\":\"tool_calls\"");
            return;
        }
        var message =
                Answers.json(answer).getJsonArray("choices").getJsonObject(0).getJsonObject("message");
        var made = message.getJsonArray("tool_calls").getJsonObject(0);
        assertThat(made.getString("type")).isEqualTo("custom");
        assertThat(made.getJsonObject("custom").getString("input")).isEqualTo(text);
        String again =
                user("'hi'") + ", " + message + ", {'role': 'tool', 'tool_call_id': 'toolu_1', 'content': '1 row'}";
        Completions.text(ask(Dialect.CHAT, Dialect.CHAT.request(again, tools)));
        assertThat(sent().getJsonArray("messages")
                        .getJsonObject(1)
                        .getJsonArray("content")
                        .get(0))
                .isEqualTo(call.content().get(0).whole());
    }

    /** The upstream refuses names of properties as the API does; the client, an OData service, knows no others. */
    @ParameterizedTest
    @CsvSource({"CHAT, false", "CHAT, true", "RESPONSES, false", "RESPONSES, true"})
    void namesOfPropertiesAreTheClientsOwn(Dialect dialect, boolean streams) throws Exception {
        String schema =
                "{'type': 'object', 'properties': {'$top': {'type': 'integer'}, 'filter[state]': {'type': 'string'},"
                        + " 'items': {'type': 'array', 'items': {'type': 'object', 'properties': {'größe': {'type': 'number'}},"
                        + " 'required': ['größe']}}}, 'required': ['$top'], 'additionalProperties': true}";
        String function = "'name': 'query', 'parameters': " + schema;
        String tools = ", 'tools': ["
                + (dialect == Dialect.CHAT
                        ? "{'type': 'function', 'function': {" + function + "}}"
                        : "{'type': 'function', " + function + "}")
                + "]";
        String input = "{\"_top_81bf98e4\":5,\"filter_state__ce54a381\":\"$top\",\"items\":[{\"gr__e_d353a267\":1.5}],"
                + "\"_top_00000000\":{}}";
        String client = "{\"$top\":5,\"filter[state]\":\"$top\",\"items\":[{\"größe\":1.5}],\"_top_00000000\":{}}";
        var call = ApiMessage.asked(ApiBlock.toolUse("toolu_1", "query", input.split("(?<=\\G.{7})")));
        upstream.next(streams ? call.streamed() : call.whole());
        var answer = ask(dialect, dialect.request(user("'hi'"), "'stream': " + streams + tools));
        assertThat(answer.status()).isEqualTo(200);
        var first = sent();
        assertThat(first.getJsonArray("tools").toString())
                .contains("\"_top_81bf98e4\":{", "\"required\":[\"_top_81bf98e4\"]")
                .doesNotContain("\"$top\":", "\"filter[state]\":", "\"größe\":");
        assertThat(arguments(dialect, streams, answer)).isEqualTo(client);

        String quoted = Json.createValue(client).toString();
        String history = user("'hi'") + ", "
                + json(dialect == Dialect.CHAT
                                ? "{'role': 'assistant', 'tool_calls': [{'id': 'toolu_1', 'type': 'function', 'function':"
                                        + " {'name': 'query', 'arguments': QUOTED}}]}, {'role': 'tool', 'tool_call_id':"
                                        + " 'toolu_1', 'content': '$top'}"
                                : "{'type': 'function_call', 'call_id': 'toolu_1', 'name': 'query', 'arguments': QUOTED},"
                                        + " {'type': 'function_call_output', 'call_id': 'toolu_1', 'output': '$top'}")
                        .replace("QUOTED", quoted);
        dialect.text(ask(dialect, dialect.request(history, tools.substring(2))));
        var second = sent();
        assertThat(second.get("tools")).hasToString(first.get("tools").toString());
        assertThat(second.getJsonArray("messages").toString()).contains("\"input\":" + input, "\"$top\"");
        dialect.text(ask(
                dialect,
                dialect.request(
                        history + ", {'role': 'assistant', 'content': 'a'}, " + user("'b'"), tools.substring(2))));
        String prefix = second.getJsonArray("messages").toString();
        assertThat(sent().getJsonArray("messages").toString()).startsWith(prefix.substring(0, prefix.length() - 1));
    }

    private static String arguments(Dialect dialect, boolean streams, RawResponse answer) {
        if (!streams && dialect == Dialect.CHAT) {
            var message = Answers.json(answer)
                    .getJsonArray("choices")
                    .getJsonObject(0)
                    .getJsonObject("message");
            return message.getJsonArray("tool_calls")
                    .getJsonObject(0)
                    .getJsonObject("function")
                    .getString("arguments");
        }
        if (!streams) {
            return Answers.json(answer).getJsonArray("output").getJsonObject(0).getString("arguments");
        }
        if (dialect == Dialect.CHAT) {
            return Completions.frames(answer.text()).stream()
                    .flatMap(frame -> frame.getJsonArray("choices").getValuesAs(JsonObject.class).stream())
                    .map(choice -> choice.getJsonObject("delta"))
                    .filter(delta -> delta.containsKey("tool_calls"))
                    .map(delta ->
                            delta.getJsonArray("tool_calls").getJsonObject(0).getJsonObject("function"))
                    .map(function -> function.getString("arguments"))
                    .collect(Collectors.joining());
        }
        var output = Responses.last(answer.text()).getJsonObject("response").getJsonArray("output");
        String deltas = Responses.events(answer.text()).stream()
                .filter(event -> event.getString("type").equals("response.function_call_arguments.delta"))
                .map(event -> event.getString("delta"))
                .collect(Collectors.joining());
        assertThat(output.getJsonObject(0).getString("arguments")).isEqualTo(deltas);
        return deltas;
    }

    private RawResponse ask(Dialect dialect, String request) throws Exception {
        return exchange(Completions.authenticated("POST", dialect.path).json(request));
    }

    private JsonObject sent() throws InterruptedException {
        return Answers.json(upstream.take().text());
    }

    /** The texts with a breakpoint, in their order. */
    private static String marked(JsonValue sent) {
        if (sent instanceof JsonArray items) {
            return items.stream().map(OpenAiDialectsContract::marked).collect(Collectors.joining());
        }
        if (!(sent instanceof JsonObject object)) {
            return "";
        }
        String own = object.containsKey("cache_control") ? object.getString("text") : "";
        return own
                + object.values().stream().map(OpenAiDialectsContract::marked).collect(Collectors.joining());
    }

    private static String user(String content) {
        return "{'role': 'user', 'content': " + content + "}";
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
