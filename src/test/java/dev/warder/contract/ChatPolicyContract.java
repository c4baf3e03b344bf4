package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may ask for chat completions, with whose credential they go up, and what the operator adds to them. */
class ChatPolicyContract extends GroundContract {
    private static final String PROMPT = "Answer in the house style.";
    private static final String BLOCK = "{\"type\":\"text\",\"text\":\"" + PROMPT + "\"}";
    private static final String PARTS =
            "[{\"type\":\"text\",\"text\":\"Be brief.\"},{\"type\":\"text\",\"text\":\"Be kind.\"}]";
    private static final String SMALL = Completions.WHOLE.replace(Completions.ALIAS, "gpt-small");

    private final String limited = token();
    private Container gateway;
    private Container managedOnly;

    @BeforeAll
    final void prepare() throws Exception {
        log.plant(limited);
        var clients = Files.writeString(
                folder.resolve("clients"), line(limited, "support") + " models=claude-sonnet-*,claude-odd\n");
        var deployment = ground.usual()
                .with("openai.models", Completions.ALIASES + ";gpt-small=claude-haiku-4-5;odd=claude-odd")
                .with("clients.file", clients.toString())
                .with("prompt.text", PROMPT)
                .with("prompt.skipModels", "claude-haiku*, gpt-test");
        gateway = ground.container("all", deployment);
        managedOnly = ground.container("managed", deployment.with("prompt.mode", "managed"));
    }

    @EachRow({
        "system    | \"Be brief.\"   | [I,{\"type\":\"text\",\"text\":\"Be brief.\"}]",
        "developer | P               | [I,{\"type\":\"text\",\"text\":\"Be brief.\"},{\"type\":\"text\",\"text\":\"Be kind.\"}]",
        "system    | \"Answer in the house style.\" | [I]",
        "user      | \"Be brief.\"   | [I]"
    })
    void putsTheOperatorsPromptInFrontOfTheTranslatedSystem(String role, String content, String system)
            throws Exception {
        String message = "{\"role\":\"" + role + "\",\"content\":" + content.replace("P", PARTS) + "},";
        answered(shared(Completions.WHOLE.replace("[", "[" + message)));
        assertThat(upstream.take().text()).contains("\"system\":" + system.replace("I", BLOCK));
    }

    /** Else the upstream's cache would lose the conversation with each instruction. */
    @Test
    void keepsTheOperatorsPromptInTheSystemNextToALaterInstruction() throws Exception {
        String later = ",{\"role\":\"developer\",\"content\":\"Be brief.\"}]";
        answered(shared(Completions.WHOLE.replace("]", later)));
        assertThat(upstream.take().text())
                .contains("\"system\":[" + BLOCK + "]")
                .contains("{\"role\":\"system\",\"content\":[{\"type\":\"text\",\"text\":\"Be brief.\"}]}]");
    }

    @Test
    void leavesModelsAloneByTheNameThatTheUpstreamHasForThem() throws Exception {
        answered(shared(SMALL));
        assertThat(upstream.take().text()).contains("claude-haiku-4-5").doesNotContain("system");
        answered(shared(Completions.STREAM));
        assertThat(upstream.take().text()).contains(BLOCK);
    }

    @Test
    void keepsALimitedClientToItsModelsByTheNameThatTheUpstreamHasForThem() throws Exception {
        for (String model : List.of(Completions.ALIAS, "odd", "claude-sonnet-4-5")) {
            answered(limited("POST", Completions.PATH).json(Completions.WHOLE.replace(Completions.ALIAS, model)));
        }
        for (String model : List.of("gpt-small", "claude-opus-5")) {
            var answer =
                    send(limited("POST", Completions.PATH).json(Completions.STREAM.replace(Completions.ALIAS, model)));
            Completions.refused(answer, 403, "permission_error", "permission_error");
            assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
            assertThat(line(answer)).contains("client=support", "status=403", "end=refused");
        }
        assertThat(upstream.requests()).hasSize(3);
    }

    @EachItem(
            """
            POST /v1/chat/completions, POST /openai/v1/chat/completions, GET /openai/v1/models
            GET /v1/models/gpt-test, POST /v1/responses""")
    void refusesAWrongAccessToken(String endpoint) throws Exception {
        for (String field : List.of("Bearer wrong-" + "token".repeat(5), "Basic " + ACCESS_TOKEN, "")) {
            var request = Endpoint.of(endpoint).request(gateway);
            var answer = send(field.isEmpty() ? request : request.field("Authorization", field));
            Completions.refused(answer, 401, "invalid_request_error", "invalid_api_key");
            assertFields(answer.fields(), "x-should-retry", "false", "www-authenticate", "Bearer realm=\"warder\"");
            assertThat(line(answer)).contains("dialect=openai", "status=401", "end=refused");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void sendsAClientsOwnCredential() throws Exception {
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            var byKey = send(own(gateway, "Bearer " + OWN_KEY).json(asked));
            var key = upstream.take();
            assertThat(key.fields().values("x-api-key")).containsExactly(OWN_KEY);
            assertThat(key.fields().has("authorization")).isFalse();
            assertThat(line(byKey)).containsPattern("client=shared .* status=200 .* end=ok");
            answered(own(gateway, "Bearer " + OWN_OAUTH)
                    .field("anthropic-beta", "files-api-2025-04-14")
                    .json(asked));
            var bearer = upstream.take();
            assertThat(bearer.fields().values("authorization")).containsExactly("Bearer " + OWN_OAUTH);
            assertThat(bearer.fields().has("x-api-key")).isFalse();
            assertThat(bearer.fields().values("anthropic-beta"))
                    .containsExactly("files-api-2025-04-14,oauth-2025-04-20");
        }
    }

    @Test
    void tellsAClientThatItsOwnCredentialWasRefused() throws Exception {
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            upstream.next((request, reply) -> reply.field("x-should-retry", "false")
                    .field("request-id", "req_up")
                    .json(401, Messages.error("authentication_error", "invalid x-api-key")));
            var answer = send(own(gateway, "Bearer " + OWN_KEY).json(asked));
            assertThat(Completions.refused(answer, 401, "invalid_request_error", "invalid_api_key"))
                    .isEqualTo("invalid x-api-key");
            assertFields(answer.fields(), "x-should-retry", "false", "x-request-id", "req_up");
            assertThat(line(answer)).contains("status=401", "end=ok").doesNotContain("primary");
        }
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void asksForTheModelsWithAClientsOwnCredential() throws Exception {
        upstream.next(json(401, Messages.error("authentication_error", "gone")));
        var answer = send(request(gateway, "GET", "/openai/v1/models")
                .field("X-Warder-Token", ACCESS_TOKEN)
                .bearer(OWN_OAUTH));
        assertThat(Completions.refused(answer, 401, "invalid_request_error", "invalid_api_key"))
                .isEqualTo("gone");
        assertThat(upstream.requests()).hasSize(1).allSatisfy(sent -> {
            assertThat(sent.fields().values("authorization")).containsExactly("Bearer " + OWN_OAUTH);
            assertThat(sent.fields().values("anthropic-beta")).containsExactly("oauth-2025-04-20");
        });
    }

    @Test
    void tellsThatAManagedCredentialWasRefusedAsItsOwnTrouble() throws Exception {
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            upstream.next((request, reply) -> reply.field("WWW-Authenticate", "Bearer")
                    .json(401, Messages.error("authentication_error", "invalid x-api-key")));
            var answer = send(shared(asked));
            assertThat(Completions.refused(answer, 502, "server_error", "api_error"))
                    .contains("\"primary\"");
            assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
            assertThat(answer.fields().has("www-authenticate")).isFalse();
            assertThat(line(answer)).contains("credential=primary/api-key", "status=502", "end=error");
        }
    }

    private RawRequest shared(String json) {
        return shared(gateway, json);
    }

    private static RawRequest shared(Container container, String json) {
        return request(container, "POST", Completions.PATH).bearer(ACCESS_TOKEN).json(json);
    }

    private RawRequest limited(String method, String path) {
        return request(gateway, method, path).bearer(limited);
    }

    private static RawRequest own(Container container, String credential) {
        return request(container, "POST", Completions.PATH)
                .field("X-Warder-Token", ACCESS_TOKEN)
                .field("Authorization", credential);
    }

    private void answered(RawRequest request) throws Exception {
        answered(gateway, request);
    }

    private static void answered(Container container, RawRequest request) throws Exception {
        ok(container, request);
    }

    private RawResponse send(RawRequest request) throws Exception {
        var answer = send(gateway, request);
        assertThat(answer.toString()).doesNotContain(ACCESS_TOKEN, MANAGED_KEY, OWN_KEY, OWN_OAUTH, limited);
        return answer;
    }
}
