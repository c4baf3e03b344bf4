package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com, https://api.anthropic.com",
        "https://api.anthropic.com/, https://api.anthropic.com",
        "https://gateway.example:8443/base/path/, https://gateway.example:8443/base/path",
        "HTTPS://gateway.example, HTTPS://gateway.example",
        "http://localhost:9000, http://localhost:9000",
        "http://127.0.0.1, http://127.0.0.1",
        "http://127.255.3.4:1, http://127.255.3.4:1",
        "http://[::1]:80/x, http://[::1]:80/x"
    })
    void takesAbsoluteUrlsAndCutsTheLastSlash(String text, String expected) throws InvalidValueException {
        assertThat(UpstreamUrl.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.anthropic.com",
                "/relative",
                "ftp://api.anthropic.com",
                "https:api.anthropic.com",
                "https:///path",
                "https://under_score.example",
                "https://planted@api.anthropic.com",
                "https://api.anthropic.com?planted=1",
                "https://api.anthropic.com#planted",
                "https://api.anthropic.com:0",
                "https://api.anthropic.com:70000",
                "https://api.anthropic.com/a//b",
                "https://api.anthropic.com/../b",
                "https://api.anthropic.com//",
                "https://api anthropic.com",
                "http://api.anthropic.com",
                "http://127.0.0.1.example",
                "http://localhost.example",
                "http://127.0.0.256",
                "http://10.0.0.1",
                "http://[::2]"
            })
    void refusesWhatIsNoSafeUpstream(String text) {
        assertThatThrownBy(() -> UpstreamUrl.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("planted");
    }
}
