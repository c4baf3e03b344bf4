package dev.warder.json;

import java.util.Optional;

/**
 * What Warder needs to know of a valid body, which is one object: positions, no content. Thread-safe.
 *
 * @param closingBrace the byte at which the object's closing brace lies
 * @param hasMembers whether the object has any member, so that one added before the closing brace needs a comma
 * @param model the value of the top-level member {@code model}
 * @param stream that of {@code stream}
 * @param system that of {@code system}
 * @param maxTokens that of {@code max_tokens}
 */
public record JsonOutline(
        long closingBrace,
        boolean hasMembers,
        JsonMember model,
        JsonMember stream,
        JsonMember system,
        JsonMember maxTokens) {

    /** The decoded value of {@code model} in the body of this outline; empty when it is absent or not a string. */
    public Optional<String> model(Chunks body) {
        return model.kind() == JsonKind.STRING
                ? Optional.of(new JsonText(body, model.from(), model.to()).value())
                : Optional.empty();
    }

    /** Whether {@code stream} is literally {@code true}. */
    public boolean streams() {
        return stream.kind() == JsonKind.TRUE;
    }
}
