package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FieldSyntaxTest {
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
