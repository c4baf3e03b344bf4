package dev.warder.upload;

import dev.warder.body.Chunks;
import dev.warder.gate.Inquiry;
import dev.warder.http.Field;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonOutline;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A collected request as the gates see it: translated, but not edited.
 *
 * @param head as it came
 * @param path the path and query that go upstream
 * @param fields the header fields that go upstream, without a credential
 * @param body the content
 * @param outline that of {@code body}
 * @param session the client's name for its conversation, where the body has one
 */
record PreparedBody(
        RequestHead head, String path, List<Field> fields, Chunks body, JsonOutline outline, Optional<String> session) {
    PreparedBody {
        fields = List.copyOf(fields);
    }

    /** The model that is asked upstream: the scanner has resolved an alias. */
    Optional<String> model() {
        return outline.modelName();
    }

    /** What gates may know. */
    Inquiry.Content content() {
        return new Inquiry.Content(body.length(), outline, model(), maxTokens());
    }

    private OptionalLong maxTokens() {
        var member = outline.maxTokens();
        if (member.kind() != JsonKind.NUMBER) {
            return OptionalLong.empty();
        }
        try {
            var literal = new String(body.copy(member.from(), member.to()), StandardCharsets.US_ASCII);
            long others = outline.costs().others().maxTokens();
            return OptionalLong.of(Math.max(others, new BigDecimal(literal).longValueExact()));
        } catch (ArithmeticException | NumberFormatException notALong) {
            return OptionalLong.empty();
        }
    }
}
