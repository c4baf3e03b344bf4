package dev.warder.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the ends of lines, eight bytes at a time. */
final class LineEnd {
    /** At any index; the first of the eight bytes is the lowest. */
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Times a byte: that byte eight times. */
    private static final long EACH = 0x0101_0101_0101_0101L;

    private static final long HIGHEST = 0x8080_8080_8080_8080L;

    private LineEnd() {}

    static int find(byte[] b, int from, int to) {
        int i = from;
        while (i <= to - 2 * Long.BYTES) {
            if (mayEnd((long) EIGHT_BYTES.get(b, i)) || mayEnd((long) EIGHT_BYTES.get(b, i + Long.BYTES))) {
                int end = search(b, i, i + 2 * Long.BYTES);
                if (end < i + 2 * Long.BYTES) {
                    return end;
                }
            }
            i += 2 * Long.BYTES;
        }
        return search(b, i, to);
    }

    /** Control characters are rare but at the ends of lines, so that one comparison finds nearly always an end. */
    private static boolean mayEnd(long bytes) {
        return ((bytes - EACH * ('\r' + 1)) & ~bytes & HIGHEST) != 0;
    }

    private static int search(byte[] b, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES) {
            long bytes = (long) EIGHT_BYTES.get(b, i);
            long ends = zeros(bytes ^ EACH * '\n') | zeros(bytes ^ EACH * '\r');
            if (ends != 0) {
                return i + Long.numberOfTrailingZeros(ends) / Byte.SIZE;
            }
            i += Long.BYTES;
        }
        while (i < to && b[i] != '\n' && b[i] != '\r') {
            i++;
        }
        return i;
    }

    /** The lowest bit that is set belongs to the first byte that is 0: only higher bytes are affected by its borrow. */
    private static long zeros(long bytes) {
        return (bytes - EACH) & ~bytes & HIGHEST;
    }
}
