package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.MultipartField;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.beta.files.FileUploadParams;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretWatch;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the published Java SDK asks for, it gets through Warder, whether it shows an access token or brings its own key.
 *
 * <p>What goes wrong reaches the published Java SDK as what it is: the right exception, with the request's id.
 *
 * <p>Clients made with the published Java SDK. Everything tagged {@code sdk} runs a second time with the older SDK.
 */
@Tag("client")
@Tag("sdk")
class SdkContract extends ClientContract {
    private final Map<SdkCaller, AnthropicClient> clients = new EnumMap<>(SdkCaller.class);

    @Test
    void thisIsTheSdkThatTheRunIsAbout() throws Exception {
        upstream.script(json(200, SdkAnswers.MESSAGE));
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
        upstream.script(json(200, SdkAnswers.MESSAGE));
        var message = client(caller).messages().create(hello().build());
        assertThat(message.content().get(0).asText().text()).isEqualTo("Good day.");
        assertThat(message.usage().outputTokens()).isEqualTo(5);
        assertThat(sent(caller).text()).contains("\"Hello\"");
    }

    @ParameterizedTest
    @EnumSource
    void getsAStreamEventByEvent(SdkCaller caller) throws Exception {
        var firstRead = latch();
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
        next(json(200, SdkAnswers.TOOL_USE), json(200, SdkAnswers.MESSAGE));
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
            reply.dribbleChunks(utf8(SdkAnswers.TOOL_STREAM));
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
        upstream.on("/v1/messages/count_tokens", json(200, "{\"input_tokens\":14}"));
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
        upstream.on("/v1/models", json(200, SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5")));
        upstream.on("/v1/models/claude-opus-5-5", json(200, SdkAnswers.MODEL));
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
        upstream.next(json(200, SdkAnswers.MESSAGE));
        assertThat(client.messages()
                        .create(hello().model("fast").build())
                        .model()
                        .asString())
                .isEqualTo("fast");
        upstream.next((request, reply) -> reply.messageStream("Good day."));
        var whole = MessageAccumulator.create();
        try (var stream =
                client.messages().createStreaming(hello().model("fast").build())) {
            stream.stream().forEach(whole::accumulate);
        }
        assertThat(whole.message().model().asString()).isEqualTo("fast");
        assertThat(upstream.requests())
                .allSatisfy(sent -> assertThat(sent.text()).contains("\"claude-opus-5-5\""));
        upstream.next(json(200, SdkAnswers.list(SdkAnswers.MODEL, "claude-opus-5-5")));
        assertThat(client.models().list().autoPager())
                .extracting(model -> model.id() + " " + model.displayName())
                .containsExactly("claude-opus-5-5 Claude Opus 5.5", "fast Claude Opus 5.5");
    }

    @ParameterizedTest
    @EnumSource
    void listsBatches(SdkCaller caller) throws Exception {
        upstream.on("/v1/messages/batches", json(200, SdkAnswers.list(SdkAnswers.BATCH, "msgbatch_test")));
        assertThat(client(caller).messages().batches().list().data())
                .singleElement()
                .satisfies(
                        batch -> assertThat(batch.requestCounts().succeeded()).isEqualTo(2));
        assertThat(sent(caller).method()).isEqualTo("GET");
    }

    @ParameterizedTest
    @EnumSource
    void uploadsAFile(SdkCaller caller) throws Exception {
        upstream.on("/v1/files", json(200, SdkAnswers.FILE));
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

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, MANAGED",
        "400, invalid_request_error, OWN_KEY",
        "401, authentication_error, OWN_KEY",
        "404, not_found_error, MANAGED",
        "429, rate_limit_error, MANAGED",
        "429, rate_limit_error, OWN_KEY",
        "529, overloaded_error, MANAGED",
        "529, overloaded_error, OWN_KEY"
    })
    void raisesTheUpstreamsErrorAsItsOwn(int status, String type, SdkCaller caller) throws Exception {
        upstream.script(error(status, type, "as told"));
        var raised = raisedBy(client(caller));
        assertThat(raised).isInstanceOf(exceptionFor(status));
        assertThat(raised.statusCode()).isEqualTo(status);
        assertThat(raised.headers().values("request-id")).containsExactly("req_upstream");
        assertThat(raised.headers().values("retry-after")).containsExactly("7");
        assertThat(raised.body().toString()).contains(type).contains("as told");
        caller.check(upstream.take().fields());
    }

    @Test
    void tellsARefusedManagedKeyAsAFaultOfTheGatewayThatNoRetryMends() throws Exception {
        upstream.script(json(401, Messages.error("authentication_error", "invalid x-api-key")));
        var raised = raisedBy(client(SdkCaller.MANAGED.authenticated(), container.baseUri()));
        assertThat(raised).isInstanceOf(InternalServerException.class);
        assertThat(raised.statusCode()).isEqualTo(502);
        assertThat(raised.headers().values("x-should-retry")).containsExactly("false");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void refusesAWrongAccessTokenOnce() {
        var wrong = "wrong-" + "access1".repeat(4);
        var raised = raisedBy(client(AnthropicOkHttpClient.builder().apiKey(wrong), container.baseUri()));
        assertThat(raised).isInstanceOf(UnauthorizedException.class);
        assertThat(raised.headers().values("request-id")).singleElement().satisfies(id -> assertThat(id)
                .startsWith("req_wrd_"));
        assertThat(raised.body().toString()).contains("authentication_error").doesNotContain(wrong);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void repeatsARateLimitedRequestWhenTheAnswerSaysSo() throws Exception {
        upstream.next((request, reply) ->
                reply.field("retry-after-ms", "10").json(429, Messages.error("rate_limit_error", "slowly")));
        upstream.next(json(200, SdkAnswers.MESSAGE));
        var client = client(SdkCaller.MANAGED.authenticated().maxRetries(1), container.baseUri());
        assertThat(client.messages().create(hello().build()).id()).isEqualTo("msg_test");
        assertThat(upstream.take().fields().first("X-Stainless-Retry-Count")).contains("0");
        assertThat(upstream.take().fields().first("X-Stainless-Retry-Count")).contains("1");
    }

    @Test
    void raisesTheErrorEventInMidStream() {
        var raised = raisedInStreamBy(errorInStream());
        assertThat(raised.body().toString()).contains("overloaded_error").contains("too many");
    }

    @Test
    void raisesAnErrorWhenTheUpstreamIsLostInMidStream() {
        var raised = raisedInStreamBy((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start() + Messages.delta("Good "));
            reply.reset();
        });
        assertThat(raised.body().toString()).contains("api_error").contains("req_wrd_");
    }

    @Test
    void closesTheUpstreamWhenTheProgramClosesTheStream() throws Exception {
        upstream.script(endlessStream());
        try (var stream = client(SdkCaller.MANAGED).messages().createStreaming(hello().build())) {
            assertThat(stream.stream().findFirst()).isPresent();
        }
        upstream.take().awaitPeerClosed(SOON);
    }

    private AnthropicServiceException raisedInStreamBy(Script script) {
        upstream.script(script);
        try (var stream = client(SdkCaller.OWN_KEY).messages().createStreaming(hello().build())) {
            return watched(catchThrowableOfType(
                    AnthropicServiceException.class, () -> stream.stream().forEach(event -> {})));
        }
    }

    private static AnthropicServiceException raisedBy(AnthropicClient client) {
        return watched(catchThrowableOfType(
                AnthropicServiceException.class, () -> client.messages().create(hello().build())));
    }

    private static AnthropicServiceException watched(AnthropicServiceException raised) {
        SecretWatch.check("an error of the SDK", raised + " " + raised.headers() + " " + raised.body());
        return raised;
    }

    private static Class<? extends AnthropicServiceException> exceptionFor(int status) {
        return switch (status) {
            case 400 -> BadRequestException.class;
            case 401 -> UnauthorizedException.class;
            case 404 -> NotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }

    /** A client of Warder's that repeats nothing by itself. */
    final AnthropicClient client(SdkCaller caller) {
        return clients.computeIfAbsent(caller, one -> client(one.authenticated().maxRetries(0), container.baseUri()));
    }

    /** A client of this address, until the end of the class. */
    final AnthropicClient client(AnthropicOkHttpClient.Builder builder, URI address) {
        var client = builder.baseUrl(address.toString()).build();
        closing((AutoCloseable) client::close);
        return client;
    }

    /** A question to begin with. */
    static MessageCreateParams.Builder hello() {
        return MessageCreateParams.builder()
                .model("claude-opus-5-5")
                .maxTokens(64)
                .addUserMessage("Hello");
    }
}
