package dev.warder.json;

import java.util.Optional;

/**
 * The member {@code thread} of a message: the API keeps the conversation, and a request that continues it has the new messages only.
 * Immutable.
 *
 * @param continues whether the prompt begins with what the API keeps; false where the thread is to be created
 * @param previousMessageId the response after which it continues; empty where the form is not known
 * @param keeper the name of the credential whose organization keeps it, once that is known
 */
public record BodyThread(boolean continues, Optional<String> previousMessageId, Optional<String> keeper) {
    /** A thread is created. */
    static final BodyThread CREATED = new BodyThread(false, Optional.empty(), Optional.empty());

    /** A form that is not known: the API may read it as any thread. */
    static final BodyThread UNKNOWN = new BodyThread(true, Optional.empty(), Optional.empty());

    static BodyThread after(String message) {
        return new BodyThread(true, Optional.of(message), Optional.empty());
    }
}
