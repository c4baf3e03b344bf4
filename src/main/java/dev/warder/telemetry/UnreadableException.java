package dev.warder.telemetry;

/** A message that does not match its content type. The exception has no text of it. */
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException() {
        super("the message cannot be read");
    }
}
