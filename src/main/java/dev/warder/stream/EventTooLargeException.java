package dev.warder.stream;

import java.io.IOException;

/** An event is larger than its reader accepts. */
public final class EventTooLargeException extends IOException {
    EventTooLargeException(long limit) {
        super("an event of more than " + limit + " bytes");
    }
}
