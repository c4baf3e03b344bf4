package dev.warder.openai.output;

import dev.warder.http.ErrorReply;
import dev.warder.translation.StreamTranslation;
import java.util.Optional;

/** Translates the event stream of a message into events of the Responses API. One thread at a time. */
public final class ItemStream implements StreamTranslation {
    @Override
    public byte[] feed(byte[] piece) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] end() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean failed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long kept() {
        throw new UnsupportedOperationException();
    }

    /** An event {@code response.in_progress}; empty after the end. */
    @Override
    public byte[] whileSilent() {
        throw new UnsupportedOperationException();
    }

    /** {@code response.failed}. */
    @Override
    public Optional<byte[]> failure(ErrorReply reply) {
        throw new UnsupportedOperationException();
    }
}
