package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Named access tokens and what each of them may do. */
class RightsContract extends GroundContract {
    private static final String CLAUDE = "{\"model\":\"claude-haiku\",\"max_tokens\":1}";
    private static final String OTHER = "{\"model\":\"gpt-x\",\"max_tokens\":1}";

    private final String everything = token();
    private final String ownOnly = token();
    private final String managedOnly = token();
    private final String limited = token();
    private final String expired = token();
    private final String searching = token();
    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        log.plant(everything, ownOnly, managedOnly, limited, expired, searching);
        var file = Files.write(
                folder.resolve("clients"),
                List.of(
                        "# The tokens of this test",
                        line(everything, "build") + " rights=passthrough,managed,workspace",
                        line(ownOnly, "editor") + " rights=passthrough",
                        line(managedOnly, "ci") + " rights=managed,workspace expires=2999-01-01T00:00:00Z",
                        line(searching, "search") + " rights=managed,web",
                        line(limited, "support") + " models=claude-*,other-one",
                        line(expired, "vendor") + " expires=2020-01-01T00:00:00+01:00"));
        container = ground.container("rights", ground.usual().with("clients.file", file.toString()));
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void takesANamedTokenInEachSlotAndInTwo(Endpoint endpoint) throws Exception {
        sent(endpoint.request(container).field("x-api-key", everything), MANAGED_KEY);
        sent(endpoint.request(container).field("Authorization", "bearer " + everything), MANAGED_KEY);
        sent(endpoint.request(container).field("X-Warder-Token", everything).field("x-api-key", OWN_KEY), OWN_KEY);
        sent(endpoint.request(container).field("x-api-key", everything).bearer(everything), MANAGED_KEY);
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void refusesTwoValidTokensOfDifferentClients(Endpoint endpoint) throws Exception {
        var named = endpoint.request(container).field("x-api-key", everything);
        refused(named.bearer(managedOnly), 400, "invalid_request_error");
        var shared = endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN);
        refused(shared.field("x-api-key", everything), 400, "invalid_request_error");
        var expiredBeside = endpoint.request(container).field("x-api-key", everything);
        refused(expiredBeside.bearer(expired), 401, "authentication_error");
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void refusesAnExpiredToken(Endpoint endpoint) throws Exception {
        var answer = refused(endpoint.request(container).field("x-api-key", expired), 401, "authentication_error");
        assertThat(answer.fields().has("www-authenticate")).isTrue();
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void givesAClientWithPassthroughAloneNoManagedCredential(Endpoint endpoint) throws Exception {
        var alone = endpoint.request(container).field("x-api-key", ownOnly);
        var answer = refused(alone, 401, "authentication_error");
        assertThat(answer.text()).contains("upstream.credentials");
        assertThat(answer.fields().has("www-authenticate")).isFalse();
        sent(endpoint.request(container).bearer(ownOnly).field("x-api-key", OWN_KEY), OWN_KEY);
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void dropsWhatAClientWithManagedAloneBrings(Endpoint endpoint) throws Exception {
        sent(endpoint.request(container).field("x-api-key", managedOnly).bearer(OWN_OAUTH), MANAGED_KEY);
        var own = Endpoint.of("GET /api/oauth/usage").request(container).field("x-api-key", managedOnly);
        refused(own.bearer(OWN_OAUTH), 403, "permission_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/v1/messages/count_tokens"})
    void keepsALimitedClientToItsModels(String path) throws Exception {
        sent(limited("POST", path).json(CLAUDE), MANAGED_KEY);
        sent(limited("POST", path).json(CLAUDE.replace("claude-haiku", "other-one")), MANAGED_KEY);
        refused(limited("POST", path).json(OTHER), 403, "permission_error");
        refused(limited("POST", path).json(CLAUDE.replace("claude-haiku", "other-one2")), 403, "permission_error");
        refused(limited("POST", path).json("{}"), 403, "permission_error");
        refused(limited("POST", path).json("{\"model\":7}"), 403, "permission_error");
    }

    @EachItem(
            """
            POST /anthropic/v1/messages, GET /v1/files, GET /v1/messages/batches, POST /v1/messages/batches
            GET /v1/unknown, GET /api/oauth/usage""")
    void keepsALimitedClientFromPathsWithoutAModel(String endpoint) throws Exception {
        var request = Endpoint.of(endpoint).request(container).field("x-api-key", limited);
        var answer = refused(request, 403, "permission_error");
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
    }

    @Test
    void letsAClientSearchTheWebWithTheOperatorsCredentialByTheRightToItOnly() throws Exception {
        for (var type : List.of("web_search_20250305", "web_fetch_20250910", "w\\u0065b_search_20260318")) {
            String tool =
                    "{\"model\":\"claude-x\",\"max_tokens\":1,\"tools\":[{\"type\":\"" + type + "\",\"name\":\"a\"}]}";
            var messages = request(container, "POST", "/v1/messages").json(tool);
            assertThat(refused(messages.field("x-api-key", everything), 403, "permission_error")
                            .text())
                    .contains("the right web");
            sent(request(container, "POST", "/v1/messages").json(tool).field("x-api-key", searching), MANAGED_KEY);
            sent(
                    request(container, "POST", "/v1/messages")
                            .json(tool)
                            .field("X-Warder-Token", everything)
                            .field("x-api-key", OWN_KEY),
                    OWN_KEY);
            sent(request(container, "POST", "/v1/messages").json(tool).field("x-api-key", ACCESS_TOKEN), MANAGED_KEY);
        }
    }

    /** As searches: the upstream connects to an address of the caller's choice. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://a.example\",\"name\":\"a\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\","
                        + "\"url\":\"https://a.example\"}}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":[{\"type\":"
                        + "\"document\",\"source\":{\"url\":\"https://a.example\",\"type\":\"url\"}}]}]}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"content\","
                        + "\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://a\"}}]}}]}]"
            })
    void letsAClientNameAddressesByTheRightToTheWebOnly(String members) throws Exception {
        var body = "{\"model\":\"claude-x\",\"max_tokens\":1," + members + "}";
        var lacking = request(container, "POST", "/v1/messages").json(body).field("x-api-key", everything);
        assertThat(refused(lacking, 403, "permission_error").text()).contains("the right web");
        sent(request(container, "POST", "/v1/messages").json(body).field("x-api-key", searching), MANAGED_KEY);
        var own = request(container, "POST", "/v1/messages").json(body).field("X-Warder-Token", everything);
        sent(own.field("x-api-key", OWN_KEY), OWN_KEY);
    }

    @Test
    void letsAClientNameAddressesOfImagesInOpenAisDialectByTheRightToTheWebOnly() throws Exception {
        var body = "{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"https://a.example\"}}]}]}";
        var lacking = send(
                container,
                request(container, "POST", Completions.PATH).json(body).field("x-api-key", everything));
        assertThat(lacking.status()).isEqualTo(403);
        assertThat(lacking.text()).contains("the right web");
        upstream.next(json(200, "{\"type\":\"message\",\"content\":[],\"usage\":{}}"));
        send(container, request(container, "POST", Completions.PATH).json(body).field("x-api-key", searching));
        assertThat(upstream.take().text()).contains("https://a.example");
    }

    /** What looks like a source in the input of a tool is text. */
    @Test
    void letsEachClientSendInputsOfToolsThatLookLikeSources() throws Exception {
        var source =
                "{\"source\":{\"type\":\"url\",\"url\":\"https://a.example\"},\"content\":[{\"source\":{\"type\":\"url\"}}]}";
        var body = "{\"model\":\"claude-x\",\"max_tokens\":1,\"mcp_servers\":[],\"metadata\":" + source
                + ",\"tools\":[{\"name\":\"a\",\"input_schema\":" + source + "}],\"messages\":[{\"role\":\"assistant\","
                + "\"content\":[{\"type\":\"tool_use\",\"input\":" + source + "}]}]}";
        sent(request(container, "POST", "/v1/messages").json(body).field("x-api-key", everything), MANAGED_KEY);
    }

    /** It would go upstream, and into the logs of front ends. */
    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/messages?key=%s", "/v1/models?a=b&token=x%%20%s", "/v1/files/%s", "/anthropic/v1/x?%s"})
    void refusesATokenInTheAddress(String path) throws Exception {
        String escaped = everything.replace("_", "%5F").replace("w", "%77");
        String method = path.startsWith("/v1/messages") ? "POST" : "GET";
        for (var token : List.of(everything, ACCESS_TOKEN, expired, escaped)) {
            var request = request(container, method, path.formatted(token))
                    .field("x-api-key", token.equals(ACCESS_TOKEN) ? ACCESS_TOKEN : everything);
            refused(method.equals("POST") ? request.json(CLAUDE) : request, 400, "invalid_request_error");
        }
    }

    @Test
    void letsALimitedClientReadTheModels() throws Exception {
        sent(limited("GET", "/v1/models"), MANAGED_KEY);
        sent(limited("GET", "/v1/models/claude-x"), MANAGED_KEY);
    }

    @Test
    void namesTheClientInTheAccessLineAndNothingOfItsToken() throws Exception {
        log.clear();
        sent(Endpoint.WAYS.get(0).request(container).field("x-api-key", everything), MANAGED_KEY);
        // The line of the request before may come late.
        var line = log.await(
                "dev.warder.access", text -> text.contains(" client=build "), java.time.Duration.ofSeconds(5));
        assertThat(line.text()).contains(" credential=primary/api-key ", " status=200 ");
    }

    /** The seal of reasoning names the client, which alone may send it back. */
    @Test
    void opensReasoningForTheClientAloneThatGotIt() throws Exception {
        var thinking = "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"model\":\"claude-haiku-4-5\","
                + "\"content\":[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"c2lnbmVk\"},"
                + "{\"type\":\"text\",\"text\":\"Servus\"}],\"stop_reason\":\"end_turn\","
                + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
        upstream.next(json(200, thinking));
        var first = send(container, response(everything, "{\"role\":\"user\",\"content\":\"Hi\"}"));
        upstream.take();
        var output = Answers.json(first).getJsonArray("output");
        var history = "{\"role\":\"user\",\"content\":\"Hi\"}," + output.get(0) + "," + output.get(1)
                + ",{\"role\":\"user\",\"content\":\"And?\"}";
        assertThat(history).contains("encrypted_content");
        for (var token : List.of(everything, managedOnly)) {
            upstream.next(json(200, thinking));
            var answer = ok(container, response(token, history));
            boolean opened = upstream.take().text().contains("c2lnbmVk");
            assertThat(opened).isEqualTo(token.equals(everything));
            assertThat(answer.fields().first("X-Warder-Ignored").orElse("").contains("encrypted_content"))
                    .isEqualTo(!opened);
        }
    }

    private RawRequest response(String token, String input) {
        return request(container, "POST", Responses.PATH)
                .field("x-api-key", token)
                .json("{\"model\":\"claude-haiku-4-5\",\"store\":false,\"include\":[\"reasoning.encrypted_content\"],"
                        + "\"reasoning\":{\"effort\":\"high\"},\"input\":[" + input + "]}");
    }

    private RawRequest limited(String method, String path) {
        return request(container, method, path).field("x-api-key", limited);
    }

    private void sent(RawRequest request, String key) throws Exception {
        ok(container, request);
        var head = upstream.take();
        assertThat(head.fields().values("x-api-key")).containsExactly(key);
        assertThat(head.fields().has("authorization")).isFalse();
        assertThat(head.rawHead()).doesNotContain("wrd_", ACCESS_TOKEN);
    }

    private RawResponse refused(RawRequest request, int status, String type) throws Exception {
        var before = upstream.requests().size();
        var answer = send(container, request);
        Answers.refused(answer, status, type);
        assertThat(answer.text()).doesNotContain(everything, ownOnly, managedOnly, limited, expired);
        assertThat(upstream.requests()).hasSize(before);
        return answer;
    }
}
