package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.models.Model;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What OpenAI's own SDK asks for, it gets from Claude through Warder, in the very form that it holds to be OpenAI's.
 *
 * <p>What goes wrong reaches OpenAI's own SDK as what OpenAI would have said of it.
 */
class OpenAiSdkContract extends OpenAiSdkGround {
    @Test
    void getsACompletion() throws Exception {
        upstream.script(GREETING.whole());
        var completion = create(hello().addSystemMessage("Be brief.").maxCompletionTokens(64));
        assertThat(completion.id()).startsWith("chatcmpl-");
        assertThat(completion.model()).isEqualTo(ALIAS);
        var choice = completion.choices().get(0);
        assertThat(choice.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(choice.message().content()).contains(GREETING_TEXT);
        assertThat(choice.message().refusal()).isEmpty();
        assertThat(choice.message().toolCalls()).isEmpty();
        assertThat(choice.message()._allProperties())
                .containsEntry("reasoning_content", JsonValue.from("A greeting, so I greet."));
        check(completion.usage().orElseThrow());
        var sent = sent();
        assertThat(sent.stream()).isFalse();
        assertThat(sent.body().maxTokens()).isEqualTo(64);
        assertThat(sent.last().toString()).startsWith("{\"role\":\"system\"").contains("Be brief.");
        assertThat(sent.blocks(0).toString()).contains("\"Hello\"");
    }

    @Test
    void comesWithAKeyOfItsOwn() throws Exception {
        upstream.script(GREETING.whole());
        var client = client(OpenAIOkHttpClient.builder().apiKey(OWN_KEY).putHeader("X-Warder-Token", ACCESS_TOKEN));
        assertThat(text(client.chat().completions().create(hello().build()))).isEqualTo(GREETING_TEXT);
        SentMessage.of(upstream.take(), OWN_KEY);
    }

    @Test
    void getsAStreamChunkByChunk() throws Exception {
        var firstRead = latch();
        upstream.script(pieceByPiece(firstRead));
        var chunks = new ArrayList<ChatCompletionChunk>();
        try (var stream = client().chat().completions().createStreaming(hello().build())) {
            var read = stream.stream().iterator();
            chunks.add(read.next());
            firstRead.countDown();
            read.forEachRemaining(chunks::add);
        }
        var whole = whole(chunks);
        assertThat(whole.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(text(whole)).isEqualTo(GREETING_TEXT);
        assertThat(reasoning(chunks)).isEqualTo("A greeting, so I greet.");
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
        assertThat(sent().stream()).isTrue();
    }

    @Test
    void tellsTheUsageOfAStreamToThoseWhoAsk() throws Exception {
        upstream.script(GREETING.streamed());
        var chunks = stream(hello().streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build()));
        var last = chunks.get(chunks.size() - 1);
        assertThat(last.choices()).isEmpty();
        check(last.usage().orElseThrow());
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
    }

    @Test
    void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        converse(this::create);
        checkToolTurns();
    }

    @Test
    void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        converse(request -> whole(stream(request)));
        checkToolTurns();
    }

    @Test
    void getsAStructuredAnswerAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        var completion = client().chat()
                .completions()
                .create(hello().responseFormat(Person.class).build());
        assertThat(completion.choices().get(0).message().content()).contains(new Person("Ada", 1815));
        checkPersonAsked();
    }

    @Test
    void getsAStructuredAnswerAsAStream() throws Exception {
        upstream.script(PERSON.streamed());
        var whole = ChatCompletionAccumulator.create();
        try (var stream = client().chat()
                .completions()
                .createStreaming(hello().responseFormat(Person.class).build())) {
            stream.stream().forEach(whole::accumulate);
        }
        var completion = whole.chatCompletion(Person.class);
        assertThat(completion.choices().get(0).message().content()).contains(new Person("Ada", 1815));
        checkPersonAsked();
    }

    @Test
    void showsPicturesAndDocuments() throws Exception {
        upstream.script(GREETING.whole());
        var text = ChatCompletionContentPartText.builder().text("What is this?").build();
        var file = ChatCompletionContentPart.File.FileObject.builder()
                .filename("rain.pdf")
                .fileData("data:application/pdf;base64," + PDF);
        create(ChatCompletionCreateParams.builder()
                .model(ALIAS)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofText(text),
                        picture("data:image/png;base64," + PNG),
                        picture(PICTURE),
                        ChatCompletionContentPart.ofFile(ChatCompletionContentPart.File.builder()
                                .file(file.build())
                                .build()))));
        checkSight();
    }

    @Test
    void isServedBesideTheApiItself() throws Exception {
        upstream.script(GREETING.whole());
        scriptModels();
        var client = client(managed(), container.baseUri() + "/v1");
        assertThat(text(client.chat().completions().create(hello().build()).validate()))
                .isEqualTo(GREETING_TEXT);
        assertThat(client.models().retrieve(ApiMessage.MODEL).validate().ownedBy())
                .isNotEmpty();
        sent();
    }

    @Test
    void listsAndGetsModels() {
        scriptModels();
        var models = client().models();
        assertThat(models.list().autoPager())
                .allSatisfy(Model::validate)
                .extracting(Model::id)
                .containsExactly(ApiMessage.MODEL, ALIAS);
        var one = models.retrieve(ApiMessage.MODEL).validate();
        assertThat(one.id()).isEqualTo(ApiMessage.MODEL);
        assertThat(one.created()).isPositive();
        assertThat(one.ownedBy()).isNotEmpty();
    }

    /** How a program gets an answer. */
    private interface Asking {
        ChatCompletion ask(ChatCompletionCreateParams.Builder request);
    }

    /** Goes on until the model wants no tool any more. */
    private static void converse(Asking asking) {
        var request = ChatCompletionCreateParams.builder()
                .model(ALIAS)
                .addUserMessage("What is the weather?")
                .addTool(Weather.class)
                .addFunctionTool(FunctionDefinition.builder()
                        .name("clock")
                        .description("What time it is")
                        .build())
                .parallelToolCalls(true);
        var answer = asking.ask(request);
        while (answer.choices().get(0).finishReason().equals(FinishReason.TOOL_CALLS)) {
            var message = answer.choices().get(0).message();
            request.addMessage(message);
            message.toolCalls().orElseThrow().forEach(call -> request.addMessage(result(call.asFunction())));
            answer = asking.ask(request);
        }
        assertThat(text(answer)).isEqualTo(REPORT_TEXT);
    }

    private static ChatCompletionToolMessageParam result(ChatCompletionMessageFunctionToolCall call) {
        var function = call.function();
        var result = function.name().equals("clock")
                ? "It is noon."
                : weatherIn(function.arguments(Weather.class).city());
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content(result)
                .build();
    }

    private static ChatCompletionContentPart picture(String url) {
        return ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url(url)
                        .build())
                .build());
    }

    private ChatCompletion create(ChatCompletionCreateParams.Builder request) {
        return client().chat().completions().create(request.build()).validate();
    }

    private List<ChatCompletionChunk> stream(ChatCompletionCreateParams.Builder request) {
        try (var stream = client().chat().completions().createStreaming(request.build())) {
            return stream.stream().toList();
        }
    }

    /** All chunks are valid and of the same completion, which they make up. */
    private static ChatCompletion whole(List<ChatCompletionChunk> chunks) {
        var whole = ChatCompletionAccumulator.create();
        chunks.forEach(chunk -> whole.accumulate(chunk.validate()));
        assertThat(chunks)
                .extracting(ChatCompletionChunk::id)
                .containsOnly(chunks.get(0).id());
        assertThat(chunks).extracting(ChatCompletionChunk::model).containsOnly(ALIAS);
        assertThat(chunks.get(0).id()).startsWith("chatcmpl-");
        return whole.chatCompletion().validate();
    }

    private static String reasoning(List<ChatCompletionChunk> chunks) {
        var text = new StringBuilder();
        chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta()._allProperties().get("reasoning_content"))
                .forEach(piece -> text.append(piece == null ? "" : piece.asStringOrThrow()));
        return text.toString();
    }

    private static String text(ChatCompletion completion) {
        ChatCompletionMessage message = completion.choices().get(0).message();
        return message.content().orElseThrow();
    }

    private static void check(CompletionUsage usage) {
        assertThat(usage.promptTokens()).isEqualTo(125);
        assertThat(usage.completionTokens()).isEqualTo(12);
        assertThat(usage.totalTokens()).isEqualTo(137);
        assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).contains(100L);
        assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens())
                .contains(4L);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, as told, 400, invalid_request_error, ''",
        "400, invalid_request_error, prompt is too long, 400, invalid_request_error, context_length_exceeded",
        "402, billing_error, as told, 429, insufficient_quota, insufficient_quota",
        "403, permission_error, as told, 403, permission_error, permission_error",
        "404, not_found_error, model: claude-none, 404, invalid_request_error, model_not_found",
        "413, request_too_large, as told, 413, invalid_request_error, request_too_large",
        "429, rate_limit_error, as told, 429, requests, rate_limit_exceeded",
        "500, api_error, as told, 500, server_error, api_error",
        "504, timeout_error, as told, 504, server_error, timeout_error",
        "529, overloaded_error, as told, 503, server_error, overloaded"
    })
    void raisesTheUpstreamsErrorAsOpenAisOwn(
            int status, String type, String message, int seen, String seenType, String code) {
        upstream.script(error(status, type, message));
        var raised = raisedBy(client());
        assertThat(raised).isInstanceOf(exceptionFor(seen));
        assertThat(raised.statusCode()).isEqualTo(seen);
        assertThat(raised.type()).contains(seenType);
        assertThat(raised.code()).isEqualTo(Optional.of(code).filter(text -> !text.isEmpty()));
        assertThat(raised.param()).isEqualTo(Optional.of("model").filter(text -> code.equals("model_not_found")));
        assertThat(raised.getMessage()).contains(message);
        assertThat(raised.headers().values("x-request-id")).containsExactly("req_upstream");
        assertThat(raised.headers().values("retry-after")).containsExactly("7");
    }

    @Test
    void tellsARefusedManagedKeyAsAFaultOfTheGatewayThatNoRetryMends() {
        upstream.script(error(401, "authentication_error", "invalid x-api-key"));
        var raised = raisedBy(client(managed().maxRetries(2)));
        assertThat(raised).isInstanceOf(InternalServerException.class);
        assertThat(raised.statusCode()).isEqualTo(502);
        assertThat(raised.headers().values("x-should-retry")).containsExactly("false");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void refusesAWrongAccessTokenOnce() {
        var wrong = "wrong-" + "access1".repeat(4);
        var raised = raisedBy(client(OpenAIOkHttpClient.builder().apiKey(wrong)));
        assertThat(raised).isInstanceOf(UnauthorizedException.class);
        assertThat(raised.code()).contains("invalid_api_key");
        assertThat(raised.type()).contains("invalid_request_error");
        assertThat(raised.getMessage()).doesNotContain(wrong);
        assertThat(raised.headers().values("x-request-id")).singleElement().satisfies(id -> assertThat(id)
                .startsWith("req_wrd_"));
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void repeatsARateLimitedRequestWhenTheAnswerSaysSo() throws Exception {
        upstream.next((request, reply) ->
                reply.field("retry-after-ms", "10").json(429, Messages.error("rate_limit_error", "slowly")));
        upstream.next(GREETING.whole());
        var client = client(managed().maxRetries(1));
        assertThat(client.chat().completions().create(hello().build()).model()).isEqualTo(ALIAS);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void raisesTheErrorEventInMidStream() {
        var raised = raisedInStreamBy(errorInStream());
        assertThat(raised.code()).contains("overloaded");
        assertThat(raised.type()).contains("server_error");
        assertThat(raised.getMessage()).contains("too many");
    }

    @Test
    void raisesAnErrorWhenTheUpstreamIsLostInMidStream() {
        var raised = raisedInStreamBy(lostStream());
        assertThat(raised.code()).contains("api_error");
        assertThat(raised.type()).contains("server_error");
    }

    @Test
    void closesTheUpstreamWhenTheProgramClosesTheStream() throws Exception {
        upstream.script(endlessStream());
        try (var stream = client().chat().completions().createStreaming(hello().build())) {
            assertThat(stream.stream().findFirst()).isPresent();
        }
        upstream.take().awaitPeerClosed(SOON);
    }

    private OpenAIServiceException raisedInStreamBy(Script script) {
        upstream.script(script);
        try (var stream = client().chat().completions().createStreaming(hello().build())) {
            var text = new StringBuilder();
            var raised = watched(catchThrowableOfType(OpenAIServiceException.class, () -> stream.stream()
                    .forEach(chunk -> chunk.choices().get(0).delta().content().ifPresent(text::append))));
            assertThat(text).hasToString("Good ");
            return raised;
        }
    }

    private static OpenAIServiceException raisedBy(OpenAIClient client) {
        return raisedBy(client, hello());
    }

    private static OpenAIServiceException raisedBy(OpenAIClient client, ChatCompletionCreateParams.Builder request) {
        return watched(catchThrowableOfType(
                OpenAIServiceException.class, () -> client.chat().completions().create(request.build())));
    }

    private static OpenAIServiceException watched(OpenAIServiceException raised) {
        SecretWatch.check("an error of OpenAI's SDK", raised + " " + raised.headers() + " " + raised.body());
        return raised;
    }

    private static Class<? extends OpenAIServiceException> exceptionFor(int status) {
        return switch (status) {
            case 400 -> BadRequestException.class;
            case 403 -> PermissionDeniedException.class;
            case 404 -> NotFoundException.class;
            case 413 -> UnexpectedStatusCodeException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }
}
