package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Script;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The real Codex CLI works on Claude through Warder: its tools run, and their results come upstream. */
class CodexContract extends CodexGround {
    private static final int TURNS = 20;

    @Test
    void worksForTwentyTurnsWithToolsAndReasoning() throws Exception {
        var turns = new ArrayList<ApiMessage>();
        for (int turn = 1; turn < TURNS; turn++) {
            turns.add(step(turn));
        }
        turns.add(DONE);
        turns.forEach(turn -> upstream.next(turn.streamed()));
        assertDone(codex(UNKNOWN, "Take all steps."));
        assertThat(Files.readAllLines(work().resolve("steps.txt"))).hasSize(TURNS - 1);
        for (int turn = 0; turn < TURNS; turn++) {
            checkTurn(sent(), turns.subList(0, turn));
        }
        assertThat(upstream.requests()).hasSize(TURNS);
    }

    @Test
    void runsCallsOfOneResponseTogether() throws Exception {
        var two = ApiMessage.asked(
                ApiBlock.toolUse("toolu_01first", "exec_command", "{\"cmd\":\"echo one\"}"),
                ApiBlock.toolUse("toolu_01second", "exec_command", "{\"cmd\":\"echo two; exit 3\"}"));
        upstream.next(two.streamed());
        upstream.next(DONE.streamed());
        assertDone(codex(UNKNOWN, "Say both."));
        sent();
        var results = sent().blocks();
        assertThat(results).hasSize(2);
        checkResult(results.get(0), "toolu_01first", "one");
        checkResult(results.get(1), "toolu_01second", "exited with code 3");
    }

    @Test
    void appliesAPatchThatIsTextAndNotJson() throws Exception {
        var patch = "*** Begin Patch\n*** Add File: new.txt\n+\"quoted\" \\ Zürich \uD83C\uDF27\n*** End Patch";
        upstream.next(callOf("apply_patch", patch));
        upstream.next(DONE.streamed());
        assertDone(codex(WITH_PATCHES, "Make a file."));
        assertThat(work().resolve("new.txt")).hasContent("\"quoted\" \\ Zürich \uD83C\uDF27\n");
        sent();
        checkResult(sent().blocks().get(0), "toolu_01text", "Success.");
    }

    @Test
    void runsAScriptOfANamespace() throws Exception {
        upstream.next(
                callOf("exec", "const made = await tools.exec_command({cmd: \"echo made\"});\ntext(made.output);"));
        upstream.next(DONE.streamed());
        assertDone(codex(WITH_SCRIPTS, "Run a script."));
        sent();
        checkResult(sent().blocks().get(0), "toolu_01text", "made");
    }

    /** Codex sends an output for each report, all for the same call, in no certain order. */
    @Test
    void runsAScriptThatReportsWhileItRuns() throws Exception {
        upstream.next(callOf("exec", "notify(\"one\");\nnotify(\"two\");\ntext(\"three\");"));
        upstream.next(DONE.streamed());
        assertDone(codex(WITH_SCRIPTS, "Run a script."));
        sent();
        var blocks = sent().blocks();
        checkResult(blocks.get(0), "toolu_01text", "");
        assertThat(blocks.toString()).contains("\"one\"", "\"two\"", "three");
    }

    @Test
    void callsAFunctionOfANamespace() throws Exception {
        upstream.next((request, reply) -> ApiMessage.asked(
                        ApiBlock.toolUse("toolu_01agents", tool(request.text(), "list_agents")))
                .streamed()
                .run(request, reply));
        upstream.next(DONE.streamed());
        assertDone(codex(WITH_SCRIPTS, "Who is there?"));
        sent();
        checkResult(sent().blocks().get(0), "toolu_01agents", "/root");
    }

    @Test
    void showsPicturesOfTheUserAndOfATool() throws Exception {
        var picture = Files.createTempFile("codex", ".png");
        try {
            Files.write(picture, Base64.getDecoder().decode(PNG));
            var input = Json.createObjectBuilder().add("path", picture.toString());
            upstream.next(ApiMessage.asked(ApiBlock.toolUse(
                            "toolu_01view", "view_image", input.build().toString()))
                    .streamed());
            upstream.next(DONE.streamed());
            assertDone(codex(UNKNOWN, "-i", picture.toString(), "--", "What is this?"));
        } finally {
            Files.delete(picture);
        }
        assertThat(sent().blocks()).anySatisfy(CodexContract::checkPicture);
        var result = sent().blocks().get(0);
        assertThat(result.getString("tool_use_id")).isEqualTo("toolu_01view");
        assertThat(result.getJsonArray("content").getValuesAs(JsonObject.class))
                .singleElement()
                .satisfies(CodexContract::checkPicture);
    }

    /** One turn that thinks, says something and calls a tool, with what JSON escapes in all of it. */
    private static ApiMessage step(int turn) {
        var input = Json.createObjectBuilder()
                .add("cmd", "echo 'Step \"%d\" \\ Zürich' >> steps.txt; echo done-%d".formatted(turn, turn))
                .build()
                .toString();
        var blocks = new ArrayList<ApiBlock>();
        var signature = Base64.getEncoder()
                .encodeToString(("signature " + turn).repeat(20).getBytes(StandardCharsets.UTF_8));
        blocks.add(ApiBlock.thinking("Thought \"%d\" \\ / \n\u20AC \uD83C\uDF27".formatted(turn), signature));
        if (turn % 4 == 0) {
            blocks.add(ApiBlock.redacted("redacted+/%d==".formatted(turn)));
        }
        if (turn % 2 == 0) {
            blocks.add(ApiBlock.text("Step ", turn + "."));
        }
        blocks.add(
                ApiBlock.toolUse("toolu_01step" + turn, "exec_command", input.substring(0, 17), input.substring(17)));
        return ApiMessage.asked(blocks.toArray(ApiBlock[]::new));
    }

    /** A call of the tool whose name ends this way, with text as its only input, in pieces of one character. */
    private static Script callOf(String tool, String text) {
        var input = Json.createObjectBuilder().add("input", text).build().toString();
        var pieces = input.codePoints().mapToObj(Character::toString).toArray(String[]::new);
        return (request, reply) -> ApiMessage.asked(
                        ApiBlock.toolUse("toolu_01text", tool(request.text(), tool), pieces))
                .streamed()
                .run(request, reply);
    }

    /** The name under which a tool came upstream, which may have that of a namespace in front. */
    private static String tool(String request, String end) {
        return Answers.json(request).getJsonArray("tools").getValuesAs(JsonObject.class).stream()
                .map(tool -> tool.getString("name"))
                .filter(Predicate.<String>isEqual(end).or(name -> name.endsWith("_" + end)))
                .findFirst()
                .orElseThrow();
    }

    /** The request has the turns before it, block by block, with the result of each call. */
    private static void checkTurn(SentMessage sent, List<ApiMessage> before) {
        assertThat(sent.stream()).isTrue();
        assertThat(sent.json().getJsonArray("messages")).hasSize(2 * before.size() + 1);
        for (int turn = 1; turn <= before.size(); turn++) {
            var blocks = sent.blocks(2 * turn - 1);
            assertThat(blocks.stream().map(CodexContract::unmarked))
                    .containsExactlyElementsOf(before.get(turn - 1).content().stream()
                            .map(ApiBlock::whole)
                            .toList());
            assertThat(blocks)
                    .filteredOn(block -> block.getString("type").contains("thinking"))
                    .noneMatch(block -> block.containsKey("cache_control"));
            checkResult(sent.blocks(2 * turn).get(0), "toolu_01step" + turn, "done-" + turn);
        }
    }

    private static JsonObject unmarked(JsonObject block) {
        return Json.createObjectBuilder(block).remove("cache_control").build();
    }

    private static void checkResult(JsonObject block, String id, String text) {
        assertThat(block.getString("type")).isEqualTo("tool_result");
        assertThat(block.getString("tool_use_id")).isEqualTo(id);
        assertThat(block.toString()).contains(text);
    }

    private static void checkPicture(JsonObject block) {
        assertThat(block.getString("type")).isEqualTo("image");
        assertThat(block.getJsonObject("source").getString("data")).isEqualTo(PNG);
    }
}
