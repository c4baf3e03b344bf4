package dev.warder.config;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value in DER (ITU-T X.690), as names and trust settings of certificates have it: the JDK has no public reader. Immutable. */
public final class DerValue {
    public static final int SEQUENCE = 0x30;

    private static final int LONG_LENGTH = 0x80;
    private static final int MOST_LENGTH_BYTES = 3;
    private static final int BITS = 7;
    private static final BigInteger SECOND_ARCS = BigInteger.valueOf(40);
    private static final BigInteger LAST_FIRST_ARC = BigInteger.TWO;

    /** By the tags of string types (X.680, section 8). A TeletexString is Latin-1 in practice. */
    private static final Map<Integer, Charset> STRINGS = Map.of(
            0x0c, StandardCharsets.UTF_8,
            0x12, StandardCharsets.US_ASCII,
            0x13, StandardCharsets.US_ASCII,
            0x14, StandardCharsets.ISO_8859_1,
            0x16, StandardCharsets.US_ASCII,
            0x1a, StandardCharsets.US_ASCII,
            0x1b, StandardCharsets.ISO_8859_1,
            0x1c, Charset.forName("UTF-32BE"),
            0x1e, StandardCharsets.UTF_16BE);

    private final int tag;
    private final byte[] content;

    private DerValue(int tag, byte[] content) {
        this.tag = tag;
        this.content = content;
    }

    /**
     * The values that follow one another in {@code encoded}.
     *
     * @throws IllegalArgumentException if they are not DER with tags of one byte
     */
    public static List<DerValue> all(byte[] encoded) {
        var values = new ArrayList<DerValue>();
        var rest = ByteBuffer.wrap(encoded);
        try {
            while (rest.hasRemaining()) {
                int tag = Byte.toUnsignedInt(rest.get());
                var content = new byte[length(rest)];
                rest.get(content);
                values.add(new DerValue(tag, content));
            }
        } catch (BufferUnderflowException truncated) {
            throw new IllegalArgumentException(truncated);
        }
        return values;
    }

    private static int length(ByteBuffer rest) {
        int length = Byte.toUnsignedInt(rest.get());
        if (length >= LONG_LENGTH) {
            int bytes = length - LONG_LENGTH;
            if (bytes == 0 || bytes > MOST_LENGTH_BYTES) {
                throw new IllegalArgumentException("length");
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << Byte.SIZE | Byte.toUnsignedInt(rest.get());
            }
        }
        if (length > rest.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    public int tag() {
        return tag;
    }

    /**
     * The values inside a sequence, a set or a value with an explicit tag.
     *
     * @throws IllegalArgumentException if the content is not DER
     */
    public List<DerValue> parts() {
        return all(content);
    }

    /** The text of a value with a string type. */
    public Optional<String> text() {
        return Optional.ofNullable(STRINGS.get(tag)).map(charset -> new String(content, charset));
    }

    /** The content as an object identifier with dots (X.690, section 8.19). */
    public String objectIdentifier() {
        var dotted = new StringBuilder();
        var arc = BigInteger.ZERO;
        for (byte each : content) {
            arc = arc.shiftLeft(BITS).or(BigInteger.valueOf(each & 0x7f));
            if (each >= 0) {
                if (dotted.length() == 0) {
                    var first = arc.divide(SECOND_ARCS).min(LAST_FIRST_ARC);
                    dotted.append(first);
                    arc = arc.subtract(first.multiply(SECOND_ARCS));
                }
                dotted.append('.').append(arc);
                arc = BigInteger.ZERO;
            }
        }
        return dotted.toString();
    }

    /** Tag and content in upper-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().withUpperCase().toHexDigits((byte) tag)
                + HexFormat.of().withUpperCase().formatHex(content);
    }
}
