package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that come twice: refused where they decide about the request, passed as they are elsewhere. */
class DuplicateMembersContract extends SharedContract {
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
