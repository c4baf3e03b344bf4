package dev.warder.openai.responses;

import dev.warder.openai.responses.ItemBlocks.ItemBlock;

/**
 * An item of the output that has not ended, made of its blocks. {@link #finish} follows when it is known how the item ends:
 * with the next block, or with the message. One thread at a time.
 */
interface Item extends ItemBlock {
    boolean isStopped();

    void finish(ItemStatus status);

    /** The bytes that it keeps. */
    long kept();
}
