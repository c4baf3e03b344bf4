package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import java.nio.charset.StandardCharsets;

/**
 * The one well-formed end that a faulty exchange has for the client, by route (rules "Errors of the upstream",
 * "Warder's own errors", "Streams that break" and "First body byte").
 */
enum FaultEnd {
    /** The response passes whole. */
    RELAYED,
    /** 502 {@code api_error} in the caller's dialect. */
    REFUSED,
    /** 504 {@code timeout_error} in the caller's dialect. */
    TIMED_OUT,
    /** Native routes pass the bytes; a translated route cannot read them: 502. */
    OPAQUE,
    /** The same, labelled as an event stream: a translated stream has its head by then and ends with one error frame. */
    OPAQUE_STREAM,
    /** Breaks inside a body of unknown length: one error event, else a visible truncation or 502; translated JSON: 502. */
    CUT,
    /** Breaks inside a body with a length, where nothing can be added: a visible truncation; translated JSON: 502. */
    CUT_WITH_LENGTH,
    /** Breaks before the first body byte: 502, but an event stream, whose head has gone, ends with one error event. */
    CUT_AFTER_HEAD,
    /** Falls silent inside a body. */
    SILENT,
    /** Falls silent before the first body byte. */
    SILENT_AFTER_HEAD,
    /** The length wins: the last byte is missing, and nobody else gets it. */
    SHORTENED_BY_ONE,
    /** Native routes pass 204 without content. */
    NO_CONTENT,
    /** 429 passes with the upstream's retry-after. */
    LIMITED;

    static final String TEXT = "Hello.";
    static final String LIMITED_BODY = Messages.error("rate_limit_error", "slow down");

    /** Whether only a time-out brings it about. */
    boolean isTimeout() {
        return this == TIMED_OUT || this == SILENT || this == SILENT_AFTER_HEAD;
    }

    /** Checks a response against this end. */
    void check(FaultyRoute route, RawResponse response) {
        assertThat(response.toString()).doesNotContain("Exception", "poison", "127.0.0.1", "169.254", "\nX-Injected");
        switch (this) {
            case RELAYED -> relayed(route, response);
            case REFUSED -> error(route, response, 502, "api_error");
            case TIMED_OUT -> error(route, response, 504, "timeout_error");
            case OPAQUE -> opaque(route, response);
            case OPAQUE_STREAM -> opaqueStream(route, response);
            case CUT -> broken(route, response, "api_error");
            case CUT_WITH_LENGTH -> cutWithLength(route, response);
            case CUT_AFTER_HEAD -> brokenAfterHead(route, response, "api_error");
            case SILENT -> broken(route, response, "timeout_error");
            case SILENT_AFTER_HEAD -> brokenAfterHead(route, response, "timeout_error");
            case SHORTENED_BY_ONE -> shortened(route, response);
            case NO_CONTENT -> noContent(route, response);
            case LIMITED -> limited(route, response);
        }
    }

    private static void relayed(FaultyRoute route, RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.truncated()).isFalse();
        switch (route) {
            case MESSAGE, RELAYED -> assertThat(response.text()).isEqualTo(Messages.message(TEXT));
            case STREAM, RAW_STREAM -> assertThat(response.text()).isEqualTo(String.join("", Messages.stream(TEXT)));
            case CHAT -> assertThat(Completions.text(response)).isEqualTo(TEXT);
            case CHAT_STREAM -> {
                assertThat(response.text()).endsWith(Completions.DONE);
                assertThat(Completions.streamedText(response.text())).isEqualTo(TEXT);
            }
        }
    }

    private static void error(FaultyRoute route, RawResponse response, int status, String type) {
        assertThat(response.truncated()).isFalse();
        if (route.translated()) {
            assertThat(response.status()).isEqualTo(status);
            assertThat(Answers.json(response).keySet()).containsExactly("error");
        } else {
            Answers.refused(response, status, type);
        }
    }

    private static void opaque(FaultyRoute route, RawResponse response) {
        if (route.translated()) {
            error(route, response, 502, "api_error");
        } else {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.truncated()).isFalse();
            assertThat(Integer.toString(response.body().length))
                    .isEqualTo(response.fields().first("Content-Length").orElse(""));
        }
    }

    private static void opaqueStream(FaultyRoute route, RawResponse response) {
        if (route == FaultyRoute.CHAT_STREAM && response.status() == 200) {
            oneErrorEvent(route, response, "api_error");
        } else {
            opaque(route, response);
        }
    }

    private static void broken(FaultyRoute route, RawResponse response, String type) {
        // A break that comes with the first piece is seen before a byte of it went on (rule "First body byte").
        if (route == FaultyRoute.CHAT || !route.streams() && response.status() != 200) {
            error(route, response, type.equals("api_error") ? 502 : 504, type);
            return;
        }
        assertThat(response.status()).isEqualTo(200);
        if (route.streams()) {
            oneErrorEvent(route, response, type);
        } else {
            assertThat(response.truncated()).isTrue();
            assertThat(Messages.message(TEXT)).startsWith(response.text());
        }
    }

    private static void oneErrorEvent(FaultyRoute route, RawResponse response, String type) {
        assertThat(response.truncated()).isFalse();
        if (route.translated()) {
            var frames = Completions.frames(response.text());
            assertThat(frames.get(frames.size() - 1).keySet()).contains("error");
            assertThat(response.text()).doesNotContain("[DONE]").containsOnlyOnce("\"error\"");
        } else {
            var events = DispatchedEvent.of(response.body());
            assertThat(events.get(events.size() - 1).errorType()).isEqualTo(type);
            assertThat(events).filteredOn(event -> event.name().equals("error")).hasSize(1);
        }
    }

    private static void brokenAfterHead(FaultyRoute route, RawResponse response, String type) {
        if (response.status() >= 500 || !route.streams()) {
            error(route, response, type.equals("api_error") ? 502 : 504, type);
        } else {
            oneErrorEvent(route, response, type);
        }
    }

    private static void cutWithLength(FaultyRoute route, RawResponse response) {
        if (route == FaultyRoute.CHAT) {
            error(route, response, 502, "api_error");
        } else if (route == FaultyRoute.CHAT_STREAM) {
            // The translated stream has no length; a message that is whole is a success, whatever its connection does.
            assertThat(response.truncated()).isFalse();
            assertThat(response.text().contains("[DONE]") ^ response.text().contains("\"error\""))
                    .isTrue();
        } else {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.truncated()).isTrue();
        }
    }

    private static void shortened(FaultyRoute route, RawResponse response) {
        if (route == FaultyRoute.CHAT) {
            error(route, response, 502, "api_error");
        } else if (route != FaultyRoute.CHAT_STREAM) {
            var whole = route.streams() ? String.join("", Messages.stream(TEXT)) : Messages.message(TEXT);
            assertThat(response.body())
                    .isEqualTo(whole.substring(0, whole.length() - 1).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void noContent(FaultyRoute route, RawResponse response) {
        if (route.translated()) {
            error(route, response, 502, "api_error");
        } else {
            assertThat(response.status()).isEqualTo(204);
            assertThat(response.body()).isEmpty();
        }
    }

    private static void limited(FaultyRoute route, RawResponse response) {
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.fields().values("retry-after")).containsExactly("99999999999999999999");
        if (!route.translated()) {
            assertThat(response.text()).isEqualTo(LIMITED_BODY);
        }
    }
}
