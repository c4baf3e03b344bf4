package dev.warder.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunksTest {
    private static final int SEGMENT = 16 * 1024;
    private static final int POOLED = 64 * 1024;
    private final SegmentPool pool = new SegmentPool(4 * POOLED);

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(List<ByteBuffer> buffers) {
        byte[] all = new byte[buffers.stream().mapToInt(ByteBuffer::remaining).sum()];
        int done = 0;
        for (ByteBuffer buffer : buffers) {
            int count = buffer.remaining();
            buffer.get(all, done, count);
            done += count;
        }
        return all;
    }

    private static Splice splice(long from, long to, String text) {
        return new Splice(from, to, text.getBytes(UTF_8));
    }

    @Test
    void keepsAllBytesOverManyAppends() {
        byte[] bytes = random(100_001);
        Chunks body = new Chunks();
        for (int i = 0; i < bytes.length; i += 777) {
            body.append(bytes, i, Math.min(777, bytes.length - i));
        }
        assertThat(body.length()).isEqualTo(bytes.length);
        assertThat(body.copy(0, body.length())).isEqualTo(bytes);
        assertThat(body.at(SEGMENT)).isEqualTo(bytes[SEGMENT]);
        assertThat(body.at(bytes.length - 1)).isEqualTo(bytes[bytes.length - 1]);
        assertThat(body.copy(SEGMENT - 1, SEGMENT + 2))
                .containsExactly(bytes[SEGMENT - 1], bytes[SEGMENT], bytes[SEGMENT + 1]);
    }

    @Test
    void makesOneArrayOfASmallBodyOfKnownLength() {
        Chunks body = new Chunks(300);
        body.append(random(300), 0, 100);
        body.append(random(300), 100, 200);
        assertThat(body.buffers()).hasSize(1);
        body.append(random(10), 0, 10);
        assertThat(body.buffers()).hasSize(2);
        assertThat(body.length()).isEqualTo(310);
    }

    @Test
    void cutsAnUnknownLengthIntoSegments() {
        Chunks body = new Chunks();
        body.append(random(12 * SEGMENT + 1), 0, 12 * SEGMENT + 1);
        assertThat(body.buffers())
                .extracting(ByteBuffer::remaining)
                .containsExactly(SEGMENT, SEGMENT, 2 * SEGMENT, 4 * SEGMENT, 4 * SEGMENT, 1);
    }

    @Test
    void givesReadOnlyBuffersAgainAndAgain() {
        byte[] bytes = random(40_000);
        Chunks body = Bodies.of(bytes);
        assertThat(joined(body.buffers())).isEqualTo(bytes);
        assertThat(joined(body.buffers())).isEqualTo(bytes);
        assertThat(body.buffers()).allMatch(ByteBuffer::isReadOnly);
    }

    @Test
    void splicesWithoutTouchingTheOriginal() {
        Chunks body = Bodies.of("0123456789");
        Chunks edited = body.splice(List.of(
                splice(0, 0, "<"), splice(2, 4, "xyz"), splice(4, 4, "a"), splice(4, 4, "b"), splice(10, 10, ">")));
        assertThat(Bodies.text(edited)).isEqualTo("<01xyzab456789>");
        assertThat(edited.at(3)).isEqualTo((byte) 'x');
        assertThat(Bodies.text(body)).isEqualTo("0123456789");
        assertThat(Bodies.text(edited.splice(List.of(splice(1, 14, ""))))).isEqualTo("<>");
        assertThat(Bodies.text(body.splice(List.of()))).isEqualTo("0123456789");
    }

    @Test
    void showsARangeOfItsBytes() {
        Chunks body = Bodies.of("0123456789").splice(List.of(splice(3, 5, "xyz")));
        var seen = new ByteArrayOutputStream();
        body.read(2, 9, seen::write);
        assertThat(seen.toString(UTF_8)).isEqualTo("2xyz567");
        assertThatThrownBy(() -> body.read(2, 12, seen::write)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void sharesTheUntouchedBytes() {
        byte[] bytes = random(64 * SEGMENT);
        Chunks body = Bodies.of(bytes);
        Chunks edited = body.splice(List.of(splice(20 * SEGMENT + 5, 20 * SEGMENT + 5, "!")));
        var arrays = new ArrayList<byte[]>();
        edited.read(0, 1, (array, offset, count) -> arrays.add(array));
        body.read(0, 1, (array, offset, count) -> arrays.add(array));
        assertThat(arrays.get(0)).isSameAs(arrays.get(1));
        assertThat(edited.buffers()).hasSize(body.buffers().size() + 2);
        assertThat(edited.length()).isEqualTo(bytes.length + 1);
    }

    @Test
    void appendsToAnEditedBodyWithoutHarmToTheOriginal() {
        Chunks body = new Chunks();
        body.append(new byte[] {'a', 'b'}, 0, 2);
        Chunks edited = body.splice(List.of());
        edited.append(new byte[] {'X'}, 0, 1);
        body.append(new byte[] {'c'}, 0, 1);
        assertThat(Bodies.text(edited)).isEqualTo("abX");
        assertThat(Bodies.text(body)).isEqualTo("abc");
    }

    @Test
    void writesOneBodyIntoTheArraysOfAnother() {
        body('a', 3 * POOLED).recycle();
        assertThat(pool.free()).isEqualTo(3 * POOLED);
        var next = body('b', 2 * POOLED + 7);
        assertThat(pool.free()).isEqualTo(POOLED);
        assertThat(text(next)).isEqualTo("b".repeat(2 * POOLED + 7));
    }

    @Test
    void showsNothingOfTheBodyBefore() {
        body('a', POOLED).recycle();
        var next = new Chunks(POOLED, pool);
        next.append("b".getBytes(US_ASCII), 0, 1);
        assertThat(pool.free()).isZero();
        assertThat(text(next)).isEqualTo("b");
        assertThat(next.buffers()).singleElement().satisfies(view -> assertThat(view.capacity())
                .isEqualTo(1));
    }

    @Test
    void isEmptyOnceRecycled() {
        var body = body('a', POOLED);
        body.recycle();
        body.recycle();
        assertThat(body.length()).isZero();
        assertThat(pool.free()).isEqualTo(POOLED);
    }

    @Test
    void keepsTheArraysOfAnEditedBodyOutOfIt() {
        var body = body('a', POOLED);
        var edited = body.splice(List.of(new Splice(1, 1, new byte[POOLED])));
        edited.recycle();
        assertThat(pool.free()).isZero();
        assertThat(text(body)).isEqualTo("a".repeat(POOLED));
    }

    @Test
    void leavesSmallArraysAndWhatIsTooManyToTheCollector() {
        body('a', 5 * POOLED + 1).recycle();
        assertThat(pool.free()).isEqualTo(4 * POOLED);
        body('a', POOLED - 1).recycle();
        assertThat(pool.free()).isEqualTo(4 * POOLED);
    }

    @Test
    void leavesRoomForBodiesWithArraysOfTheirOwn() {
        body('a', 4 * POOLED).recycle();
        pool.leaveRoomFor(3 * POOLED);
        assertThat(pool.free()).isEqualTo(POOLED);
        pool.leaveRoomFor(9 * POOLED);
        assertThat(pool.free()).isZero();
    }

    @Test
    void letsGoOfWhatNobodyTookSinceTheLastTime() {
        body('a', 4 * POOLED).recycle();
        pool.trim();
        assertThat(pool.free()).isEqualTo(4 * POOLED);
        body('b', 3 * POOLED).recycle();
        pool.trim();
        assertThat(pool.free()).isEqualTo(3 * POOLED);
        pool.trim();
        assertThat(pool.free()).isZero();
    }

    private Chunks body(char letter, int length) {
        var body = new Chunks(length, pool);
        byte[] bytes = String.valueOf(letter).repeat(length).getBytes(US_ASCII);
        body.append(bytes, 0, bytes.length);
        return body;
    }

    private static String text(Chunks body) {
        return new String(body.copy(0, body.length()), US_ASCII);
    }
}
