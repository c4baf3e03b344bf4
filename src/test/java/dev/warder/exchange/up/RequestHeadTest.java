package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Field;
import java.util.List;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {
    private static final HttpHost HOST = new HttpHost("https", "api.example");

    @ParameterizedTest
    @CsvSource({"'',false,true", "gzip,true,true", "x-gzip,true,true", "br,false,false", "'gzip,gzip',false,false"})
    void knowsWhatCanBeRead(String coding, boolean gzip, boolean readable) {
        var head = head(coding);
        assertThat(head.isGzip()).isEqualTo(gzip);
        assertThat(head.isReadable()).isEqualTo(readable);
    }

    @Test
    void asksForNoCodingWhereTheBodyIsCollected() {
        var head = head(
                "gzip",
                new Field("Content-Encoding", "gzip"),
                new Field("X-A", "1"),
                new Field("accept-encoding", "br"),
                new Field("X-A", "2"));
        assertThat(head.collectedFields())
                .containsExactly(
                        new Field("X-A", "1"), new Field("X-A", "2"), new Field("Accept-Encoding", "identity"));
        assertThat(head.fields()).hasSize(4);
    }

    @Test
    void keepsWhatCodexStatesAboutItselfOutOfATranslatedRequest() {
        var head = head(
                "",
                new Field("Session-Id", "s"),
                new Field("session_id", "s"),
                new Field("thread-id", "t"),
                new Field("originator", "codex_exec"),
                new Field("X-Codex-Window-Id", "w"),
                new Field("X-A", "1"));
        assertThat(head.translatedFields("2023-06-01"))
                .containsExactly(
                        new Field("X-A", "1"),
                        new Field("Accept-Encoding", "identity"),
                        new Field("anthropic-version", "2023-06-01"));
    }

    @Test
    void asksTheHostForTheTarget() {
        var message = head("").message(HOST, "/base/v1/messages?beta=true", List.of(), "2023-06-01");
        assertThat(message.getRequestUri()).isEqualTo("/base/v1/messages?beta=true");
        assertThat(message.getMethod()).isEqualTo("POST");
        assertThat(message.getAuthority().getHostName()).isEqualTo("api.example");
    }

    @Test
    void inventsTheVersionOnlyWhenThereIsNone() {
        var none = head("").message(HOST, "/v1/messages", List.of(new Field("X-A", "1")), "2023-06-01");
        assertThat(none.getHeaders("anthropic-version")).hasSize(1);
        assertThat(none.getFirstHeader("anthropic-version").getValue()).isEqualTo("2023-06-01");
        var own = head("").message(
                        HOST, "/v1/messages", List.of(new Field("Anthropic-Version", "2024-01-01")), "2023-06-01");
        assertThat(own.getHeaders("anthropic-version")).hasSize(1);
        assertThat(own.getFirstHeader("anthropic-version").getValue()).isEqualTo("2024-01-01");
    }

    private static RequestHead head(String coding, Field... fields) {
        return new RequestHead("POST", "/v1/messages?beta=true", List.of(fields), -1, true, coding);
    }
}
