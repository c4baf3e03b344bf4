package dev.warder.exchange.down;

/**
 * The position in a stream whose pieces are whole events: always between two events, or at the end. One thread at a time.
 */
final class EventPosition implements StreamPosition {
    private boolean terminated;

    @Override
    public void follow(byte[] wholeEvents) {}

    @Override
    public void followLast(byte[] wholeEvents) {
        terminated = true;
    }

    @Override
    public boolean betweenEvents() {
        return true;
    }

    @Override
    public boolean withinLine() {
        return false;
    }

    @Override
    public boolean terminated() {
        return terminated;
    }

    @Override
    public boolean terminatedAtEnd() {
        return terminated;
    }
}
