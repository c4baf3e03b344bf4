package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.edit.ModelCatalog;
import dev.warder.json.JsonTree;
import dev.warder.testkit.EachRow;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;

/** No limit that the caller sets grows: it is kept, becomes smaller, or is listed (rule "Translated requests"). */
class CallerLimitsTest {
    private static final String TALK = "{'role': 'user', 'content': 'u'}";
    private static final List<String> LIMITS = List.of("max_tokens", "thinking", "output_config", "tool_choice");

    /** {@code MAX} and {@code EFFORT(…)} are the members of the dialect; {@code effort} is listed by its name there. */
    @EachRow({
        "claude-sonnet-4-5 | MAX: 100 | {'max_tokens': 100} | ``",
        "claude-sonnet-4-5 | MAX: 1000000 | {'max_tokens': 64000} | ``",
        "claude-sonnet-4-5 | MAX: 100, EFFORT(low) | {'max_tokens': 100} | effort",
        "claude-sonnet-4-5 | MAX: 1024, EFFORT(max) | {'max_tokens': 1024} | effort",
        "claude-sonnet-4-5 | MAX: 1025, EFFORT(low) | {'max_tokens': 1025, 'thinking': 1024} | ``",
        "claude-sonnet-4-5 | MAX: 1500, EFFORT(high) | {'max_tokens': 1500, 'thinking': 1024} | ``",
        "claude-sonnet-4-5 | MAX: 4096, EFFORT(medium) | {'max_tokens': 4096, 'thinking': 2048} | ``",
        "claude-haiku-4-5 | MAX: 20000, EFFORT(high) | {'max_tokens': 20000, 'thinking': 10000} | ``",
        "claude-haiku-4-5 | MAX: 40000, EFFORT(high) | {'max_tokens': 40000, 'thinking': 16384} | ``",
        "claude-sonnet-4-5 | MAX: 64000, EFFORT(max) | {'max_tokens': 64000, 'thinking': 32000} | ``",
        "claude-sonnet-4-5 | MAX: 9000, EFFORT(none) | {'max_tokens': 9000, 'thinking': 'disabled'} | ``",
        "claude-opus-4-6 | MAX: 9000, EFFORT(xhigh) | {'max_tokens': 9000, 'output_config': 'high'} | ``",
        "claude-opus-5-5 | MAX: 50, EFFORT(xhigh) | {'max_tokens': 50, 'output_config': 'xhigh'} | ``",
        "claude-opus-5-5 | MAX: 50, EFFORT(minimal) | {'max_tokens': 50, 'output_config': 'low'} | ``",
        "claude-opus-5-5 | MAX: 50, EFFORT(none) | {'max_tokens': 50, 'output_config': 'low'} | effort",
        "claude-sonnet-5-5 | MAX: 50, EFFORT(none) | {'max_tokens': 50, 'thinking': 'between_tools'} | effort",
        "claude-opus-5 | MAX: 50, EFFORT(none) | {'max_tokens': 50, 'thinking': 'disabled'} | ``",
    })
    void tokensAndReasoning(String model, String members, String limits, String ignored) {
        for (var dialect : BothDialects.values()) {
            boolean chat = dialect == BothDialects.CHAT;
            String written = members.replace("MAX", chat ? "'max_completion_tokens'" : "'max_output_tokens'")
                    .replaceAll(
                            "EFFORT\\((\\w+)\\)", chat ? "'reasoning_effort': '$1'" : "'reasoning': {'effort': '$1'}");
            var sent = sent(dialect, model, ", " + written);
            assertThat(limits(sent.message())).as(dialect.name()).isEqualTo(ChatSample.json(limits));
            assertThat(String.join(",", sent.ignored()))
                    .isEqualTo(chat ? ignored.replace("effort", "reasoning_effort") : ignored);
        }
    }

    @EachRow({
        "'max_tokens': 7, 'max_completion_tokens': 8 | {'max_tokens': 7} | max_completion_tokens",
        "'max_tokens': 8, 'max_completion_tokens': 7 | {'max_tokens': 7} | max_tokens",
        "'max_tokens': 7, 'max_completion_tokens': 7 | {'max_tokens': 7} | max_tokens",
        "'max_tokens': 6000, 'reasoning_effort': 'medium' | {'max_tokens': 6000, 'thinking': 3000} | ``",
        "'max_tokens': null | {'max_tokens': 4096} | ``",
        "'reasoning_effort': 'medium' | {'max_tokens': 8192, 'thinking': 4096} | ``",
        "'reasoning_effort': 'max' | {'max_tokens': 36864, 'thinking': 32768} | ``",
        "'max_tokens': 9000, 'thinking': {'type': 'enabled', 'budget_tokens': 2000} |"
                + " {'max_tokens': 9000, 'thinking': 2000} | ``",
        "'n': 1, 'stop': 'x', 'verbosity': 'low', 'prediction': {} | {'max_tokens': 4096} | prediction,verbosity",
    })
    void tokensOfChats(String members, String limits, String ignored) {
        var sent = sent(BothDialects.CHAT, "claude-sonnet-4-5", ", " + members);
        assertThat(limits(sent.message())).isEqualTo(ChatSample.json(limits));
        assertThat(String.join(",", sent.ignored())).isEqualTo(ignored);
    }

    @EachRow({
        "claude-opus-4-5 | 'max_output_tokens': 3000, 'reasoning': {'effort': 'high'} |"
                + " {'max_tokens': 3000, 'thinking': 1500, 'output_config': 'high'} | ``",
        "claude-opus-4-5 | 'max_output_tokens': 900, 'reasoning': {'effort': 'high', 'summary': 'auto'} |"
                + " {'max_tokens': 900, 'output_config': 'high'} | summary",
        "claude-opus-4-5 | 'max_output_tokens': 900, 'reasoning': {'summary': 'auto'} | {'max_tokens': 900} | summary",
        "claude-sonnet-4-5 | 'reasoning': {'effort': 'medium'} | {'max_tokens': 64000, 'thinking': 4096} | ``",
        "claude-opus-5 | 'reasoning': {'effort': 'none', 'summary': 'auto'} |"
                + " {'max_tokens': 128000, 'thinking': 'disabled'} | summary",
        "claude-opus-5-5 | 'truncation': 'auto', 'text': {'verbosity': 'low'}, 'prompt_cache_options': {'ttl': '30m'} |"
                + " {'max_tokens': 128000} | truncation,ttl,verbosity",
    })
    void tokensOfResponses(String model, String members, String limits, String ignored) {
        var sent = sent(BothDialects.RESPONSES, model, ", " + members);
        assertThat(limits(sent.message())).isEqualTo(ChatSample.json(limits));
        assertThat(String.join(",", sent.ignored())).isEqualTo(ignored);
    }

    @EachRow({
        "'parallel_tool_calls': false | auto 1 | f g | ``",
        "'parallel_tool_calls': false, 'tool_choice': 'required' | any 1 | f g | ``",
        "'parallel_tool_calls': false, 'tool_choice': 'none' | none | f g | parallel_tool_calls",
        "'parallel_tool_calls': false, 'tool_choice': {'type': 'function', 'name': 'f'} |" + " tool 1 | f g | ``",
        "'tool_choice': 'none' | none | f g | ``",
        "'tool_choice': {'type': 'allowed_tools', 'mode': 'auto', 'tools': [{'type': 'function', 'name': 'g'}]} |"
                + " auto | g | ``",
        "'parallel_tool_calls': false, 'tool_choice': {'type': 'allowed_tools', 'mode': 'required', 'tools': [{'type':"
                + " 'function', 'name': 'g'}]} | any 1 | g | ``",
    })
    void callsOfTools(String members, String choice, String tools, String ignored) {
        for (var dialect : BothDialects.values()) {
            var sent = sent(dialect, "claude-opus-5", dialect.tools("f", "g") + ", " + members);
            var sentChoice = sent.message().getJsonObject("tool_choice");
            assertThat(sentChoice.getString("type")
                            + (sentChoice.getBoolean("disable_parallel_tool_use", false) ? " 1" : ""))
                    .isEqualTo(choice);
            assertThat(sent.message().getJsonArray("tools").getValuesAs(JsonObject.class))
                    .extracting(tool -> tool.getString("name"))
                    .containsExactly(tools.split(" "));
            assertThat(String.join(",", sent.ignored())).isEqualTo(ignored);
        }
    }

    /** The web search is the only tool that runs upstream. */
    @EachRow({
        "'max_tool_calls': 3, 'tools': [{'type': 'web_search'}] | 3 | ``",
        "'max_tool_calls': 0, 'tools': [{'type': 'web_search'}] | `` | web_search",
        "'max_tool_calls': 3, 'tools': [{'type': 'function', 'name': 'f'}] | `` | max_tool_calls",
        "'tools': [{'type': 'web_search'}] | any | ``",
    })
    void callsOfToolsThatRunUpstream(String members, String most, String ignored) {
        var sent = sent(BothDialects.RESPONSES, "claude-opus-5-5", ", " + members);
        var searches = sent.message().getOrDefault("tools", JsonValue.EMPTY_JSON_ARRAY).asJsonArray().stream()
                .map(JsonValue::asJsonObject)
                .filter(tool -> tool.getString("name").equals("web_search"))
                .map(tool -> tool.containsKey("max_uses") ? tool.get("max_uses").toString() : "any")
                .toList();
        assertThat(searches).isEqualTo(most.isEmpty() ? List.of() : List.of(most));
        assertThat(String.join(",", sent.ignored())).isEqualTo(ignored);
    }

    private static BothDialects.Sent sent(BothDialects dialect, String model, String members) {
        return dialect.sent(ModelCatalog.shipped(), dialect.request(model, TALK, members));
    }

    /** The members that limit a response: of thinking its budget or its type, of an effort its word. */
    private static JsonObject limits(JsonObject message) {
        var limits = JsonTree.newObject();
        for (String name : LIMITS) {
            if (message.get(name) instanceof JsonObject object) {
                limits.add(
                        name,
                        object.containsKey("budget_tokens")
                                ? object.get("budget_tokens")
                                : object.getOrDefault("effort", object.get("type")));
            } else if (message.containsKey(name)) {
                limits.add(name, message.get(name));
            }
        }
        return limits.build();
    }
}
