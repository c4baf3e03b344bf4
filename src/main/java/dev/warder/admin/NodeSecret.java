package dev.warder.admin;

import dev.warder.config.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** A secret that only this node knows, until it ends. Thread-safe. */
final class NodeSecret {
    private static final int BYTES = 32;

    private final Secret secret;

    NodeSecret(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        secret = Secret.of(HexFormat.of().formatHex(bytes));
    }

    /** The secret of all nodes, or without one this one. */
    Secret unless(Optional<Secret> ofAll) {
        return ofAll.orElse(secret);
    }
}
