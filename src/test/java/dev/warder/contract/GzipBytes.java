package dev.warder.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Bodies in the coding gzip, sound or spoilt. */
final class GzipBytes {
    private GzipBytes() {}

    /** The bytes in one member. */
    static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** One behind the other. */
    static byte[] plus(byte[] first, byte[] second) {
        var all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** A copy with another byte at this place. */
    static byte[] changed(byte[] bytes, int at) {
        var copy = bytes.clone();
        copy[at] ^= 0x55;
        return copy;
    }
}
