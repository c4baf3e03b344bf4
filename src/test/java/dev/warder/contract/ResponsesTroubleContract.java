package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseError;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretWatch;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors reach a client of the Responses API as OpenAI would report them, before a stream and within it. */
class ResponsesTroubleContract extends ResponsesGround {
    ResponsesTroubleContract(Container.Starter starter) {
        super(starter);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, the reason, 400, invalid_request_error, ''",
        "400, invalid_request_error, prompt is too long, 400, invalid_request_error, context_length_exceeded",
        "402, billing_error, the reason, 429, insufficient_quota, insufficient_quota",
        "403, permission_error, the reason, 403, permission_error, permission_error",
        "404, not_found_error, model: claude-none, 404, invalid_request_error, model_not_found",
        "413, request_too_large, the reason, 413, invalid_request_error, request_too_large",
        "429, rate_limit_error, the reason, 429, requests, rate_limit_exceeded",
        "500, api_error, the reason, 500, server_error, api_error",
        "504, timeout_error, the reason, 504, server_error, timeout_error",
        "529, overloaded_error, the reason, 503, server_error, overloaded"
    })
    void raisesTheUpstreamsErrorAsOpenAisOwn(
            int status, String type, String message, int seen, String seenType, String code) {
        upstream.script(error(status, type, message));
        var raised = raisedBy(client(), question());
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
    void refusesAWrongAccessTokenOnce() {
        var wrong = "wrong-" + "access1".repeat(4);
        var raised = raisedBy(client(OpenAIOkHttpClient.builder().apiKey(wrong)), question());
        assertThat(raised).isInstanceOf(UnauthorizedException.class);
        assertThat(raised.code()).contains("invalid_api_key");
        assertThat(raised.getMessage()).doesNotContain(wrong);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void repeatsARateLimitedRequestWhenTheResponseSaysSo() throws Exception {
        upstream.next((request, reply) ->
                reply.field("retry-after-ms", "10").json(429, Messages.error("rate_limit_error", "slowly")));
        upstream.next(GREETING.whole());
        var client = client(managed().maxRetries(1));
        assertThat(client.responses().create(question().build()).model().string())
                .contains(ALIAS);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void endsAStreamAsFailedAtAnErrorEvent() {
        var error = failure(errorInStream());
        assertThat(error.message()).contains("too many");
    }

    @Test
    void endsAStreamAsFailedWhenTheUpstreamIsLost() {
        assertThat(failure(lostStream()).code()).isEqualTo(ResponseError.Code.SERVER_ERROR);
    }

    /** By this code Codex repeats no request; the classes of the SDK do not list it. */
    @Test
    void reportsASpentBudgetInMidStream() {
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start() + Messages.delta("Good "));
            reply.event("error", Messages.error("billing_error", "The credit balance is spent."));
            reply.lastChunk();
        });
        var unvalidated = client().withOptions(options -> options.responseValidation(false));
        try (var stream = unvalidated.responses().createStreaming(question().build())) {
            var events = stream.stream().toList();
            var response = events.get(events.size() - 1).asFailed().response();
            assertThat(response.error().orElseThrow().code().asString()).isEqualTo("insufficient_quota");
        }
    }

    @Test
    void closesTheUpstreamWhenTheProgramClosesTheStream() throws Exception {
        upstream.script(endlessStream());
        try (var stream = client().responses().createStreaming(question().build())) {
            assertThat(stream.stream()
                            .filter(ResponseStreamEvent::isOutputTextDelta)
                            .findFirst())
                    .isPresent();
        }
        upstream.take().awaitPeerClosed(SOON);
    }

    /** The error of the response that a stream ends with, after the text so far. */
    private ResponseError failure(Script script) {
        upstream.script(script);
        var events = stream(question());
        assertThat(types(events)).endsWith("response.failed").contains("response.output_text.delta");
        var response = events.get(events.size() - 1).asFailed().response();
        assertThat(response.status()).contains(ResponseStatus.FAILED);
        assertThat(response.output()).noneMatch(ResponseOutputItem::isFunctionCall);
        return response.error().orElseThrow();
    }

    private static OpenAIServiceException raisedBy(OpenAIClient client, ResponseCreateParams.Builder request) {
        return watched(catchThrowableOfType(
                OpenAIServiceException.class, () -> client.responses().create(request.build())));
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
