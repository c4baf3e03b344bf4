package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstEventTest {
    @ParameterizedTest
    @CsvSource({
        "authentication_error, 401",
        "billing_error, 402",
        "permission_error, 403",
        "rate_limit_error, 429",
        "api_error, 500",
        "timeout_error, 503",
        "overloaded_error, 529",
        "an_error_of_tomorrow, 500",
        "invalid_request_error, 0",
        "not_found_error, 0",
        "request_too_large, 0",
    })
    void standsForTheStatusOfItsType(String type, int status) {
        String data = "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"no\"}}";
        assertThat(statusOf("error", data)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{",
                "{}",
                "{\"error\":null}",
                "{\"error\":\"overloaded_error\"}",
                "{\"error\":{}}",
                "{\"error\":{\"type\":7}}"
            })
    void isAnErrorOfTheUpstreamWhateverItsData(String data) {
        assertThat(statusOf("error", data)).isEqualTo(500);
    }

    @Test
    void isAnErrorOfTheUpstreamHoweverDeepItsData() {
        assertThat(statusOf("error", "{\"error\":" + "[".repeat(30_000))).isEqualTo(500);
    }

    @Test
    void isNoErrorUnderAnotherName() {
        assertThat(statusOf("message_start", "{\"error\":{\"type\":\"overloaded_error\"}}"))
                .isZero();
    }

    private static int statusOf(String name, String data) {
        var first = new FirstEvent();
        String stream = "event: " + name + "\ndata: " + data + "\n\nevent: error\ndata: {}\n\n";
        assertThat(first.feed(stream.getBytes(StandardCharsets.UTF_8))).isTrue();
        return first.status();
    }
}
