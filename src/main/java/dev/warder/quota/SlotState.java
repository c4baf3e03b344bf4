package dev.warder.quota;

/**
 * The database's note.
 *
 * @param limit the text of its key
 * @param granted the slots of the node
 * @param elsewhere the slots of all other nodes together
 */
public record SlotState(String limit, long granted, long elsewhere) {}
