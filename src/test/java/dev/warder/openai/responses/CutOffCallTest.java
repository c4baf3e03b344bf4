package dev.warder.openai.responses;

import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.end;
import static dev.warder.openai.Talk.event;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.responses.Items.PLAIN;
import static dev.warder.openai.responses.Items.frames;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients run a call when they see that its item is done: only a call whose input is complete is, however the message ends. */
class CutOffCallTest {
    private static final List<String> ENDS = List.of(
            end("tool_use"),
            end("end_turn"),
            end("refusal"),
            end("max_tokens"),
            event("error", "\"error\":{\"type\":\"api_error\",\"message\":\"Why.\"}"),
            "");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "look | {\"a",
                "look | {\"a\":1",
                "look | [1]",
                "look | {\"a\":1} {",
                "grammar | {\"input\":\"rm -rf",
                "grammar | {\"input\":\"rm -rf /tmp\"",
                "grammar | {\"input\":\"a\",\"more\":",
                "grammar | {\"input\":\"a\\x\"}",
                "grammar | {\"inp",
                "grammar | {\"text\":\"a"
            })
    void doesNotEndACallWhoseInputIsCutOff(String tool, String json) {
        for (String end : ENDS) {
            var frames = ended(tool, json, end);
            assertThat(frames.all("output_item.done").toString()).as(end).doesNotContain("\"call_id\"");
            assertThat(frames.all("function_call_arguments.done")).isEmpty();
            assertThat(frames.all("custom_tool_call_input.done")).isEmpty();
            assertThat(frames.output().get(0).getString("status")).isEqualTo("incomplete");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "look | {\"a\":1} ",
                "look | ``",
                "grammar | {\"input\":\"a\" } ",
                "grammar | {\"input\":\"a\",\"more\":{\"b\":1}}",
                "grammar | ``",
                "grammar | [1]",
                "local | {\"command\":[\"ls\"]}",
                "shell | {\"commands\":[\"ls\"]}",
                "patch | {\"type\":\"create_file\",\"path\":\"a\",\"diff\":\"+\"}"
            })
    void endsACallWhoseInputIsCompleteHoweverTheMessageEnds(String tool, String json) {
        for (String end : ENDS) {
            var frames = ended(tool, json, end);
            assertThat(frames.all("output_item.done").get(0).getJsonObject("item"))
                    .as(end)
                    .isEqualTo(frames.output().get(0));
            assertThat(frames.output().get(0).getString("status")).isEqualTo("completed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "local | {\"comm",
                "local | ``",
                "local | {\"command\":5}",
                "local | {\"command\":[\"ls\",5]}",
                "local | {\"command\":[\"ls\"],\"env\":{\"A\":1}}",
                "local | {\"command\":[\"ls\"],\"env\":\"A=1\"}",
                "local | {\"command\":[\"ls\"],\"timeout_ms\":\"5\"}",
                "local | {\"command\":[\"ls\"],\"user\":5}",
                "local | {\"command\":[\"ls\"],\"working_directory\":[]}",
                "shell | {\"commands\":{}}",
                "shell | {\"commands\":[[\"ls\"]]}",
                "shell | {\"commands\":[\"ls\"],\"timeout_ms\":1.5}",
                "shell | {\"commands\":[\"ls\"],\"max_output_length\":\"1\"}",
                "patch | {\"type\":\"update_file\",\"path\":\"a\"}",
                "patch | {\"type\":\"update_file\",\"path\":\"a\",\"diff\":[]}",
                "patch | {\"type\":\"delete_file\",\"path\":1}",
                "patch | {\"type\":\"move_file\",\"path\":\"a\",\"diff\":\"+\"}",
                "patch | {\"path\":\"a\",\"diff\":\"+\"}"
            })
    void leavesOutACallOfABuiltInToolWhoseInputCannotBeRead(String tool, String json) {
        for (String end : ENDS) {
            var frames = ended(tool, json, end);
            assertThat(frames.events().toString()).as(end).doesNotContain("\"call_id\"");
        }
    }

    @Test
    void readsASingleTextAsACommand() {
        var local = ended("local", "{\"command\":\"ls | wc\",\"env\":null}", end("tool_use"));
        var action = local.output().get(0).getJsonObject("action");
        assertThat(action.getJsonArray("command").toString()).isEqualTo("[\"bash\",\"-lc\",\"ls | wc\"]");
        assertThat(action.getJsonObject("env")).isEmpty();
        var shell = ended("shell", "{\"commands\":\"ls\"}", end("tool_use"));
        assertThat(shell.output()
                        .get(0)
                        .getJsonObject("action")
                        .getJsonArray("commands")
                        .toString())
                .isEqualTo("[\"ls\"]");
    }

    private static ItemFrames ended(String tool, String json, String end) {
        return frames(PLAIN, start() + beginTool(0, "t", tool) + input(0, json) + stop(0) + end);
    }
}
