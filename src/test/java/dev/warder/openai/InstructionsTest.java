package dev.warder.openai;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.edit.ModelCatalog;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.testkit.EachRow;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Instructions keep their place in both dialects, so that what was sent is the beginning of the next request (rule "Translated
 * requests").
 */
class InstructionsTest {
    private static final String NEW = "claude-opus-5-5";
    private static final String OLDER = "claude-opus-4-7";
    private static final ModelCatalog CATALOG = ModelCatalog.shipped();
    private static final Set<String> OF_THE_MODEL = Set.of(
            "reasoning",
            "function_call",
            "custom_tool_call",
            "local_shell_call",
            "shell_call",
            "apply_patch_call",
            "web_search_call",
            "file_search_call",
            "image_generation_call");

    /**
     * A word is a message or an item: of the system, the developer, the user or the assistant with a text, or a call or its result
     * with an id.
     *
     * @param message the messages for a model that has those of role {@code system}; the system prompt is in braces
     * @param text the messages for an older model; an instruction is in brackets
     */
    @EachRow({
        "S=s D=t U=u | {s t} user(u) | {s t} user(u)",
        "S=s U=u D=d | {s} user(u) system(d) | {s} user(u [d])",
        "U=u D=d A=a U=v | {} user(u) system(d) assistant(a) user(v) | {} user(u [d]) assistant(a) user(v)",
        "U=u A=a D=d U=v | {} user(u) assistant(a) user(v) system(d) | {} user(u) assistant(a) user([d] v)",
        "D=s U=u A=a D=d S=e U=v D=f | {s} user(u) assistant(a) user(v) system(d e f) |"
                + " {s} user(u) assistant(a) user([d] [e] v [f])",
        "U=u A=a D=d | {} user(u) assistant(a) user([d]) | {} user(u) assistant(a) user([d])",
        "U=u A=a D=d A=b U=v | {} user(u) assistant(a) user([d]) assistant(b) user(v) |"
                + " {} user(u) assistant(a) user([d]) assistant(b) user(v)",
        "U=u C=1 D=d R=1 | {} user(u) assistant(1) user(1) system(d) | {} user(u) assistant(1) user(1 [d])",
        "U=u C=1 D=d C=2 R=1 R=2 | {} user(u) assistant(1 2) user(1 2) system(d) |"
                + " {} user(u) assistant(1 2) user(1 2 [d])",
        "U=u C=1 C=2 R=1 D=d R=2 A=a U=v | {} user(u) assistant(1 2) user(1 2) system(d) assistant(a) user(v) |"
                + " {} user(u) assistant(1 2) user(1 2 [d]) assistant(a) user(v)",
        "U=u C=1 D=d U=v R=1 D=e | {} user(u) assistant(1) user(1 v) system(d e) |"
                + " {} user(u) assistant(1) user(1 [d] v [e])",
        "U=u D= A=a D= U=v | {} user(u) assistant(a) user(v) | {} user(u) assistant(a) user(v)",
        "U= D=s U=u | {s} user(u) | {s} user(u)",
        "S=s D=t | {} user(s t) | {} user(s t)",
    })
    void standsInItsPlace(String conversation, String message, String text) {
        for (var dialect : BothDialects.values()) {
            for (var model : List.of(NEW, OLDER)) {
                var sent = dialect.sent(
                        CATALOG, dialect.request(model, written(dialect, conversation), dialect.tools("f")));
                assertThat(read(sent.message()))
                        .as("%s, %s", dialect, model)
                        .isEqualTo(model.equals(NEW) ? message : text);
                assertThat(sent.ignored()).isEmpty();
            }
        }
    }

    /** The form is a contract: a prompt may explain it to the model. */
    @ParameterizedTest
    @EnumSource
    void isMarkedInATurnOfTheUser(BothDialects dialect) {
        var sent = dialect.sent(CATALOG, dialect.request(OLDER, written(dialect, "U=u D=d"), ""));
        assertThat(sent.message().getJsonArray("messages"))
                .isEqualTo(
                        ChatSample.array("[{'role': 'user', 'content': [{'type': 'text', 'text': 'u'}, {'type': 'text',"
                                + " 'text': '<system-reminder>\\nd\\n</system-reminder>'}]}]"));
    }

    @ParameterizedTest
    @EnumSource
    void hasNoImage(BothDialects dialect) {
        String image = "{'role': 'developer', 'content': [{'type': 'image_url', 'image_url': {'url': 'https://a'}}]}";
        for (var model : List.of(NEW, OLDER)) {
            var outcome = dialect.outcome(CATALOG, dialect.request(model, written(dialect, "U=u") + ", " + image, ""));
            assertThat(((RequestOutcome.Refused<?>) outcome).refusal().param().orElseThrow())
                    .endsWith("[1].content[0].type");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-7,           false",
        "claude-opus-4-8,           true",
        "claude-opus-4-8-20260528,  true",
        "claude-opus-5,             true",
        "claude-opus-5-5[1m],       true",
        "claude-opus-6,             true",
        "claude-fable-5,            true",
        "claude-fable-5-2,          true",
        "claude-mythos-5,           true",
        "claude-sonnet-4-6,         false",
        "claude-sonnet-5,           false",
        "claude-sonnet-5-5,         true",
        "claude-haiku-4-5-20251001, false",
        "claude-haiku-5-5,          true",
        "claude-nova-1,             true",
    })
    void isAMessageWhereTheModelHasThem(String model, boolean message) {
        assertThat(read(sent(CATALOG, model))).contains(message ? "user(u) system(d)" : "user(u [d])");
        boolean[] supported = {true, false};
        for (boolean operator : supported) {
            var row = "{'data': [{'id': '" + model + "', 'capabilities': {'mid_conversation_system': {'supported': "
                    + operator + "}}}]}";
            assertThat(read(sent(CATALOG.withRows(json(row)), model)).contains("system(d)"))
                    .isEqualTo(operator);
        }
    }

    private static JsonObject sent(ModelCatalog catalog, String model) {
        return BothDialects.CHAT
                .sent(catalog, BothDialects.CHAT.request(model, written(BothDialects.CHAT, "U=u D=d"), ""))
                .message();
    }

    /** A breakpoint after an instruction would be another one in the next request. */
    @ParameterizedTest
    @EnumSource
    void leavesTheBreakpointsInTheTurnsOfTheUser(BothDialects dialect) {
        String key = dialect.tools("f") + ", 'prompt_cache_key': 'k'";
        var first = dialect.sent(CATALOG, dialect.request(NEW, written(dialect, "S=s U=u D=d"), key));
        assertThat(marked(first.message())).containsExactly("s", "u", "f");
        var next = dialect.sent(CATALOG, dialect.request(NEW, written(dialect, "S=s U=u D=d A=a D=e U=v"), key));
        assertThat(marked(next.message())).containsExactly("s", "u", "v", "f");
    }

    /** Its own is kept, in either form. */
    @ParameterizedTest
    @EnumSource
    void keepsItsBreakpoint(BothDialects dialect) {
        String own = written(dialect, "U=u") + ", {'role': 'system', 'content': [{'type': 'text', 'text': 'd',"
                + " 'prompt_cache_breakpoint': {'mode': 'explicit'}}]}";
        assertThat(marked(dialect.sent(CATALOG, dialect.request(NEW, own, "")).message()))
                .containsExactly("d");
        assertThat(marked(dialect.sent(CATALOG, dialect.request(OLDER, own, "")).message()))
                .containsExactly("[d]");
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-5-5", "claude-opus-4-8", "claude-sonnet-5", "claude-haiku-4-5"})
    void chatsContinueWhatWasSent(String model) {
        var talk = List.of(
                "{'role': 'system', 'content': 's'}",
                "{'role': 'developer', 'content': [{'type': 'text', 'text': 't'}]}",
                "{'role': 'user', 'content': [{'type': 'text', 'text': 'u'}, {'type': 'image_url', 'image_url': {'url':"
                        + " 'https://a.example/b'}}]}",
                "{'role': 'developer', 'content': 'd1'}",
                "{'role': 'assistant', 'content': 'a', 'refusal': 'r', 'tool_calls': [{'id': 'c.1', 'type': 'function',"
                        + " 'function': {'name': 'f', 'arguments': '{}'}}, {'id': 'c2', 'type': 'custom', 'custom':"
                        + " {'name': 'p', 'input': 'i'}}]}",
                "{'role': 'system', 'content': 'd2'}",
                "{'role': 'tool', 'tool_call_id': 'c.1', 'content': 'r1'}",
                "{'role': 'tool', 'tool_call_id': 'c2', 'content': [{'type': 'text', 'text': 'r2'}]}",
                "{'role': 'assistant', 'content': null, 'function_call': {'name': 'f', 'arguments': '{}'}}",
                "{'role': 'function', 'name': 'f', 'content': 'r3'}",
                "{'role': 'developer', 'content': 'd3'}",
                "{'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'c2', 'type': 'function', 'function':"
                        + " {'name': 'f', 'arguments': 'no object'}}]}",
                "{'role': 'tool', 'tool_call_id': 'c2', 'content': ''}",
                "{'role': 'assistant', 'content': [{'type': 'text', 'text': 'b'}]}",
                "{'role': 'developer', 'content': 'd4'}",
                "{'role': 'system', 'content': 'd5'}",
                "{'role': 'user', 'content': 'v'}",
                "{'role': 'assistant', 'content': 'c'}",
                "{'role': 'developer', 'content': 'd6'}",
                "{'role': 'assistant', 'content': 'e'}",
                "{'role': 'user', 'content': 'w'}");
        String tools = "'tools': [{'type': 'function', 'function': {'name': 'f'}}, {'type': 'custom', 'custom':"
                + " {'name': 'p'}}], 'prompt_cache_key': 'k'";
        assertThat(requests(BothDialects.CHAT, model, talk, tools)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-5-5", "claude-opus-4-8", "claude-sonnet-5", "claude-haiku-4-5"})
    void responsesContinueWhatWasSent(String model) {
        var items = List.of(
                "{'type': 'additional_tools', 'role': 'developer', 'tools': [{'type': 'namespace', 'name': 'ns', 'tools':"
                        + " [{'type': 'custom', 'name': 'p'}]}]}",
                "{'type': 'message', 'role': 'developer', 'content': [{'type': 'input_text', 'text': 's'}]}",
                "{'type': 'compaction', 'encrypted_content': 'x'}",
                "{'role': 'user', 'content': [{'type': 'input_text', 'text': 'u'}, {'type': 'input_image', 'image_url':"
                        + " 'https://a.example/b'}]}",
                "{'role': 'developer', 'content': 'd1'}",
                reasoning("{'type': 'thinking', 'thinking': 'Hm.', 'signature': 'c2ln'}"),
                "{'role': 'assistant', 'phase': 'commentary', 'content': [{'type': 'output_text', 'text': 'a'}]}",
                "{'type': 'function_call', 'call_id': 'c.1', 'name': 'f', 'arguments': '{}'}",
                "{'role': 'developer', 'content': 'd2'}",
                "{'type': 'custom_tool_call', 'call_id': 'c2', 'name': 'p', 'namespace': 'ns', 'input': 'i'}",
                "{'type': 'local_shell_call', 'call_id': 'c3', 'action': {'command': ['ls']}}",
                "{'type': 'shell_call', 'call_id': 'c4', 'action': {'commands': ['ls']}}",
                "{'type': 'apply_patch_call', 'call_id': 'c5', 'operation': {'type': 'delete_file'}}",
                "{'type': 'function_call_output', 'call_id': 'c.1', 'output': [{'type': 'input_text', 'text': 'r1'}]}",
                "{'type': 'custom_tool_call_output', 'call_id': 'c2', 'output': 'r2'}",
                "{'role': 'system', 'content': 'd3'}",
                "{'type': 'local_shell_call_output', 'call_id': 'c3', 'output': 'r3'}",
                "{'type': 'shell_call_output', 'call_id': 'c4', 'output': [{'stdout': 'r4'}]}",
                "{'type': 'apply_patch_call_output', 'call_id': 'c5', 'output': 'r5'}",
                reasoning("{'type': 'redacted_thinking', 'data': 'ZGF0YQ'}"),
                "{'type': 'custom_tool_call', 'call_id': 'c6', 'name': 'p', 'namespace': 'ns', 'input': 'j'}",
                "{'type': 'custom_tool_call_output', 'call_id': 'c6', 'output': 'r6'}",
                "{'type': 'custom_tool_call_output', 'call_id': 'c6', 'output': 'more'}",
                reasoning(
                        "{'type': 'server_tool_use', 'id': 'srvtoolu_1', 'name': 'web_search', 'input': {'query': 'q'}}",
                        "{'type': 'web_search_tool_result', 'tool_use_id': 'srvtoolu_1', 'content': [{'type':"
                                + " 'web_search_result', 'title': 't', 'url': 'https://a.example', 'encrypted_content': 'x'}]}"),
                "{'type': 'web_search_call', 'id': 'ws_1', 'status': 'completed', 'action': {}}",
                "{'role': 'assistant', 'content': 'b'}",
                "{'role': 'developer', 'content': 'd4'}",
                "{'role': 'user', 'content': 'v'}",
                "{'type': 'agent_message', 'author': 'x', 'recipient': 'y', 'content': [{'type': 'input_text', 'text': 'm'}]}",
                "{'type': 'reasoning', 'summary': [], 'encrypted_content': 'of another provider'}",
                "{'type': 'file_search_call', 'id': 'fs_1', 'status': 'completed', 'queries': []}",
                "{'role': 'assistant', 'content': [{'type': 'refusal', 'refusal': 'c'}]}",
                "{'type': 'compaction', 'encrypted_content': 'x'}",
                "{'role': 'developer', 'content': 'd5'}",
                "{'role': 'system', 'content': 'd6'}",
                "{'role': 'user', 'content': 'w'}",
                "{'type': 'configuration_update', 'role': 'developer'}",
                "{'role': 'assistant', 'content': 'e'}",
                "{'role': 'developer', 'content': 'd7'}",
                "{'role': 'assistant', 'content': 'f'}",
                "{'role': 'user', 'content': 'x'}");
        String tools =
                "'tools': [{'type': 'function', 'name': 'f'}, {'type': 'local_shell'}, {'type': 'shell'}, {'type':"
                        + " 'apply_patch'}, {'type': 'web_search'}], 'instructions': 'i', 'prompt_cache_key': 'k'";
        assertThat(requests(BothDialects.RESPONSES, model, items, tools)).isGreaterThanOrEqualTo(7);
    }

    /** New tools are all that a request with them changes before its end. */
    @Test
    void furtherToolsLeaveTheMessagesAsTheyAre() {
        var dialect = BothDialects.RESPONSES;
        String more =
                ", {'type': 'additional_tools', 'role': 'developer', 'tools': [{'type': 'function', 'name': 'g'}]}";
        String talk = written(dialect, "S=s U=u D=d A=a U=v");
        var before = dialect.sent(CATALOG, dialect.request(NEW, talk, dialect.tools("f")));
        var after = dialect.sent(CATALOG, dialect.request(NEW, talk + more, dialect.tools("f")));
        assertThat(JsonTree.newObject(after.message()).remove("tools").build())
                .isEqualTo(JsonTree.newObject(before.message()).remove("tools").build());
        assertThat(after.message().getJsonArray("tools").get(0))
                .isEqualTo(before.message().getJsonArray("tools").get(0));
        assertThat(after.ignored()).isEmpty();
    }

    /**
     * Sends a request before each turn of the model and at the end, and compares each with the one before.
     *
     * @return the number of requests
     */
    private static int requests(BothDialects dialect, String model, List<String> talk, String members) {
        var messages = new ArrayList<String>();
        var others = new ArrayList<JsonObject>();
        for (int end = 1; end <= talk.size(); end++) {
            var request = dialect.request(model, String.join(", ", talk.subList(0, end)), ", " + members);
            boolean asks = end == talk.size() || isOfTheModel(json(talk.get(end)));
            if (asks && dialect.outcome(CATALOG, request) instanceof RequestOutcome.Translated<?> sent) {
                dialect.sent(CATALOG, request);
                String all = sent.message().getJsonArray("messages").toString();
                messages.add(all.replace(",\"cache_control\":{\"type\":\"ephemeral\"}", ""));
                others.add(withoutMarks(
                        JsonTree.newObject(sent.message()).remove("messages").build()));
            }
        }
        for (int i = 1; i < messages.size(); i++) {
            String before = messages.get(i - 1);
            // The last turn may go on.
            String common = before.endsWith("]}]") ? before.substring(0, before.length() - 3) : before;
            assertThat(messages.get(i)).startsWith(common);
            assertThat(others.get(i)).isEqualTo(others.get(0));
        }
        return messages.size();
    }

    private static JsonObject withoutMarks(JsonObject message) {
        return JsonTree.parseObject(message.toString().replace(",\"cache_control\":{\"type\":\"ephemeral\"}", ""))
                .orElseThrow();
    }

    private static boolean isOfTheModel(JsonObject message) {
        return message.getString("role", "").equals("assistant")
                || OF_THE_MODEL.contains(message.getString("type", ""));
    }

    private static String reasoning(String... blocks) {
        String content = BothDialects.SEAL.seal(
                ("[" + String.join(", ", blocks) + "]").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return "{'type': 'reasoning', 'id': 'rs_1', 'summary': [], 'encrypted_content': '" + content + "'}";
    }

    private static String written(BothDialects dialect, String conversation) {
        return Stream.of(conversation.split(" "))
                .map(word -> written(dialect, word.charAt(0), word.substring(2)))
                .collect(Collectors.joining(", "));
    }

    private static String written(BothDialects dialect, char kind, String text) {
        boolean chat = dialect == BothDialects.CHAT;
        return switch (kind) {
            case 'C' ->
                chat
                        ? "{'role': 'assistant', 'tool_calls': [{'id': '" + text + "', 'function': {'name': 'f'}}]}"
                        : "{'type': 'function_call', 'call_id': '" + text + "', 'name': 'f', 'arguments': '{}'}";
            case 'R' ->
                chat
                        ? "{'role': 'tool', 'tool_call_id': '" + text + "', 'content': 'r'}"
                        : "{'type': 'function_call_output', 'call_id': '" + text + "', 'output': 'r'}";
            default -> {
                String role = Stream.of("system", "developer", "user", "assistant")
                        .filter(each -> each.charAt(0) == Character.toLowerCase(kind))
                        .findFirst()
                        .orElseThrow();
                yield "{'role': '" + role + "', 'content': '" + text + "'}";
            }
        };
    }

    private static String read(JsonObject message) {
        String system = message.containsKey("system")
                ? read(message.getJsonArray("system").getValuesAs(JsonObject.class))
                : "";
        return message.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .map(turn -> turn.getString("role") + "("
                        + read(turn.getJsonArray("content").getValuesAs(JsonObject.class)) + ")")
                .collect(Collectors.joining(" ", "{" + system + "} ", ""));
    }

    private static String read(List<JsonObject> blocks) {
        return blocks.stream().map(InstructionsTest::brief).collect(Collectors.joining(" "));
    }

    /** A block in short: its text, or the id of its call. */
    private static String brief(JsonObject block) {
        return Stream.of("text", "tool_use_id", "id", "name")
                .flatMap(name -> Optional.ofNullable(block.get(name)).stream())
                .map(text -> JsonTree.newArray(List.of(text)).build().getString(0))
                .findFirst()
                .orElseThrow()
                .replace("<system-reminder>\n", "[")
                .replace("\n</system-reminder>", "]");
    }

    /** The blocks and tools that have a breakpoint. */
    private static List<String> marked(JsonObject message) {
        var turns = message.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .flatMap(turn -> turn.getJsonArray("content").stream());
        return Stream.of(JsonTree.array(message, "system").stream(), turns, JsonTree.array(message, "tools").stream())
                .flatMap(blocks -> blocks)
                .map(JsonObject.class::cast)
                .filter(block -> block.containsKey("cache_control"))
                .map(InstructionsTest::brief)
                .toList();
    }
}
