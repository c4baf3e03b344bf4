package dev.warder.ratelimit.store;

/**
 * What the database noted.
 *
 * @param key of the limit
 * @param granted the slots of the node
 * @param elsewhere the slots of all other nodes together
 */
public record SlotState(String key, long granted, long elsewhere) {}
