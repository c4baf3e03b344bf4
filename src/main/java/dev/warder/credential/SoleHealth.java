package dev.warder.credential;

import java.util.Optional;
import java.util.OptionalLong;

/** The health of a credential that nothing could stand in for: every request is sent with it, whatever came of others. */
final class SoleHealth implements Health {
    @Override
    public Optional<Obstacle> obstacle() {
        return Optional.empty();
    }

    @Override
    public OptionalLong begin() {
        return OptionalLong.of(0);
    }

    @Override
    public void ended(long begun, Outcome outcome) {}
}
