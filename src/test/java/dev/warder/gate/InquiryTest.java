package dev.warder.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Chunks;
import dev.warder.http.Field;
import dev.warder.json.BodyCosts;
import dev.warder.json.JsonException;
import dev.warder.json.OutlineScanner;
import dev.warder.record.Records;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InquiryTest {
    @Test
    void anInquiryShowsFactsAndNoContent() throws JsonException {
        var plain = ScriptedGate.inquiry(Records.message(() -> 0));
        var json = "{\"model\":\"alias\",\"stream\":true,\"max_tokens\":9}";
        var chunks = new Chunks();
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        chunks.append(bytes, 0, bytes.length);
        var outline = OutlineScanner.outline(chunks);
        var content = new Inquiry.Content(bytes.length, outline, Optional.of("claude-x"), OptionalLong.of(9));
        assertThat(plain.model()).isEmpty();
        assertThat(plain.streams()).isFalse();
        assertThat(plain.maxTokens()).isEmpty();
        var inquiry = plain.with(content);
        assertThat(inquiry.model()).contains("claude-x");
        assertThat(inquiry.streams()).isTrue();
        assertThat(inquiry.maxTokens()).hasValue(9);
        assertThat(inquiry.sessionId()).contains("conversation");
        assertThat(inquiry).hasToString("Inquiry[req_1]");
        assertThat(inquiry.costs()).isEqualTo(BodyCosts.NONE);
    }

    @ParameterizedTest
    @CsvSource({"Content-Encoding, gzip, true", "content-encoding, identity, false", "Accept-Encoding, gzip, false"})
    void aCodedBodyThatIsNotReadMayBeOfAnyLength(String name, String value, boolean coded) {
        var plain = ScriptedGate.inquiry(Records.message(() -> 0));
        var inquiry = new Inquiry(
                plain.call(),
                plain.client(),
                false,
                Optional.empty(),
                List.of(new Field(name, value)),
                OptionalLong.empty(),
                Optional.empty());
        assertThat(inquiry.costs().prompt().isUnbounded()).isEqualTo(coded);
    }
}
