package dev.warder.sse;

import java.io.IOException;

/** An event is larger than whoever reads the stream takes. */
public final class EventTooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    EventTooLargeException(int limit) {
        super("an event of more than " + limit + " bytes");
    }
}
