package dev.warder.quota;

/**
 * How many requests of a node run at the same time, and how many it wants to be able to begin.
 *
 * @param limit the text of its key
 * @param size how many are permitted on all nodes together
 * @param used how many run
 * @param wanted how many slots the node wants, at least {@code used}
 */
public record SlotRequest(String limit, long size, long used, long wanted) {}
