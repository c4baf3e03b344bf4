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
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretWatch;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong reaches OpenAI's own SDK as what OpenAI would have said of it. */
class OpenAiSdkTroubleContract extends OpenAiSdkGround {
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
