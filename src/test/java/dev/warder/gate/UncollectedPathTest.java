package dev.warder.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UncollectedPathTest {
    @ParameterizedTest
    @CsvSource({
        "POST, /anthropic/v1/messages, /v1/messages",
        "POST, /anthropic/anthropic/v1/messages, /v1/messages",
        "POST, /anthropic/v1/messages/count_tokens, /v1/messages/count_tokens",
        "POST, /anthropic/v1/chat/completions, /v1/chat/completions",
        "POST, /anthropic/v1/messages/batches, /v1/messages",
        "POST, /anthropic, /v1/messages",
        "PUT, /anthropic/anything, /v1/messages",
        "POST, /v1/messages/batches, /v1/messages",
        "POST, /v1/agents, /v1/messages"
    })
    void whatIsNotReadAndMayCostIsRefusedWithThePathThatServes(String method, String path, String alternative) {
        var reply = refusal(method, path).orElseThrow();
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.type()).isEqualTo(ErrorType.PERMISSION);
        assertThat(reply.message()).endsWith(" Use " + alternative + " instead.");
        assertThat(reply.message()).contains(" because a budget limits this client ");
        assertThat(reply.fields()).contains(new Field("x-should-retry", "false"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/messages",
                "POST /v1/messages/count_tokens",
                "POST /v1/chat/completions",
                "POST /v1/responses",
                "GET /v1/models",
                "GET /anthropic/v1/models",
                "GET /v1/messages/batches",
                "GET /v1/messages/batches/msgbatch_1/results",
                "DELETE /v1/messages/batches/msgbatch_1",
                "POST /v1/messages/batches/msgbatch_1/cancel",
                "POST /v1/files"
            })
    void whatIsReadOrCostsNothingIsServed(String request) {
        var words = request.split(" ");
        assertThat(refusal(words[0], words[1])).isEmpty();
    }

    private static Optional<ErrorReply> refusal(String method, String path) {
        return UncollectedPath.refusal(
                new Call("1", method, new RequestTarget(path, Optional.empty()), Route.of(path)), "a budget");
    }
}
