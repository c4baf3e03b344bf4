package dev.warder.quota;

/**
 * Whose bound it is. Immutable.
 *
 * @param client the name of the client; empty for what does not depend on the client
 * @param model the model of its requests, which is the client's choice
 */
public record BoundKey(String client, String model, BoundKind kind) {}
