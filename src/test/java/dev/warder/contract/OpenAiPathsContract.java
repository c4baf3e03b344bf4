package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's paths: what is not served says so in OpenAI's shape, and all of them are off where the operator says so. */
class OpenAiPathsContract extends GroundContract {
    private static final List<String> SERVED = items(
            """
            POST /v1/chat/completions, POST /openai/v1/chat/completions, POST /v1/responses
            POST /openai/v1/responses, POST /v1/responses/input_tokens, GET /openai/v1/models
            GET /openai/v1/models/gpt-test""");

    private Container on;
    private Container off;

    @BeforeAll
    final void prepare() throws Exception {
        var deployment = ground.usual().with("openai.models", Completions.ALIASES);
        on = ground.container("", deployment);
        off = ground.container("off", deployment.with("openai.enabled", "false"));
    }

    @EachItem(
            """
            /openai, /openai/models, /openai/v1, /openai/v1/chat, /v1/v1/chat, /openai/v1/embeddings, /v1/chat
            /v1/responses/r, /v1/responses/r/cancel, /v1/responses/compact, /v1/completions, /v1/embeddings
            /v1/images/generations, /v1/audio/speech, /v1/moderations, /v1/fine_tuning/jobs, /v1/assistants
            /v1/threads/t, /v1/vector_stores, /v1/uploads/u/parts, /v1/realtime, /v1/v1/embeddings
            /v1/chat/completions/c, /openai/v1/messages""")
    void saysWhatIsServedWhereNothingIs(String path) throws Exception {
        for (String method : List.of("GET", "POST", "DELETE")) {
            var answer = send(on, method + " " + path);
            assertThat(message(answer)).contains("POST /v1/chat/completions", "GET /v1/models");
            assertThat(message(send(off, method + " " + path))).doesNotContain("/v1/");
            for (var container : List.of(on, off)) {
                var stranger = send(container, request(container, method, path));
                Answers.refusedAsOpenAi(stranger, 401, "invalid_api_key");
                assertThat(stranger.fields().values("www-authenticate")).containsExactly("Bearer realm=\"warder\"");
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void servesNothingOfItWhereItIsOff() throws Exception {
        for (String endpoint : SERVED) {
            assertThat(message(send(off, endpoint))).doesNotContain("/v1/");
            Answers.refusedAsOpenAi(send(off, Endpoint.of(endpoint).request(off)), 401, "invalid_api_key");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void passesTheApisOwnModelsToEverybodyWhereItIsOff() throws Exception {
        for (String target : List.of("/v1/models?limit=3", "/v1/models/gpt-test")) {
            upstream.next(json(200, "{ \"data\":[] }"));
            assertThat(send(off, "GET " + target).text()).isEqualTo("{ \"data\":[] }");
            assertThat(upstream.take().target()).isEqualTo(target);
        }
        var wrong = request(off, "GET", "/v1/models").field("Authorization", "Bearer wrong-" + "x".repeat(20));
        Answers.refused(send(off, wrong), 401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai//v1/models",
                "/v1/chat/completions;a=b",
                "/openai/v1/models/a%2Fb",
                "/v1/chat/../messages"
            })
    void refusesAmbiguousPathsInTheShapeOfTheirBeginning(String path) throws Exception {
        for (Container container : List.of(on, off)) {
            var answer = assertStatus(400, send(container, "GET " + path));
            if (!answer.text().contains("<html")) {
                assertThat(Answers.json(answer).keySet()).containsExactly("error");
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    private static String message(RawResponse answer) {
        Answers.refusedAsOpenAi(answer, 404, "not_found_error");
        return Answers.json(answer).getJsonObject("error").getString("message");
    }

    private static RawResponse send(Container container, String endpoint) throws Exception {
        return send(container, Endpoint.of(endpoint).request(container).bearer(ACCESS_TOKEN));
    }
}
