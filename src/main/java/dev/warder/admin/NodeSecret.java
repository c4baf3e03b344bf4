package dev.warder.admin;

import dev.warder.config.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/** A secret that only this node knows, until it ends. Thread-safe. */
public final class NodeSecret {
    private static final int BYTES = 32;

    private final Secret secret;

    public NodeSecret(SecureRandom random) {
        secret = Secret.of(Seal.random(random, BYTES));
    }

    Secret unless(Optional<Secret> ofAll) {
        return ofAll.orElse(secret);
    }
}
