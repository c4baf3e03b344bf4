package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseHeadTest {
    private static final List<Field> ADDED = List.of(new Field("x-status", "warned"), new Field("x-new", "1"));

    /** The response is worth more than a warning in its head. */
    @Test
    void ownFieldsThatTheContainerWouldNotTakeAreLeftOut() {
        var head = head(200, new Field("x-large", "x".repeat(15 * 1024 - 20)));
        assertThat(head.isTooLarge()).isFalse();
        assertThat(head.with(ADDED)).isSameAs(head);
    }

    private static ResponseHead head(int status, Field... fields) {
        return new ResponseHead(status, List.of(fields), 7, "gzip", true);
    }
}
