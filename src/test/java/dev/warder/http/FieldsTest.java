package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "request-id",
                "Retry-After",
                "anthropic-ratelimit-requests-remaining",
                "anthropic-ratelimit-unified-status",
                "anthropic-organization-id",
                "content-type",
                "content-encoding",
                "x-should-retry",
                "etag",
                "x-unknown-tomorrow",
                "CF-Ray",
            })
    void passDownUnlessDropped(String name) {
        assertThat(Fields.goesDown(name, Set.of())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "keep-alive",
                "Transfer-Encoding",
                "Content-Length",
                "Trailer",
                "Upgrade",
                "TE",
                "Proxy-Authenticate",
                "Proxy-Connection",
                "Set-Cookie",
                "Set-Cookie2",
                "Alt-Svc",
                "Strict-Transport-Security",
                "Server",
                "Access-Control-Allow-Origin",
                "X-Warder-Request-Id",
            })
    void areDroppedOnTheWayDown(String name) {
        assertThat(Fields.goesDown(name, Set.of())).isFalse();
    }

    @Test
    void namedByConnectionConcernOneHopOnly() {
        var named = Fields.namedByConnection(List.of("close, X-Foo", " x-bar "));
        assertThat(named).containsExactlyInAnyOrder("close", "x-foo", "x-bar");
        assertThat(Fields.goesDown("X-FOO", named)).isFalse();
        assertThat(Fields.goesDown("x-baz", named)).isTrue();
    }

    @Test
    void showTheirNameAndNeverTheirValue() {
        assertThat(new Field("x-api-key", "hidden")).hasToString("x-api-key");
    }

    /** RFC 9110, section 5.5: of all bytes a value may hold the tab, blanks, visible ASCII and obs-text. */
    @Test
    void replacesEachByteThatNoValueMayHold() {
        for (char c = 0; c < 256; c++) {
            var allowed = c == '\t' || c >= 0x20 && c != 0x7f;
            assertThat(Fields.forwardable("a" + c + "b")).isEqualTo("a" + (allowed ? c : ' ') + "b");
        }
        assertThat(Fields.forwardable("a\u0100b")).isEqualTo("a b");
    }

    @Test
    void knowsTokens() {
        assertThat(Fields.isToken("x-Request_id.1!#$%&'*+^`|~")).isTrue();
        for (char c = 0; c < 256; c++) {
            var separator = c <= 0x20 || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0;
            assertThat(Fields.isToken("a" + c)).as("%d", (int) c).isEqualTo(!separator);
        }
        assertThat(Fields.isToken("")).isFalse();
    }
}
