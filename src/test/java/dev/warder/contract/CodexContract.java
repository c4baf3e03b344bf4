package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.CodexProcess;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real Codex CLI works on Claude through Warder: its tools run, and their results come upstream.
 *
 * <p>The real Codex CLI ends or repeats a request as the error requires, and closes the upstream request when it ends.
 *
 * <p>The real Codex CLI with Warder as its provider; skipped where the program is not installed.
 */
@Tag("turn-8")
@Tag("turn-only")
class CodexContract extends OpenAiGround {
    private static final int TURNS = 20;

    /** One of each group of names for which Codex sends different tools. */
    static final String UNKNOWN = ApiMessage.MODEL;

    static final String WITH_PATCHES = "gpt-5.5";
    static final String WITH_SCRIPTS = "gpt-5.6-sol";
    static final Duration LIMIT = Duration.ofSeconds(90);
    static final ApiMessage DONE = ApiMessage.said(ApiBlock.text("All ", "done."));

    /** An MCP server on its standard streams with one tool, which returns its arguments. */
    private static final String ODATA_SERVER =
            """
            const properties = {$top: {type: 'integer'}, 'filter[state]': {type: 'string'}, größe: {type: 'number'}};
            const tool = {name: 'query', inputSchema: {type: 'object', properties, required: ['$top']}};
            const results = {
              initialize: params => ({protocolVersion: params.protocolVersion, capabilities: {tools: {}},
                serverInfo: {name: 'odata', version: '1'}}),
              'tools/list': () => ({tools: [tool]}),
              'tools/call': params => ({content: [{type: 'text', text: JSON.stringify(params.arguments)}]}),
            };
            require('readline').createInterface({input: process.stdin}).on('line', line => {
              const {id, method, params} = JSON.parse(line);
              if (id !== undefined) {
                const result = (results[method] || (() => ({})))(params);
                process.stdout.write(JSON.stringify({jsonrpc: '2.0', id, result}) + '\\n');
              }
            });
            """;

    private Optional<CodexProcess> running = Optional.empty();

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
        next(two.streamed(), DONE.streamed());
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
        next(callOf("apply_patch", patch), DONE.streamed());
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
        next(callOf("exec", "notify(\"one\");\nnotify(\"two\");\ntext(\"three\");"), DONE.streamed());
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

    /** The API refuses the names of the server's properties. */
    @Test
    void callsAnMcpServerUnderTheNamesOfOData() throws Exception {
        var server = Files.createTempFile("odata", ".js");
        try {
            Files.writeString(server, ODATA_SERVER);
            upstream.next((request, reply) -> ApiMessage.asked(ApiBlock.toolUse(
                            "toolu_01odata",
                            tool(request.text(), "query"),
                            "{\"_top_81bf",
                            "98e4\":5,\"filter_state__ce54a381\":\"$top\",\"gr__e_d353a267\":1.5}"))
                    .streamed()
                    .run(request, reply));
            upstream.next(DONE.streamed());
            assertDone(codex(
                    UNKNOWN,
                    "-c",
                    "mcp_servers.odata.command=\"node\"",
                    "-c",
                    "mcp_servers.odata.args=[\"" + server + "\"]",
                    "Ask the service."));
        } finally {
            Files.delete(server);
        }
        assertThat(sent().json().getJsonArray("tools").toString())
                .contains("\"_top_81bf98e4\":{")
                .doesNotContain("\"$top\":{", "\"filter[state]\":{", "\"größe\":{");
        var second = sent();
        assertThat(second.blocks(1).toString()).contains("\"_top_81bf98e4\":5", "\"gr__e_d353a267\":1.5");
        checkResult(
                second.blocks(2).get(0),
                "toolu_01odata",
                "{\\\"$top\\\":5,\\\"filter[state]\\\":\\\"$top\\\",\\\"größe\\\":1.5}");
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
        var signature = Base64.getEncoder().encodeToString(utf8(("signature " + turn).repeat(20)));
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

    /**
     * The sandbox is an instruction, which comes after what the prompt cache has. Without a sandbox Codex has another web search
     * tool, which changes the beginning.
     */
    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN, WITH_PATCHES, WITH_SCRIPTS})
    void continuesWhatWasSentWhenTheSandboxChanges(String model) throws Exception {
        upstream.script(DONE.streamed());
        assertDone(codex(model, "Say one."));
        sent();
        var before = resumed("read-only");
        for (String sandbox : List.of("workspace-write", "read-only")) {
            var after = resumed(sandbox);
            for (String member : List.of("model", "tools", "system", "tool_choice", "thinking", "output_config")) {
                assertThat(after.json().get(member))
                        .as(member)
                        .isEqualTo(before.json().get(member));
            }
            var sent = before.json().getJsonArray("messages");
            assertThat(unmarked(after.json().getJsonArray("messages"))).startsWith(withoutEnd(unmarked(sent)));
            // The breakpoint of the request before, up to which the cache has it, in front of the last instruction.
            assertThat(after.blocks(sent.size() - 2)).last().matches(block -> block.containsKey("cache_control"));
            assertThat(after.last().getString("role")).isEqualTo("system");
            assertThat(after.last().toString()).contains(sandbox);
            before = after;
        }
    }

    /** The request of the session in another sandbox. */
    private SentMessage resumed(String sandbox) throws IOException, InterruptedException {
        running = Optional.of(running.orElseThrow().resume(sandbox, "Say two."));
        assertDone(running.orElseThrow().await(LIMIT));
        return sent();
    }

    private static String unmarked(JsonValue messages) {
        return messages.toString().replace(",\"cache_control\":{\"type\":\"ephemeral\"}", "");
    }

    private static String withoutEnd(String messages) {
        return messages.substring(0, messages.length() - 1);
    }

    @Test
    void repeatsARequestWhoseStreamWasCut() throws Exception {
        next(lostStream(), DONE.streamed());
        assertDone(codex(UNKNOWN, "Begin."));
        var cut = sent();
        assertThat(sent().json()).isEqualTo(cut.json());
        assertThat(upstream.requests()).hasSize(2);
    }

    /** Codex opens a WebSocket first, and after another status than 426 again and again for seconds. */
    @Test
    void sendsItsRequestAfterTheFirstWebSocketIsRefused() throws Exception {
        next(DONE.streamed());
        var process = CodexProcess.startBuiltIn(address(), ACCESS_TOKEN, WITH_PATCHES, "Begin.");
        running = Optional.of(process);
        var result = process.await(LIMIT);
        assertDone(result);
        assertThat(result.errors()).doesNotContain("Reconnecting", "Falling back");
        assertThat(log.lines("dev.warder.access", Level.INFO).stream()
                        .filter(line -> line.text().contains("status=426")))
                .hasSize(1);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void waitsAsLongAsARateLimitSays() throws Exception {
        upstream.next((request, reply) ->
                reply.field("retry-after", "2").json(429, Messages.error("rate_limit_error", "slowly")));
        upstream.next(DONE.streamed());
        long begun = System.nanoTime();
        assertDone(codex(UNKNOWN, "Begin."));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void triesOnceWhenTheBudgetIsSpent() throws Exception {
        upstream.script(error(402, "billing_error", "The credit balance is spent."));
        assertFailed(codex(UNKNOWN, "Begin."), "Quota exceeded.");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void triesOnceWhenTheBudgetEndsInMidStream() throws Exception {
        upstream.script(Script.events(
                Messages.start() + Messages.delta("Good "),
                Messages.event("error", Messages.error("billing_error", "The credit balance is spent."))));
        assertFailed(codex(UNKNOWN, "Begin."), "Quota exceeded.");
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, The request is malformed., The request is malformed.",
        "400, invalid_request_error, prompt is too long: 9 tokens > 8 maximum, ran out of room",
        "404, not_found_error, model: claude-sonnet-5-5, claude-sonnet-5-5"
    })
    void triesOnceWhenARepeatedRequestWouldFailToo(int status, String type, String message, String shown)
            throws Exception {
        upstream.script(error(status, type, message));
        assertFailed(codex(UNKNOWN, "Begin."), shown);
        assertThat(upstream.requests()).hasSize(1);
    }

    /** Codex shows the text so far and does not repeat the request. */
    @Test
    void endsWhenTheModelReachedItsMaximum() throws Exception {
        upstream.script(new ApiMessage("max_tokens", List.of(ApiBlock.text("Half a word"))).streamed());
        assertFailed(codex(UNKNOWN, "Begin."), "max_output_tokens");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void showsTheReasonWhenTheAccessTokenIsWrong() throws Exception {
        assertFailed(start("wrong-" + "access1".repeat(4), UNKNOWN, "Begin.").await(LIMIT), "401 Unauthorized");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN, WITH_PATCHES, WITH_SCRIPTS})
    void closesTheUpstreamWhenItEnds(String model) throws Exception {
        upstream.script(endlessStream());
        var process = start(ACCESS_TOKEN, model, "Begin.");
        var request = upstream.take();
        request.written().awaitAtLeast(1000, LIMIT);
        process.kill();
        request.awaitPeerClosed(SOON);
    }

    @Override
    Deployment deployment() {
        return ground.usual().with("openai.models", "gpt-*=" + ApiMessage.MODEL);
    }

    @BeforeEach
    void requireProgram() {
        assumeTrue(CodexProcess.program().isPresent(), "skipped: needs the program " + CodexProcess.PROGRAM);
    }

    @AfterEach
    void stop() {
        running.ifPresent(CodexProcess::close);
        running = Optional.empty();
    }

    /** Starts a session, which ends with the test. */
    final CodexProcess start(String token, String model, String... arguments) throws IOException {
        var process = CodexProcess.start(address(), token, model, arguments);
        running = Optional.of(process);
        return process;
    }

    final CodexProcess.Result codex(String model, String... arguments) throws IOException, InterruptedException {
        return start(ACCESS_TOKEN, model, arguments).await(LIMIT);
    }

    final Path work() {
        return running.orElseThrow().work();
    }

    static void assertDone(CodexProcess.Result result) {
        assertThat(result.status()).as(result.errors()).isZero();
        assertThat(result.output()).isEqualTo("All done.\n");
    }

    static void assertFailed(CodexProcess.Result result, String shown) {
        assertThat(result.status()).as(result.errors()).isEqualTo(1);
        assertThat(result.errors()).contains(shown);
    }
}
