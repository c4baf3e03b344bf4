package dev.warder.models;

import dev.warder.json.JsonOutline;
import dev.warder.json.JsonText;
import dev.warder.translation.ContentEdit;
import dev.warder.translation.ResponseEdit;
import java.util.Optional;

/** Puts the alias that a request named into {@code model} of the message that responds to it. Thread-safe. */
final class AliasInMessage implements ResponseEdit {
    @Override
    public Optional<ContentEdit> ofStream(Optional<JsonOutline> request) {
        return literal(request).map(MessageStartEdit::new);
    }

    @Override
    public Optional<ContentEdit> ofDocument(Optional<JsonOutline> request) {
        return literal(request).map(MessageEdit::new);
    }

    private static Optional<byte[]> literal(Optional<JsonOutline> request) {
        return request.flatMap(JsonOutline::alias).map(JsonText::literal);
    }
}
