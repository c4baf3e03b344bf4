package dev.warder.credential;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The health of the only credential: every request is sent with it, whatever the outcomes of others. */
final class SoleHealth implements Health {
    @Override
    public Optional<Obstacle> obstacle(Optional<String> model) {
        return Optional.empty();
    }

    @Override
    public List<CredentialState.HeldModel> heldModels() {
        return List.of();
    }

    @Override
    public boolean breakerOpen() {
        return false;
    }

    @Override
    public OptionalLong begin(Optional<String> model) {
        return OptionalLong.of(0);
    }

    @Override
    public OptionalLong beginWithoutProbe(Optional<String> model) {
        return begin(model);
    }

    @Override
    public void limit(Outcome.Responded responded, Optional<String> model) {}

    @Override
    public void ended(long begun, Outcome outcome) {}

    @Override
    public void rejected() {}
}
