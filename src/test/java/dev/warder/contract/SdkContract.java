package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.JsonValue;
import com.anthropic.core.MultipartField;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.beta.files.FileUploadParams;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the published Java SDK asks for, it gets through Warder, whether it shows an access token or brings its own key. */
class SdkContract extends SdkGround {
    @Test
    void thisIsTheSdkThatTheRunIsAbout() throws Exception {
        upstream.script((request, reply) -> reply.json(200, SdkAnswers.MESSAGE));
        client(SdkCaller.MANAGED.authenticated(), upstream.uri()).messages().create(hello().build());
        var fields = upstream.take().fields();
        var field = System.getProperty("warder.sdk.field", "Authorization");
        assertThat(fields.has("Authorization")).isEqualTo(field.equals("Authorization"));
        assertThat(fields.has("X-Api-Key")).isEqualTo(field.equals("X-Api-Key"));
        assertThat(fields.first("User-Agent").orElseThrow()).endsWith(System.getProperty("warder.sdk.version", ""));
    }

    @ParameterizedTest
    @EnumSource
    void getsAMessage(SdkCaller caller) throws Exception {
        upstream.script((request, reply) -> reply.json(200, SdkAnswers.MESSAGE));
        var message = client(caller).messages().create(hello().build());
        assertThat(message.content().get(0).asText().text()).isEqualTo("Good day.");
        assertThat(message.usage().outputTokens()).isEqualTo(5);
        assertThat(sent(caller).text()).contains("\"Hello\"");
    }

    @ParameterizedTest
    @EnumSource
    void getsAStreamEventByEvent(SdkCaller caller) throws Exception {
        var firstRead = new CountDownLatch(1);
        upstream.script(Script.events(
                Messages.start(),
                firstRead,
                Messages.ping() + Messages.delta("Good ") + Messages.delta("day.") + Messages.end()));
        var whole = MessageAccumulator.create();
        try (var stream = client(caller).messages().createStreaming(hello().build())) {
            var events = stream.stream().iterator();
            assertThat(whole.accumulate(events.next()).isMessageStart()).isTrue();
            firstRead.countDown();
            events.forEachRemaining(whole::accumulate);
        }
        assertThat(whole.message().content().get(0).asText().text()).isEqualTo("Good day.");
        assertThat(sent(caller).text()).contains("\"stream\":true");
    }

    @ParameterizedTest
    @EnumSource
    void usesATool(SdkCaller caller) throws Exception {
        upstream.next((request, reply) -> reply.json(200, SdkAnswers.TOOL_USE));
        upstream.next((request, reply) -> reply.json(200, SdkAnswers.MESSAGE));
        var messages = client(caller).messages();
        var question = hello().addTool(weather());
        var asked = messages.create(question.build());
        assertThat(asked.stopReason()).contains(StopReason.TOOL_USE);
        var use = asked.content().get(1).asToolUse();
        assertThat(use.name()).isEqualTo("weather");
        var answer = question.addMessage(asked).addMessage(SdkAnswers.toolResult(use.id()));
        assertThat(messages.create(answer.build()).stopReason()).contains(StopReason.END_TURN);
        assertThat(sent(caller).text()).contains("\"input_schema\"");
        assertThat(sent(caller).text()).contains("\"tool_result\"").contains("toolu_test");
    }

    @ParameterizedTest
    @EnumSource
    void streamsAToolUse(SdkCaller caller) throws Exception {
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.dribbleChunks(SdkAnswers.TOOL_STREAM.getBytes(StandardCharsets.UTF_8));
            reply.lastChunk();
        });
        var whole = MessageAccumulator.create();
        try (var stream = client(caller)
                .messages()
                .createStreaming(hello().addTool(weather()).build())) {
            stream.stream().forEach(whole::accumulate);
        }
        var use = whole.message().content().get(0).asToolUse();
        assertThat(use._input()).isEqualTo(JsonValue.from(Map.of("city", "Zürich")));
        assertThat(sent(caller).target()).isEqualTo("/v1/messages");
    }

    @ParameterizedTest
    @EnumSource
    void countsTokens(SdkCaller caller) throws Exception {
        upstream.on("/v1/messages/count_tokens", (request, reply) -> reply.json(200, "{\"input_tokens\":14}"));
        var count = client(caller)
                .messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("claude-opus-5-5")
                        .addUserMessage("Hello")
                        .build());
        assertThat(count.inputTokens()).isEqualTo(14);
        assertThat(sent(caller).method()).isEqualTo("POST");
    }

    @ParameterizedTest
    @EnumSource
    void listsAndGetsModels(SdkCaller caller) throws Exception {
        upstream.on(
                "/v1/models",
                (request, reply) -> reply.json(200, SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5")));
        upstream.on("/v1/models/claude-opus-5-5", (request, reply) -> reply.json(200, SdkAnswers.MODEL));
        var models = client(caller).models();
        assertThat(models.list().autoPager()).singleElement().satisfies(model -> assertThat(model.displayName())
                .isEqualTo("Claude Opus 5.5"));
        assertThat(models.retrieve("claude-opus-5-5").id()).isEqualTo("claude-opus-5-5");
        assertThat(sent(caller).method()).isEqualTo("GET");
        assertThat(sent(caller).path()).isEqualTo("/v1/models/claude-opus-5-5");
    }

    @Test
    void callsAModelByAnAlias() throws Exception {
        var aliases = ground.container("aliases", ground.usual().with("models.aliases", "fast=claude-opus-5-5"));
        var client = client(SdkCaller.MANAGED.authenticated().maxRetries(0), aliases.baseUri());
        upstream.next((request, reply) -> reply.json(200, SdkAnswers.MESSAGE));
        var message = client.messages().create(hello().model("fast").build());
        assertThat(message.model().asString()).isEqualTo("fast");
        upstream.next((request, reply) -> reply.messageStream("Good day."));
        var whole = MessageAccumulator.create();
        try (var stream =
                client.messages().createStreaming(hello().model("fast").build())) {
            stream.stream().forEach(whole::accumulate);
        }
        assertThat(whole.message().model().asString()).isEqualTo("fast");
        assertThat(upstream.requests())
                .allSatisfy(sent -> assertThat(sent.text()).contains("\"claude-opus-5-5\""));
        upstream.next((request, reply) -> reply.json(200, SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5")));
        assertThat(client.models().list().autoPager())
                .extracting(model -> model.id() + " " + model.displayName())
                .containsExactly("claude-opus-5-5 Claude Opus 5.5", "fast Claude Opus 5.5");
    }

    @ParameterizedTest
    @EnumSource
    void listsBatches(SdkCaller caller) throws Exception {
        upstream.on(
                "/v1/messages/batches",
                (request, reply) -> reply.json(200, SdkAnswers.list(SdkAnswers.BATCH, "msgbatch_test")));
        assertThat(client(caller).messages().batches().list().data())
                .singleElement()
                .satisfies(
                        batch -> assertThat(batch.requestCounts().succeeded()).isEqualTo(2));
        assertThat(sent(caller).method()).isEqualTo("GET");
    }

    @ParameterizedTest
    @EnumSource
    void uploadsAFile(SdkCaller caller) throws Exception {
        upstream.on("/v1/files", (request, reply) -> reply.json(200, SdkAnswers.FILE));
        byte[] content = "0123456789\r\n".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
        var file = MultipartField.<InputStream>builder()
                .value(new ByteArrayInputStream(content))
                .filename("numbers.txt")
                .contentType("text/plain")
                .build();
        var uploaded = client(caller)
                .beta()
                .files()
                .upload(FileUploadParams.builder().file(file).build());
        assertThat(uploaded.id()).isEqualTo("file_test");
        var sent = sent(caller);
        assertThat(sent.fields().first("Content-Type").orElseThrow()).startsWith("multipart/form-data; boundary=");
        assertThat(sent.text())
                .contains("filename=\"numbers.txt\"")
                .contains(new String(content, StandardCharsets.US_ASCII));
    }

    private RecordedRequest sent(SdkCaller caller) throws InterruptedException {
        var sent = upstream.take();
        caller.check(sent.fields());
        return sent;
    }

    private static Tool weather() {
        var properties = Tool.InputSchema.Properties.builder()
                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                .build();
        var schema = Tool.InputSchema.builder()
                .properties(properties)
                .addRequired("city")
                .build();
        return Tool.builder().name("weather").inputSchema(schema).build();
    }
}
