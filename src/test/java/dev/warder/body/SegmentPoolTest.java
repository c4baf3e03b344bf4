package dev.warder.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentPoolTest {
    private static final int SEGMENT = 64 * 1024;

    private final SegmentPool pool = new SegmentPool(4 * SEGMENT);

    @Test
    void writesOneBodyIntoTheArraysOfAnother() {
        body('a', 3 * SEGMENT).recycle();
        assertThat(pool.free()).isEqualTo(3 * SEGMENT);
        var next = body('b', 2 * SEGMENT + 7);
        assertThat(pool.free()).isEqualTo(SEGMENT);
        assertThat(text(next)).isEqualTo("b".repeat(2 * SEGMENT + 7));
    }

    @Test
    void showsNothingOfTheBodyBefore() {
        body('a', SEGMENT).recycle();
        var next = new Chunks(SEGMENT, pool);
        next.append("b".getBytes(US_ASCII), 0, 1);
        assertThat(pool.free()).isZero();
        assertThat(text(next)).isEqualTo("b");
        assertThat(next.buffers()).singleElement().satisfies(view -> assertThat(view.capacity())
                .isEqualTo(1));
    }

    @Test
    void isEmptyOnceRecycled() {
        var body = body('a', SEGMENT);
        body.recycle();
        body.recycle();
        assertThat(body.length()).isZero();
        assertThat(pool.free()).isEqualTo(SEGMENT);
    }

    @Test
    void keepsTheArraysOfAnEditedBodyOutOfIt() {
        var body = body('a', SEGMENT);
        var edited = body.splice(List.of(new Splice(1, 1, new byte[SEGMENT])));
        edited.recycle();
        assertThat(pool.free()).isZero();
        assertThat(text(body)).isEqualTo("a".repeat(SEGMENT));
    }

    @Test
    void leavesSmallArraysAndWhatIsTooManyToTheCollector() {
        body('a', 5 * SEGMENT + 1).recycle();
        assertThat(pool.free()).isEqualTo(4 * SEGMENT);
        body('a', SEGMENT - 1).recycle();
        assertThat(pool.free()).isEqualTo(4 * SEGMENT);
    }

    @Test
    void leavesRoomForBodiesWithArraysOfTheirOwn() {
        body('a', 4 * SEGMENT).recycle();
        pool.leaveRoomFor(3 * SEGMENT);
        assertThat(pool.free()).isEqualTo(SEGMENT);
        pool.leaveRoomFor(9 * SEGMENT);
        assertThat(pool.free()).isZero();
    }

    @Test
    void letsGoOfWhatNobodyTookSinceTheLastTime() {
        body('a', 4 * SEGMENT).recycle();
        pool.trim();
        assertThat(pool.free()).isEqualTo(4 * SEGMENT);
        body('b', 3 * SEGMENT).recycle();
        pool.trim();
        assertThat(pool.free()).isEqualTo(3 * SEGMENT);
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
