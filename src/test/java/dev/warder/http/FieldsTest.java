package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FieldsTest {
    @Test
    void areDroppedOnTheWayDown() {
        var dropped = "Connection keep-alive Transfer-Encoding Content-Length Trailer Upgrade TE "
                + "Proxy-Authenticate Proxy-Connection Set-Cookie Set-Cookie2 Alt-Svc "
                + "Strict-Transport-Security Server Access-Control-Allow-Origin X-Warder-Request-Id";
        for (String name : dropped.split(" ")) {
            assertThat(Fields.goesDown(name, Set.of())).as(name).isFalse();
        }
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
