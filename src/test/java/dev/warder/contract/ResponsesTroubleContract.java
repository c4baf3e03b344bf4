package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.responses.ResponseError;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.warder.testkit.Script;
import org.junit.jupiter.api.Test;

/** Errors reach a client of the Responses API as OpenAI would report them, before a stream and within it. */
class ResponsesTroubleContract extends ResponsesGround {
    @Test
    void endsAStreamAsFailedAtAnErrorEvent() {
        var error = failure(errorInStream());
        assertThat(error.message()).contains("too many");
    }

    @Test
    void endsAStreamAsFailedWhenTheUpstreamIsLost() {
        assertThat(failure(lostStream()).code()).isEqualTo(ResponseError.Code.SERVER_ERROR);
    }

    @Test
    void closesTheUpstreamWhenTheProgramClosesTheStream() throws Exception {
        upstream.script(endlessStream());
        try (var stream = client().responses().createStreaming(question().build())) {
            assertThat(stream.stream()
                            .filter(ResponseStreamEvent::isOutputTextDelta)
                            .findFirst())
                    .isPresent();
        }
        upstream.take().awaitPeerClosed(SOON);
    }

    /** The error of the response that a stream ends with, after the text so far. */
    private ResponseError failure(Script script) {
        upstream.script(script);
        var events = stream(question());
        assertThat(types(events)).endsWith("response.failed").contains("response.output_text.delta");
        var response = events.get(events.size() - 1).asFailed().response();
        assertThat(response.status()).contains(ResponseStatus.FAILED);
        assertThat(response.output()).noneMatch(ResponseOutputItem::isFunctionCall);
        return response.error().orElseThrow();
    }
}
