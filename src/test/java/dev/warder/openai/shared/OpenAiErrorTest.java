package dev.warder.openai.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.Talk;
import dev.warder.testkit.Messages;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiErrorTest {
    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, No., 400, invalid_request_error, null, null",
        "400, invalid_request_error, prompt is too long: 9 tokens > 8 maximum, 400, invalid_request_error, context_length_exceeded, null",
        "401, authentication_error, No., 401, invalid_request_error, invalid_api_key, null",
        "403, permission_error, No., 403, permission_error, permission_error, null",
        "404, not_found_error, model: claude-9, 404, invalid_request_error, model_not_found, model",
        "409, conflict_error, No., 409, invalid_request_error, conflict_error, null",
        "429, rate_limit_error, Too many requests., 429, requests, rate_limit_exceeded, null",
        "429, rate_limit_error, Too many input tokens., 429, tokens, rate_limit_exceeded, null",
        "502, api_error, No., 502, server_error, api_error, null",
        "504, timeout_error, No., 504, server_error, timeout_error, null",
        "418, teapot_error, No., 418, invalid_request_error, teapot_error, null",
        "599, new_error, No., 599, server_error, new_error, null",
        "400, invalid_request_error, input length and `max_tokens` exceed context limit: 9 + 8 > 10, 400, invalid_request_error, context_length_exceeded, null",
        "413, invalid_request_error, No., 413, invalid_request_error, null, null",
        "422, invalid_request_error, No., 422, invalid_request_error, null, null",
        "500, invalid_request_error, No., 400, invalid_request_error, null, null",
        "403, authentication_error, No., 401, invalid_request_error, invalid_api_key, null",
        "429, billing_error, No., 429, insufficient_quota, insufficient_quota, null",
        "503, overloaded_error, No., 503, server_error, overloaded, null",
        "529, api_error, No., 503, server_error, overloaded, null",
        "529, new_error, No., 503, server_error, overloaded, null",
        "503, api_error, No., 503, server_error, api_error, null",
        "400, api_error, No., 500, server_error, api_error, null",
        "408, timeout_error, No., 504, server_error, timeout_error, null",
        "302, new_error, No., 500, server_error, new_error, null",
        "999, new_error, No., 500, server_error, new_error, null",
        "999, api_error, No., 500, server_error, api_error, null"
    })
    void t50TellsTheUpstreamsErrorAsOpenAiDoes(
            int status, String upstreams, String message, int expected, String type, String code, String param) {
        var error = OpenAiError.of(status, Messages.error(upstreams, message).getBytes(StandardCharsets.UTF_8));
        assertThat(error.status()).isEqualTo(expected);
        String members = "\"message\":\"%s\",\"type\":\"%s\",\"param\":%s,\"code\":%s"
                .formatted(message, type, quoted(param), quoted(code));
        assertThat(new String(error.body(), StandardCharsets.UTF_8)).isEqualTo("{\"error\":{" + members + "}}");
    }

    private static String quoted(String word) {
        return word.equals("null") ? word : '"' + word + '"';
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate_limit_error, enforced_spend_limit_reached, insufficient_quota",
        "429, rate_limit_error, contract_spend_limit_reached, insufficient_quota",
        "402, invalid_request_error, linked_organization_spend_limit_reached, insufficient_quota",
        "402, new_error, linked_organization_billing_unavailable, insufficient_quota",
        "429, rate_limit_error, ramp_limit_exceeded, requests",
    })
    void tellsASpentLimitAsAQuota(int status, String type, String code, String told) {
        String body = "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"Spent.\","
                + "\"details\":{\"error_code\":\"" + code + "\"}}}";
        var error = OpenAiError.of(status, body.getBytes(StandardCharsets.UTF_8));
        assertThat(error.type()).isEqualTo(told);
        assertThat(error.status()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({
        "400, 502, server_error",
        "403, 502, server_error",
        "413, 413, invalid_request_error",
        "429, 429, requests",
        "500, 502, server_error",
        "503, 502, server_error",
        "529, 503, server_error"
    })
    void t51MakesAnErrorOfWhatCannotBeRead(int status, int expected, String type) {
        for (String body :
                new String[] {"", "<html>Bad Gateway</html>", "null", "[]", "{\"error\":\"x\"}", "{\"error\""}) {
            var error = OpenAiError.of(status, body.getBytes(StandardCharsets.UTF_8));
            assertThat(error.status()).as(body).isEqualTo(expected);
            assertThat(error.type()).isEqualTo(type);
            assertThat(error.message()).isNotEmpty().doesNotContain("html");
        }
    }

    @Test
    void t51MakesAnErrorOfBytesOfEveryKind() {
        byte[] gzip = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] large = "<p>".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        byte[] deep = ("{\"error\":" + "[".repeat(300_000)).getBytes(StandardCharsets.UTF_8);
        for (byte[] body :
                new byte[][] {gzip, large, deep, {(byte) 0xFF, 0}, "[{\"error\":{}}]".getBytes(StandardCharsets.UTF_8)
                }) {
            var error = OpenAiError.of(500, body);
            assertThat(error.status()).isEqualTo(502);
            assertThat(error.code()).contains("api_error");
            assertThat(error.message()).hasSizeLessThan(200);
        }
    }

    @Test
    void isOneLineWhateverTheMessageHolds() {
        String odd = "a\r\nevent: x\u2028\"\\\ud800\0";
        byte[] body = OpenAiError.of(
                        400,
                        Messages.error("new\nerror", odd)
                                .replace("\ud800", "\\ud800")
                                .getBytes(StandardCharsets.UTF_8))
                .body();
        String line = new String(body, StandardCharsets.UTF_8);
        assertThat(line).doesNotContain("\n", "\r", "\0");
        assertThat(Talk.object(line).getJsonObject("error").getString("message"))
                .isEqualTo(odd);
    }

    @Test
    void givesAnErrorEventTheStatusOfItsType() {
        var event = Talk.object("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Oh.\"}}");
        assertThat(OpenAiError.of(event).status()).isEqualTo(500);
        assertThat(OpenAiError.of(Talk.object("{\"type\":\"error\"}")).message())
                .isNotEmpty();
    }
}
