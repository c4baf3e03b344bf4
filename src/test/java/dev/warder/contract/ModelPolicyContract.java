package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule "Models of a restricted client": a token that is limited to some models is checked on every member of a body
 * that names a model, and names that two readers could take differently are refused.
 */
class ModelPolicyContract extends GroundContract {
    private static final String ALLOWED = "claude-haiku-4-5-20251001";
    private static final List<String> PATHS = List.of("/v1/messages", "/v1/messages/count_tokens");

    /** Members beside a model that is allowed; each names one that is not. */
    static final List<String> FORBIDDEN = List.of(
            "'tools':[{'type':'advisor_20260301','name':'advisor','model':'claude-opus-5-5'}]",
            "'tools':[{'name':'a'},{'m\\u006fdel':'claude-opus-5-5'}]",
            "'\\u0074ools':[{'model':'claude\\u002dopus-5-5'}]",
            "'tools':[{'model':'claude-opus-5-5','model':'claude-haiku-4-5'}]",
            "'tools':[{'model':'claude-haiku-4-5','model':'claude-opus-5-5'}]",
            "'tools':[],'tools':[{'model':'claude-opus-5-5'}]",
            "'tools':[[{'a':1}],{'b':{'c':2},'model':'claude-opus-5-5'}]",
            "'tool_choice':{'model':'claude-opus-5-5'}",
            "'unknown':{'deeper':{'model':'claude-opus-5-5'}}",
            "'unknown':[[],{'model':''}]",
            "'metadata':{'messages':{'model':'claude-opus-5-5'}}",
            "'Messages':[{'model':'claude-opus-5-5'}]",
            "'messages':[{'role':'user','content':'x'}],'thinking':{'model':'claude-opus-5-5'}",
            "'fallbacks':[{'model':'claude-opus-5-5'}]",
            "'fallbacks':[{'model':'claude-haiku-4-5'},{'model':'claude-opus-5-5'}]",
            "'f\\u0061llbacks':[{}]",
            "'fallbacks':[{'model':'claude-haiku-4-5'},{'models':'claude-haiku-4-5'}]",
            "'fallbacks':[{'model':'claude-haiku-4-5','model':7}]",
            "'fallbacks':[{'model':['claude-haiku-4-5']}]",
            "'fallbacks':[{'inner':{'model':'claude-haiku-4-5'}}]",
            "'fallbacks':['claude-haiku-4-5']",
            "'fallbacks':[[{'model':'claude-haiku-4-5'}]]",
            "'fallbacks':[null]",
            "'fallbacks':'auto'",
            "'fallbacks':true",
            "'fallbacks':null",
            "'fallbacks':{'model':'claude-haiku-4-5'}",
            "'fallbacks':[{'model':'claude-haiku-4-5'}],'fallbacks':'auto'");

    /** Members beside a model that is allowed; none of them names another in a place that counts. */
    static final List<String> PERMITTED = List.of(
            "'tools':[{'type':'advisor_20260301','name':'advisor','model':'claude-haiku-4-5'}]",
            "'tools':[{'name':'t','input_schema':{'type':'object','properties':{'model':{'type':'string'}}}}]",
            "'tools':[{'name':'t','input_schema':{'model':'claude-opus-5-5'}}]",
            "'tools':[[{'model':'claude-opus-5-5'}]]",
            "'tools':[{'model':{'a':1}},{'model':7}]",
            "'unknown':{'deeper':{'deepest':{'model':'claude-opus-5-5'}}}",
            "'unknown':{'models':'claude-opus-5-5','mode':'x'}",
            "'unknown':['model','claude-opus-5-5']",
            "'messages':[{'model':'claude-opus-5-5'}]",
            "'messages':{'model':'claude-opus-5-5'}",
            "'m\\u0065ssages':[{'model':'claude-opus-5-5'}]",
            "'system':[{'type':'text','model':'claude-opus-5-5'}]",
            "'fallbacks':[]",
            "'fallbacks':[{'model':'claude-haiku-4-5','more':{'model':1}},{'x':[1,{}],'model':'claude-haiku-4-5-x'}]",
            "'unknown':{'fallbacks':'auto'}");

    /** Top-level names that a reader without regard to case takes for a member that counts. */
    static final List<String> TWINS = List.of(
            "Model", "MODEL", "mode\\u004c", "System", "SYSTEM", "\u017fystem", "sy\\u017Ftem", "\\u0053y\u017ftem");

    private record Asked(String path, String body) {}

    private final String limited = token();
    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        log.plant(limited);
        var line = line(limited, "support") + " models=claude-haiku-4-5*";
        var file = Files.writeString(folder.resolve("clients"), line);
        container = ground.container(
                "models",
                ground.usual()
                        .with("clients.file", file.toString())
                        .with("openai.models", Completions.ALIASES + ";gpt-small=claude-haiku-4-5"));
    }

    @ParameterizedTest
    @FieldSource("FORBIDDEN")
    void refusesAModelNamedElsewhere(String member) throws Exception {
        for (var path : PATHS) {
            var answer = send(limited(path).json(with(member)));
            Answers.refused(answer, 403);
            assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        }
        assertThat(upstream.requests()).isEmpty();
        assertStatus(200, send(shared("/v1/messages").json(with(member))));
    }

    @ParameterizedTest
    @FieldSource("PERMITTED")
    void passesWhatNamesNoOther(String member) throws Exception {
        for (var path : PATHS) {
            assertStatus(200, send(limited(path).json(with(member))));
            assertThat(upstream.take().text()).isEqualTo(with(member));
        }
    }

    @Test
    void findsTheModelInACodedBody() throws Exception {
        var request = limited("/v1/messages")
                .field("Content-Encoding", "gzip")
                .body(GzipBytes.gzip(utf8(with(FORBIDDEN.get(0)))));
        Answers.refused(send(request), 403);
    }

    @ParameterizedTest
    @FieldSource("TWINS")
    void refusesANameThatDiffersInCase(String name) throws Exception {
        for (var path : PATHS) {
            Answers.refused(send(limited(path).json(with("'" + name + "':'x'"))), 400);
        }
        assertThat(upstream.requests()).isEmpty();
        assertStatus(200, send(shared("/v1/messages").json(with("'" + name + "':'x'"))));
    }

    @ParameterizedTest
    @FieldSource("TWINS")
    void refusesItBesideAPrompt(String name) throws Exception {
        var prompted = ground.container("prompted", ground.usual().with("prompt.text", "Be brief."));
        var chat = Completions.WHOLE
                .replace(Completions.ALIAS, ALLOWED)
                .replace("{\"model", "{\"" + name + "\":1,\"model");
        for (var asked :
                List.of(new Asked("/v1/messages", with("'" + name + "':'x'")), new Asked(Completions.PATH, chat))) {
            assertStatus(
                    400,
                    send(prompted, authenticated(prompted, "POST", asked.path()).json(asked.body())));
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void letsNestedNamesDifferInCase() throws Exception {
        assertStatus(200, send(limited("/v1/messages").json(with("'tools':[{'Model':'x','System':'y'}]"))));
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                Arguments.of("a".repeat(256), 200),
                Arguments.of("a".repeat(257), 400),
                Arguments.of("\\u0061".repeat(256), 200),
                Arguments.of("\\u0061".repeat(256) + "a", 400),
                Arguments.of("\u20ac".repeat(256), 200),
                Arguments.of("\u20ac".repeat(257), 400),
                Arguments.of("a".repeat(1537), 400));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void limitsTheLengthOfAModelForEverybody(String name, int status) throws Exception {
        for (var path : PATHS) {
            assertStatus(status, send(shared(path).json("{\"model\":\"" + name + "\"}")));
        }
        if (status == 400) {
            var chat = send(shared(Completions.PATH).json(Completions.WHOLE.replace(Completions.ALIAS, name)));
            Completions.refused(chat, 400, "invalid_request_error", "");
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void limitsTheLengthOfNestedNamesForALimitedClient(String name, int status) throws Exception {
        var member = with("'tools':[{'model':'" + name + "'}]");
        assertThat(send(limited("/v1/messages").json(member)).status()).isEqualTo(status == 400 ? 400 : 403);
        assertStatus(200, send(shared("/v1/messages").json(member)));
    }

    @Test
    void refusesANameOfManyMebibytes() throws Exception {
        var name = "a".repeat(20 << 20) + "\u20ac";
        for (var request : List.of(limited("/v1/messages"), shared("/v1/messages"), shared(Completions.PATH))) {
            assertStatus(400, send(request.json("{\"model\":\"" + name + "\"}")));
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 before 403", "403 before the rest"})
    void keepsTheOrderOfRefusals(String order) throws Exception {
        var forbidden = with(FORBIDDEN.get(0));
        var broken = forbidden.substring(0, forbidden.length() - 1) + ",]";
        int status = order.startsWith("400") ? 400 : 403;
        assertStatus(status, send(limited("/v1/messages").json(status == 400 ? broken : forbidden)));
    }

    /** What is asked upstream counts, and nothing else of the body is translated into a model. */
    @Test
    void checksWhatAChatCompletionAsksFor() throws Exception {
        var other = Completions.WHOLE.replace(
                "\"messages\"",
                "\"tools\":[{\"type\":\"function\",\"model\":\"claude-x\","
                        + "\"function\":{\"name\":\"t\",\"model\":\"claude-x\",\"parameters\":{\"type\":\"object\"}}}],"
                        + "\"fallbacks\":[{\"model\":\"claude-x\"}],\"models\":[\"claude-x\"],\"messages\"");
        Completions.refused(send(limited(Completions.PATH).json(other)), 403, "permission_error", "permission_error");
        var small = other.replace(Completions.ALIAS, "gpt-small");
        var answer = send(limited(Completions.PATH).json(small));
        if (answer.status() == 200) {
            assertThat(upstream.take().text()).contains("claude-haiku-4-5").doesNotContain("claude-x");
        } else {
            assertStatus(400, answer);
        }
        var twin = small.replace("\"models\":", "\"Model\":\"claude-x\",\"models\":");
        assertStatus(400, send(limited(Completions.PATH).json(twin)));
    }

    private static String with(String member) {
        return ("{'model':'" + ALLOWED + "','max_tokens':1," + member + "}").replace('\'', '"');
    }

    private RawRequest limited(String path) {
        return request(container, "POST", path).field("x-api-key", limited);
    }

    private RawRequest shared(String path) {
        return authenticated(container, "POST", path);
    }

    private RawResponse send(RawRequest request) throws Exception {
        return send(container, request);
    }
}
