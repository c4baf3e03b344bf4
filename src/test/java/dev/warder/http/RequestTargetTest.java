package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages;a=b",
                "/v1/messages;jsessionid=x",
                "/v1/messages/..;/admin",
                "/v1/..;/admin/tokens",
                "/v1//messages",
                "//v1/messages",
                "/v1/messages//",
                "/v1/./messages",
                "/v1/x/../messages",
                "/v1/messages/.",
                "/v1/messages/..",
                "/v1/messages.",
                "/v1/messages../x",
                "/v1/%2e%2e/admin",
                "/v1/%2E./admin",
                "/v1%2fmessages",
                "/v1%2Fmessages",
                "/v1%252fmessages",
                "/v1/messages%2f",
                "/v1/messages%20",
                "/v1/messages%00",
                "/v1/messages%0a",
                "/v1/messages%7f",
                "/v1/m%65ssages",
                "/v1/%6Dessages",
                "/v1/messages%7e",
                "/v1/messages\\..\\admin",
                "/v1/messages%5c",
                "/v1/messages%3f",
                "/v1/messages%3b",
                "/v1/messages%23",
                "/v1/messages%u002f",
                "/v1/messages%c0%af",
                "/v1/messages%e2%80%a8",
                "/v1/messages%4",
                "/v1/messages%",
                "/v1/messages%zz",
                "/v1/messages\uff0fx",
                "/v1/messages%\uff14\uff10",
                "/v1/messages\u2028",
                "/v1/mess\u00e4ges",
                "/v1/messages\t",
                "/v1/mes sages",
                "/v1/messages\r\nHost: x",
                "/v1/messages?x",
                "/v1/messages#x",
                "/v1/\"messages\"",
                "/v1/<x>",
                "/v1/{id}",
                "/v1/[x]",
                "/v1/a|b",
                "/v1/a^b",
                "/v1/`a`",
                "/%57EB-INF/web.xml",
                "http://localhost/v1/messages",
                "localhost:8080",
                "*",
                "v1/messages",
            })
    void refusesWhatTwoReadersCouldReadDifferently(String uri) {
        assertThat(parse(uri, "")).as(uri).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/messages",
                "/v1/messages/",
                "/V1/Messages",
                "/v1/models/claude-x.1_2~a",
                "/v1/files/a%22b",
                "/v1/files/a@b:c,d(e)!$&'*+=",
                "/v1/..x/a..b/.hidden",
                "/WEB-INF/web.xml",
            })
    void keepsAClearPathAsItCame(String uri) {
        assertThat(parse(uri, "")).contains(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "/warder/v1/messages,   /v1/messages",
        "/warder,               /",
        "/warder/,              /",
        "/warder;x/v1/messages,",
        "/warderx/v1/messages,",
        "/%77arder/v1/messages,",
        "/v1/messages,",
        "/Warder/v1/messages,",
    })
    void standsBelowTheContextPath(String uri, String path) {
        assertThat(parse(uri, "/warder")).isEqualTo(Optional.ofNullable(path));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/v1/messages,          /v1/messages",
        "/v1/v1/v1/oauth/token,    /v1/oauth/token",
        "/v1/v1,                   /v1/v1",
        "/v1/v1x/messages,         /v1/v1x/messages",
        "/v1/files/v1/v1/x,        /v1/files/v1/v1/x",
        "/anthropic/v1/v1/x,       /anthropic/v1/v1/x",
    })
    void readsADoubledVersionAsOne(String uri, String path) {
        assertThat(parse(uri, "")).contains(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#x", "a b", "a\tb", "a\nb", "\u00e4", "\u007f"})
    void refusesAQueryWithCharactersThatHaveNoPlaceInOne(String query) {
        assertThat(RequestTarget.parse("/v1/messages", Optional.of(query), "")).isEmpty();
    }

    @Test
    void tellsAnEmptyQueryFromNone() {
        assertThat(RequestTarget.parse("/x", Optional.of(""), "").map(RequestTarget::pathAndQuery))
                .contains("/x?");
        assertThat(RequestTarget.parse("/x", Optional.empty(), "").map(RequestTarget::pathAndQuery))
                .contains("/x");
    }

    private static Optional<String> parse(String uri, String contextPath) {
        return RequestTarget.parse(uri, Optional.empty(), contextPath).map(RequestTarget::path);
    }
}
