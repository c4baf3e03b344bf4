package dev.warder.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.body.GzipException.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipContentTest {
    private static final long LIMIT = 1024 * 1024;

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(coded)) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return coded.toByteArray();
    }

    private static byte[] gzip(String content) {
        return gzip(content.getBytes(UTF_8));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static Problem problem(byte[] coded, long limit) {
        var measured = catchThrowableOfType(
                        GzipException.class, () -> GzipContent.length(Bodies.of(coded), limit, () -> false))
                .problem();
        assertThat(catchThrowableOfType(
                                GzipException.class, () -> GzipContent.decode(Bodies.of(coded), limit, () -> false))
                        .problem())
                .isEqualTo(measured);
        return measured;
    }

    @Test
    void leavesTheCodedBodyEmpty() throws GzipException {
        Chunks coded = Bodies.of(gzip("text"));
        GzipContent.decode(coded, LIMIT, () -> false);
        assertThat(coded.length()).isZero();
    }

    @Test
    void stopsWhenNobodyWantsTheBodyAnyMore() {
        var asked = new AtomicInteger();
        byte[] coded = gzip(random(100_000));
        assertThatThrownBy(() -> GzipContent.decode(Bodies.of(coded), LIMIT, () -> asked.incrementAndGet() == 3))
                .isInstanceOf(GzipException.class);
        assertThat(asked).hasValue(3);
    }

    @Test
    void refusesWhatIsLongerThanTheLimit() throws GzipException {
        byte[] coded = gzip(random(1000));
        assertThat(GzipContent.decode(Bodies.of(coded), 1000, () -> false).length())
                .isEqualTo(1000);
        assertThat(problem(coded, 999)).isEqualTo(Problem.TOO_LARGE);
    }

    @Test
    void refusesMoreThanAHundredTimesTheCodedLength() throws GzipException {
        byte[] bomb = gzip(new byte[100_000]);
        assertThat(bomb).hasSizeLessThan(1000);
        assertThat(problem(bomb, Long.MAX_VALUE)).isEqualTo(Problem.TOO_LARGE);
        assertThat(problem(join(gzip(random(500)), bomb), Long.MAX_VALUE)).isEqualTo(Problem.TOO_LARGE);
        assertThat(GzipContent.decode(Bodies.of(gzip("x".repeat(500))), LIMIT, () -> false)
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
            assertThat(problem(join(gzip("text"), tail), LIMIT)).isEqualTo(Problem.BROKEN);
        }
    }

    @Test
    void refusesWrongSumsMethodsAndReservedFlags() {
        byte[] coded = gzip("text");
        for (int at : new int[] {0, 1, 2, coded.length - 1, coded.length - 4, coded.length - 5, coded.length - 8}) {
            byte[] damaged = coded.clone();
            damaged[at] ^= 0x10;
            assertThat(problem(damaged, LIMIT)).as("byte %d", at).isEqualTo(Problem.BROKEN);
        }
        byte[] reserved = coded.clone();
        reserved[3] = 0x20;
        assertThat(problem(reserved, LIMIT)).isEqualTo(Problem.BROKEN);
        assertThat(problem("{}".getBytes(UTF_8), LIMIT)).isEqualTo(Problem.BROKEN);
    }

    @Test
    void neitherHangsNorFailsOtherwiseOnDamagedData() {
        Random random = new Random(20261120);
        byte[] coded = gzip(new String(random(3000), ISO_8859_1));
        for (int i = 0; i < 500; i++) {
            byte[] damaged = coded.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                GzipContent.decode(Bodies.of(damaged), LIMIT, () -> false);
            } catch (GzipException refused) {
                assertThat(refused).hasMessageContaining("gzip");
            }
        }
    }
}
