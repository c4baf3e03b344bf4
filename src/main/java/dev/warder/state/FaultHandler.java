package dev.warder.state;

/** Ends one exchange after something of it failed in a way that nothing provides for. Thread-safe. */
public interface FaultHandler {
    /**
     * Ends the exchange, and logs {@code cause} afterwards. Never throws, and may be called more than once.
     *
     * @param cause what was thrown
     */
    void fault(Throwable cause);
}
