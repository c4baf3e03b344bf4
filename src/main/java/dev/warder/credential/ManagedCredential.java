package dev.warder.credential;

import dev.warder.config.Secret;

/** A credential of the operator, one entry of {@code upstream.credentials}. Thread-safe. */
public sealed interface ManagedCredential {
    String name();

    /** Its share where credentials are {@link PoolOrder#WEIGHTED}, at least 1. */
    int weight();

    /**
     * A key or token that stays the same until the operator replaces it.
     *
     * @param bearer whether a value of unknown prefix travels as {@code Authorization: Bearer} and not as {@code x-api-key}
     */
    record Fixed(String name, int weight, boolean bearer, Secret secret) implements ManagedCredential {}

    /** A login of the operator's OAuth client, settings {@code oauth.*}; at most one. */
    record Login(String name, int weight) implements ManagedCredential {}

    /** Workload identity, settings {@code federation.*}; at most one. */
    record WorkloadIdentity(String name, int weight) implements ManagedCredential {}
}
