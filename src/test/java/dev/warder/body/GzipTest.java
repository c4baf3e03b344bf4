package dev.warder.body;

import static dev.warder.body.Bodies.gzip;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.body.GzipDecoder.GzipException;
import dev.warder.body.GzipDecoder.GzipException.Problem;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gzip, decoded in pieces and as a whole body. */
class GzipTest {
    private static final byte[] TEXT = "Grüß dich, grüß dich, grüß dich.".getBytes(UTF_8);
    private static final long LIMIT = 1024 * 1024;

    @Test
    void decodesHoweverItIsCut() throws Exception {
        byte[] coded = plus(gzip(TEXT), plus(gzip(new byte[0]), gzip(TEXT)));
        for (int cut = 0; cut <= coded.length; cut++) {
            assertThat(decode(Arrays.copyOf(coded, cut), Arrays.copyOfRange(coded, cut, coded.length)))
                    .isEqualTo(plus(TEXT, TEXT));
        }
        byte[][] bytes = new byte[coded.length][];
        for (int i = 0; i < coded.length; i++) {
            bytes[i] = new byte[] {coded[i]};
        }
        assertThat(decode(bytes)).isEqualTo(plus(TEXT, TEXT));
    }

    @Test
    void decodesMoreThanItsBuffer() throws Exception {
        byte[] large = new byte[300_000];
        new Random(5).nextBytes(large);
        Arrays.fill(large, 1000, 200_000, (byte) 'x');
        assertThat(decode(gzip(large))).isEqualTo(large);
    }

    /** Flags of RFC 1952, section 2.3.1, one by one and together. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 8, 16, 31})
    void readsHeadersWithFurtherParts(int flags) throws Exception {
        for (int extra : new int[] {0, 1, 300}) {
            var header = new ByteArrayOutputStream();
            header.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 0, 0, 0, 0, 0, 3});
            if ((flags & 4) != 0) {
                header.writeBytes(new byte[] {(byte) extra, (byte) (extra >> 8)});
                header.writeBytes(new byte[extra]);
            }
            if ((flags & 8) != 0) {
                header.writeBytes("name\0".getBytes(UTF_8));
            }
            if ((flags & 16) != 0) {
                header.writeBytes("a comment\0".getBytes(UTF_8));
            }
            if ((flags & 2) != 0) {
                var check = new CRC32();
                check.update(header.toByteArray());
                header.writeBytes(new byte[] {(byte) check.getValue(), (byte) (check.getValue() >> 8)});
            }
            byte[] plain = gzip(TEXT);
            assertThat(decode(plus(header.toByteArray(), Arrays.copyOfRange(plain, 10, plain.length))))
                    .isEqualTo(TEXT);
        }
    }

    @Test
    void isWholeBehindAMemberOnly() throws Exception {
        byte[] coded = gzip(TEXT);
        for (int length = 0; length < coded.length; length++) {
            var gzip = new GzipDecoder();
            gzip.feed(coded, 0, length, (bytes, offset, count) -> {});
            assertThat(gzip.isWhole()).isFalse();
            gzip.close();
        }
    }

    @Test
    void refusesWhatIsNoGzip() throws Exception {
        byte[] good = gzip(TEXT);
        for (int at : new int[] {0, 1, 2, 3, good.length - 1, good.length - 4, good.length - 5, good.length - 8}) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0xE1;
            assertThatThrownBy(() -> decode(bad)).as("byte %d", at).isInstanceOf(GzipException.class);
        }
        assertThatThrownBy(() -> decode(plus(good, TEXT))).isInstanceOf(GzipException.class);
        byte[] noDeflate = Arrays.copyOf(good, 12);
        noDeflate[10] = (byte) 0xFF;
        assertThatThrownBy(() -> decode(noDeflate)).isInstanceOf(GzipException.class);
    }

    @Test
    void refusesAHeaderWhoseChecksumIsWrong() throws Exception {
        byte[] plain = gzip(TEXT);
        byte[] header = {0x1F, (byte) 0x8B, 8, 2, 0, 0, 0, 0, 0, 3};
        var check = new CRC32();
        check.update(header);
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
        byte[] sum = {(byte) check.getValue(), (byte) (check.getValue() >> 8)};
        assertThat(decode(header, sum, rest)).isEqualTo(TEXT);
        sum[1] ^= 1;
        assertThatThrownBy(() -> decode(header, sum, rest)).isInstanceOf(GzipException.class);
    }

    private static byte[] decode(byte[]... pieces) throws GzipException {
        var out = new ByteArrayOutputStream();
        var gzip = new GzipDecoder();
        for (byte[] piece : pieces) {
            gzip.feed(piece, 0, piece.length, out::write);
        }
        assertThat(gzip.isWhole()).isTrue();
        gzip.close();
        return out.toByteArray();
    }

    private static byte[] plus(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Problem problem(byte[] coded, long limit) {
        var measured = catchThrowableOfType(
                        GzipException.class, () -> GzipDecoder.length(Bodies.of(coded), limit, () -> false))
                .problem();
        assertThat(catchThrowableOfType(
                                GzipException.class, () -> GzipDecoder.decode(Bodies.of(coded), limit, () -> false))
                        .problem())
                .isEqualTo(measured);
        return measured;
    }

    @Test
    void leavesTheCodedBodyEmpty() throws GzipException {
        Chunks coded = Bodies.of(gzip("text"));
        GzipDecoder.decode(coded, LIMIT, () -> false);
        assertThat(coded.length()).isZero();
    }

    @Test
    void stopsWhenNobodyWantsTheBodyAnyMore() {
        var asked = new AtomicInteger();
        byte[] coded = gzip(random(100_000));
        assertThatThrownBy(() -> GzipDecoder.decode(Bodies.of(coded), LIMIT, () -> asked.incrementAndGet() == 3))
                .isInstanceOf(GzipException.class);
        assertThat(asked).hasValue(3);
    }

    @Test
    void refusesWhatIsLongerThanTheLimit() throws GzipException {
        byte[] coded = gzip(random(1000));
        assertThat(GzipDecoder.decode(Bodies.of(coded), 1000, () -> false).length())
                .isEqualTo(1000);
        assertThat(problem(coded, 999)).isEqualTo(Problem.TOO_LARGE);
    }

    @Test
    void refusesMoreThanAHundredTimesTheCodedLength() throws GzipException {
        byte[] bomb = gzip(new byte[100_000]);
        assertThat(bomb).hasSizeLessThan(1000);
        assertThat(problem(bomb, Long.MAX_VALUE)).isEqualTo(Problem.TOO_LARGE);
        assertThat(problem(plus(gzip(random(500)), bomb), Long.MAX_VALUE)).isEqualTo(Problem.TOO_LARGE);
        assertThat(GzipDecoder.decode(Bodies.of(gzip("x".repeat(500))), LIMIT, () -> false)
                        .length())
                .isEqualTo(500);
    }

    @Test
    void refusesEveryTruncation() {
        byte[] coded = gzip("a text that is long enough to be cut anywhere, anywhere, anywhere");
        for (int length = 0; length < coded.length; length++) {
            assertThat(problem(Arrays.copyOf(coded, length), LIMIT))
                    .as("cut at %d", length)
                    .isEqualTo(Problem.BROKEN);
        }
    }

    @Test
    void refusesWhatFollowsTheLastMember() {
        for (byte[] tail : new byte[][] {{0}, {0x1F}, {0x1F, (byte) 0x8B}, "garbage".getBytes(UTF_8)}) {
            assertThat(problem(plus(gzip("text"), tail), LIMIT)).isEqualTo(Problem.BROKEN);
        }
    }

    @Test
    void neitherHangsNorFailsOtherwiseOnDamagedData() {
        Random random = new Random(20261120);
        byte[] coded = gzip(new String(random(3000), ISO_8859_1));
        for (int i = 0; i < 500; i++) {
            byte[] damaged = coded.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                GzipDecoder.decode(Bodies.of(damaged), LIMIT, () -> false);
            } catch (GzipException refused) {
                assertThat(refused).hasMessageContaining("gzip");
            }
        }
    }
}
