package dev.warder.openai.responses;

import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.refusal;
import static dev.warder.openai.responses.ItemsSample.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;

/** Names of tools that are too long, and names and ids that are there twice. */
class NameLimitsTest {
    /** The name of a namespace is read for each of its tools. */
    @EachRow({
        "'tools': [{'type': 'function', 'name': 'LONG'}] | tools[0].name",
        "'tools': [{'type': 'custom', 'name': 'LONG'}] | tools[0].name",
        "'tools': [{'type': 'namespace', 'name': 'LONG', 'tools': []}] | tools[0].name",
        "'tools': [{'type': 'namespace', 'name': 'n', 'tools': [{'type': 'custom', 'name': 'LONG'}]}] |"
                + " tools[0].tools[0].name",
        "'input': [{'role': 'user', 'content': 'hi'}, {'type': 'function_call', 'call_id': 'c', 'name': 'LONG'}] |"
                + " input[1].name",
        "'input': [{'role': 'user', 'content': 'hi'}, {'type': 'custom_tool_call', 'call_id': 'c', 'name': 'f',"
                + " 'namespace': 'LONG', 'input': ''}] | input[1].namespace",
    })
    void longNamesAreRefused(String members, String param) {
        String input = members.startsWith("'input'") ? "" : "'input': 'hi', ";
        String request = "{'model': 'claude-opus-5-5', " + input + members + "}";
        var refused = refusal(request.replace("LONG", "x".repeat(257)));
        assertThat(refused.param()).contains(param);
        assertThat(refused.message()).isEqualTo(param + " must have 1 to 256 characters.");
    }

    @Test
    void aNameOf256CharactersIsAccepted() {
        String name = "x".repeat(256);
        var result = with(
                NEW,
                "'tools': [{'type': 'namespace', 'name': '" + name + "', 'tools': [{'type': 'function', 'name': '"
                        + name + "'}]}]");
        assertThat(result.message().getJsonArray("tools")).hasSize(1);
    }

    @EachRow({
        "'input': [{'role': 'user', 'content': 'hi'}, {'type': 'function_call', 'call_id': 'c', 'name': 'f'},"
                + " {'type': 'function_call', 'call_id': 'c', 'name': 'f'}] | input[2].call_id must be unique.",
        "'input': 'hi', 'tools': [{'type': 'function', 'name': 'f'}, {'type': 'custom', 'name': 'f'}] |"
                + " tools[1].name must be unique.",
    })
    void whatIsThereTwiceIsRefusedInPlainWords(String members, String message) {
        assertThat(refusal("{'model': 'claude-opus-5-5', " + members + "}").message())
                .isEqualTo(message);
    }
}
