package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies that are no JSON object in UTF-8 within the bounds: told so with 400, and nothing of them goes upstream.
 *
 * <p>Members that come twice: refused where they decide about the request, passed as they are elsewhere.
 */
class JsonInputContract extends SharedContract {
    /** No decimal number of Java has the first three exponents, and none the others without its last zeros. */
    private static final List<String> HUGE = List.of(
            "1e99999999999", "-1e99999999999", "1E-99999999999", "100e2147483647", "-100e2147483647", "1e2147483647");

    private static final String DEEP = "[".repeat(127) + "]".repeat(127);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\n",
                "{",
                "}",
                "{}}",
                "{} {}",
                "{},",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,\"a\":1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\" 1}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":0x10}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":True}",
                "{\"a\":nul}",
                "{\"a\":truee}",
                "{\"a\":undefined}",
                "{\"a\":\"x}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\u0000\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":[}]",
                "{/**/}",
                "{} // end",
                "{\"a\":1}\u0000",
                "\u0000",
                "{\u00a0}",
                "{\"a\":1]",
                "\f{}",
                "model=claude-x",
                "--x\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--x--",
                "[]",
                "[{}]",
                "null",
                "true",
                "1",
                "\"{}\"",
                "{\"model\":\"claude-x\""
            })
    void refusesWhatIsNoObject(String body) throws Exception {
        refuseBytes(utf8(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "efbbbf7b7d", // UTF-8 with a byte order mark
                "fffe7b007d00",
                "feff007b007d",
                "7b007d00",
                "007b007d", // UTF-16 with a mark and without
                "7b0000007d000000", // UTF-32
                "7b2261223a22eda080227d",
                "7b2261223a22edb080227d", // raw surrogates, high and low
                "7b2261223a22eda0bdedb880227d", // a pair of them (CESU-8)
                "7b2261223a22ff227d",
                "7b2261223a2280227d",
                "7b2261223a22c3227d", // no UTF-8
                "7b2261223a22c0af227d",
                "7b2261223a22e08080227d",
                "7b2261223a22f4908080227d", // overlong, beyond Unicode
                "7b22eda080223a317d", // in a name
                "ff7b7d",
                "7b7dff"
            })
    void refusesWhatIsNoUtf8(String hex) throws Exception {
        refuseBytes(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ud83d\\ud83d\\ude00", "\\ude00\\ud83d", "\\ud83dx", "x\\uDBFF\\n"})
    void refusesHalfSurrogates(String escaped) throws Exception {
        refuseBytes(utf8("{\"a\":\"" + escaped + "\"}"));
        refuseBytes(utf8("{\"" + escaped + "\":1}"));
    }

    @Test
    void takesDepthAndDigitsUpToTheirLimits() throws Exception {
        passes("{\"a\":" + DEEP + "}");
        passes("{\"a\":" + "7".repeat(256) + "}");
        passes("{\"a\":-1." + "7".repeat(250) + "e1000}");
        refuseBytes(utf8("{\"a\":[" + DEEP + "]}"));
        refuseBytes(utf8("{\"a\":" + "{\"a\":".repeat(199) + "1" + "}".repeat(200)));
        refuseBytes(utf8("[".repeat(100_000)));
        refuseBytes(utf8("{\"a\":" + "7".repeat(257) + "}"));
    }

    /** What it makes of them is for the upstream to say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"max_tokens\":%s}",
                "{\"fallbacks\":[{\"max_tokens\":%s}]}",
                "{\"tools\":[{\"max_tokens\":%s}]}",
                "{\"metadata\":{\"max_tokens\":%s}}",
                "{\"thinking\":{\"budget_tokens\":%s}}",
                "{\"thread\":{\"type\":\"create\",\"x\":%s}}"
            })
    void passesNumbersWithHugeExponents(String form) throws Exception {
        for (var number : HUGE) {
            passes(form.formatted(number));
        }
    }

    @Test
    void refusesNumbersWithHugeExponentsInOpenAisDialect() throws Exception {
        for (var path : List.of("/v1/chat/completions", "/v1/responses")) {
            for (var number : HUGE) {
                var body = "{\"model\":\"claude-x\",\"store\":false,\"temperature\":" + number
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"input\":\"a\"}";
                try (var client = connect(gateway())) {
                    var answer = client.exchange(post(path).json(body));
                    assertThat(answer.status()).as(path + " " + number).isEqualTo(400);
                    assertThat(answer.text()).contains("invalid_request_error");
                }
            }
        }
    }

    @Test
    void judgesTokenCountsTheSame() throws Exception {
        refuse(gateway(), post("/v1/messages/count_tokens").json("[]"), 400, "invalid_request_error");
        refuse(gateway(), post("/v1/messages").field("Content-Length", "0"), 400, "invalid_request_error");
        refuse(gateway(), post("/v1/messages?beta=true"), 400, "invalid_request_error");
    }

    @Test
    void finishesAChunkedBodyBeforeItRefuses() throws Exception {
        try (var client = connect(gateway())) {
            client.send(
                    post("/v1/messages").field("Transfer-Encoding", "chunked").head());
            client.sendChunk(utf8("{\"a\":nonsense")).sendChunk(utf8("}")).sendChunk(new byte[0]);
            var answer = client.readResponse();
            Refusal.check(answer, 400);
            assertThat(upstream.requests()).isEmpty();
            if (keepsConnection(answer)) {
                assertStatus(200, client.exchange(valid()));
            }
        }
    }

    private void passes(String body) throws Exception {
        assertThat(pass(gateway(), post("/v1/messages").json(body)).text()).isEqualTo(body);
        upstream.clear();
    }

    private void refuseBytes(byte[] body) throws Exception {
        refuse(gateway(), post("/v1/messages").body(body), 400, "invalid_request_error");
    }

    private static RawRequest valid() {
        return post("/v1/messages").json("{\"model\":\"next\"}");
    }

    static Stream<String> twice() {
        return Stream.of(
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"model\":\"a\"}",
                "{\"stream\":true,\"x\":{},\"stream\":false}",
                "{\"system\":\"a\",\"system\":null}",
                "{\"max_tokens\":1,\"max_tokens\":1}",
                "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}",
                "{\"\\u0073ystem\":[],\"s\\u0079stem\":[]}",
                "{\"max\\u005ftokens\":1,\"max_tokens\":2}",
                "{\"str\\u0065am\":true,\"stream\":true}");
    }

    @ParameterizedTest
    @MethodSource
    void twice(String body) throws Exception {
        var refused = refuse(gateway(), post("/v1/messages").json(body), 400, "invalid_request_error");
        assertThat(refused.text()).contains("twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"temperature\":1,\"temperature\":1.0}",
                "{\"x\":{\"model\":1,\"model\":2},\"model\":\"m\"}",
                "{\"Model\":1,\"model\":\"m\"}",
                "{\"messages\":[{\"system\":1,\"system\":2}],\"system\":[]}",
                "{\"\":1,\"\":2}",
                " \t\r\n{ } \n",
                "{\"a\":\"\\ud83d\\ude00\\u0000\u007f\u2028\"}"
            })
    void passesWhatIsOddAndValid(String body) throws Exception {
        assertThat(pass(gateway(), post("/v1/messages").json(body)).text()).isEqualTo(body);
    }
}
