package dev.warder.openai.output;

import dev.warder.messages.DeltaKind;
import jakarta.json.JsonObject;

/** The input of the unwrapped tool, which is a text of a message. One thread at a time. */
final class UnwrappedInput implements ItemBlock {
    private final MessageItem message;
    private final Input initial;

    /** @param block begins the tool's use */
    UnwrappedInput(MessageItem message, JsonObject block) {
        this.message = message;
        this.initial = new Input(block);
    }

    @Override
    public void piece(DeltaKind kind, byte[] bytes, int from, int to) {
        initial.arrived();
        message.piece(kind, bytes, from, to);
    }

    @Override
    public void stop() {
        initial.initial().ifPresent(literal -> message.piece(DeltaKind.INPUT, literal, 0, literal.length));
        message.stop();
    }
}
