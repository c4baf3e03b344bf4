package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.stream.Translation.ResponseTranslation.Whole;
import dev.warder.testkit.Messages;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ResponsesReplyTest {
    private static final byte[] MESSAGE = Messages.message("Hi").getBytes(StandardCharsets.UTF_8);

    @Test
    void countsWhatAResponseRepeatsOfItsRequest() {
        var repeating = reply(JsonTree.newObject()
                .add("instructions", "\u4e2d".repeat(20_000))
                .add("metadata", JsonTree.newObject().add("a", "b"))
                .build());
        var plain = reply(JsonValue.EMPTY_JSON_OBJECT);
        assertThat(plain.handledBytes(MESSAGE.length)).isEqualTo(MESSAGE.length);
        assertThat(repeating.handledBytes(MESSAGE.length))
                .isEqualTo(MESSAGE.length + bytes(repeating) - bytes(plain))
                .isGreaterThan(60_000);
    }

    private static long bytes(Reply reply) {
        return ((Whole.Translated) reply.whole(200, MESSAGE)).body().length;
    }

    private static Reply reply(JsonObject echo) {
        var context = new ResponsesContext(
                "gpt", false, false, false, Optional.empty(), new ToolNames(Map.of()), PropertyNames.NONE, echo);
        var exchange = new Reply.Context("req_wrd_x", InstantSource.fixed(Instant.EPOCH), 10_000);
        var read = new RequestOutcome.Translated<>(JsonValue.EMPTY_JSON_OBJECT, new TreeSet<>(), context);
        return OpenAiFilter.responses(read, exchange, new ReasoningSeal(List.of(Secret.of("a key"))));
    }
}
