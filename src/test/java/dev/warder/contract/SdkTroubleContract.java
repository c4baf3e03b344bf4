package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretWatch;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong reaches the published Java SDK as what it is: the right exception, with the request's id. */
class SdkTroubleContract extends SdkGround {
    private static final Duration SOON = Duration.ofSeconds(5);

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
        upstream.script(
                (request, reply) -> reply.json(401, Messages.error("authentication_error", "invalid x-api-key")));
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
        upstream.next((request, reply) -> reply.json(200, SdkAnswers.MESSAGE));
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
}
