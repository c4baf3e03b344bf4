package dev.warder.budget.estimate;

import dev.warder.budget.bound.BoundKind;

/**
 * The largest of the last values of one kind: of the last 16 texts; of all files, since a client could send many that are
 * harmless; and the speed of the last 1,000 to 2,000 responses. Not thread-safe.
 */
final class LargestValue {
    private static final int RESPONSES = 1000;

    private static final int TEXTS = 16;

    /** The largest value of each of the last blocks, which have {@code size} values. */
    private final long[] blocks;

    private final long size;
    private int at;
    private long inBlock;
    private long samples;

    LargestValue(BoundKind kind) {
        switch (kind) {
            case TEXT -> {
                blocks = new long[TEXTS];
                size = 1;
            }
            case SPEED, FAST -> {
                blocks = new long[2];
                size = RESPONSES;
            }
            default -> {
                blocks = new long[1];
                size = Long.MAX_VALUE;
            }
        }
    }

    void add(long value) {
        if (inBlock == size) {
            at = (at + 1) % blocks.length;
            blocks[at] = 0;
            inBlock = 0;
        }
        raise(value, 1);
        inBlock++;
    }

    /** Adds the largest of values that others had: it counts as long as a value that comes now. */
    void raise(long largest, long values) {
        blocks[at] = Math.max(blocks[at], largest);
        samples += values;
    }

    long largest() {
        long largest = 0;
        for (long block : blocks) {
            largest = Math.max(largest, block);
        }
        return largest;
    }

    /** How many values there were in all. */
    long samples() {
        return samples;
    }
}
