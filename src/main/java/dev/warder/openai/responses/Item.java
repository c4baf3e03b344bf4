package dev.warder.openai.responses;

/**
 * An item of the output that has not ended, made of its blocks. {@link #finish} follows when it is known how the item ends:
 * with the next block, or with the message. One thread at a time.
 */
interface Item extends ItemBlock {
    /** Whether nothing more belongs to it. */
    boolean isStopped();

    /** The item ends; it is stopped, except where the message ends before. */
    void finish(ItemStatus status);

    /** The bytes that it keeps. */
    long kept();
}
