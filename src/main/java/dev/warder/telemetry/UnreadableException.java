package dev.warder.telemetry;

/** A message that is not what its content type says. It has no text of the message. */
final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException() {
        super("the message cannot be read");
    }
}
