package dev.warder.stream;

import dev.warder.json.JsonOutline;
import java.util.Arrays;
import java.util.Optional;

/**
 * Two changes to a response, one after the other. As thread-safe as they are.
 *
 * @param second gets what the first one makes of a response
 */
record EditSequence(ResponseEdit first, ResponseEdit second) implements ResponseEdit {
    @Override
    public String target(String asked) {
        return second.target(first.target(asked));
    }

    @Override
    public Optional<ContentEdit> ofStream(Optional<JsonOutline> request) {
        return both(first.ofStream(request), second.ofStream(request));
    }

    @Override
    public Optional<ContentEdit> ofDocument(Optional<JsonOutline> request) {
        return both(first.ofDocument(request), second.ofDocument(request));
    }

    private static Optional<ContentEdit> both(Optional<ContentEdit> one, Optional<ContentEdit> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(new Content(one.get(), other.get()))
                : one.or(() -> other);
    }

    /** Both changes of one response. */
    private record Content(ContentEdit first, ContentEdit second) implements ContentEdit {
        @Override
        public byte[] feed(byte[] piece) {
            return second.feed(first.feed(piece));
        }

        @Override
        public byte[] end() {
            byte[] head = second.feed(first.end());
            byte[] tail = second.end();
            byte[] both = Arrays.copyOf(head, head.length + tail.length);
            System.arraycopy(tail, 0, both, head.length, tail.length);
            return both;
        }
    }
}
