package dev.warder.credential;

import java.time.Duration;
import java.util.Optional;

/**
 * How one managed credential stands, for health and the operator's pages.
 *
 * @param name the configured name
 * @param kind what it is
 * @param usable whether a request would be sent with it now
 * @param cause why not, in words without a secret
 * @param timeLeft how long it stays so, where that is known
 */
public record CredentialState(
        String name, CredentialSource.Kind kind, boolean usable, Optional<String> cause, Optional<Duration> timeLeft) {}
