package dev.warder.admin.session;

import dev.warder.config.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** A secret that only this node knows, until it ends. Thread-safe. */
public final class NodeSecret {
    private static final int BYTES = 32;

    private final Secret secret;

    /** Makes one. */
    public NodeSecret(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        secret = Secret.of(HexFormat.of().formatHex(bytes));
    }

    /** The secret of all nodes, or without one this one. */
    public Secret unless(Optional<Secret> ofAll) {
        return ofAll.orElse(secret);
    }
}
