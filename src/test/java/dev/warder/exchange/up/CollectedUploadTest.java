package dev.warder.exchange.up;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.body.SegmentPool;
import dev.warder.container.OffloadExecutor;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.up.Upload.BodyStorage;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.http.BodyReader;
import dev.warder.http.ErrorReply;
import dev.warder.stream.Translation;
import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** How a body is collected, decoded and translated. A body that is prepared is told by its length. */
class CollectedUploadTest {
    private static final int TOTAL = 1 << 20;
    private static final String LARGE = "{\"a\":\"" + "x".repeat(50_000) + "\"}";

    private final ScriptedInput in = new ScriptedInput();
    private final Deque<Runnable> offload = new ArrayDeque<>();
    private final MemoryBudget budget = new MemoryBudget(TOTAL);
    private final News news = new News();
    private boolean full;
    private CollectedUpload upload = upload(100, "", Optional.empty());

    @Test
    void readsNothingBeforeThereIsRoom() {
        var held = fill();
        var overdrawn = fill();
        in.pieces.add("{}");
        listener().onDataAvailable();
        assertThat(news.read).isZero();
        assertThat(upload.asks()).isFalse();
        in.finished = true;
        held.release();
        overdrawn.release();
        assertThat(news.told).containsExactly("2");
    }

    @Test
    void holdsNoMemoryForABodyThatIsDropped() {
        in.pieces.add("[");
        listener().onDataAvailable();
        assertThat(budget.used()).isZero();
        assertThat(news.told).isEmpty();
    }

    @Test
    void chargesACodedBodyForWhatIsThere() {
        collectCoded(Bodies.gzip("{\"a\":\"" + "x".repeat(80) + "\"}"));
        long coded = budget.used();
        assertThat(coded).isEqualTo(100);
        offload.remove().run();
        assertThat(budget.used()).isGreaterThan(80).isLessThan(200);
    }

    /** As Tomcat does when a stream that has just come to its end is asked on a thread that is not its own. */
    @Test
    void passesTheBodyOnOnceWhenItsEndIsToldInsideIsReady() {
        in.pieces.add("{}");
        in.insideIsReady = () -> listener().onAllDataRead();
        listener().onDataAvailable();
        assertThat(news.told).containsExactly("2");
    }

    @Test
    void saysNothingMoreOnceClosedInsideIsReady() {
        in.pieces.add("{}");
        in.insideIsReady = () -> upload.close();
        listener().onDataAvailable();
        listener().onAllDataRead();
        assertThat(news.told).isEmpty();
    }

    @Test
    void decodesAsideAndHoldsNobodyUpMeanwhile() {
        collectCoded(Bodies.gzip("{\"a\":1}"));
        assertThat(news.told).isEmpty();
        assertThat(offload).hasSize(1);
        offload.remove().run();
        assertThat(news.told).containsExactly("7");
    }

    @Test
    void saysNothingOfACodedBodyOnceClosed() {
        collectCoded(Bodies.gzip("{}"));
        upload.close();
        offload.remove().run();
        assertThat(news.told).isEmpty();
    }

    @Test
    void decodesWhereItIsWhenNoThreadIsToBeHad() {
        full = true;
        collectCoded(Bodies.gzip("{}"));
        assertThat(news.told).containsExactly("2");
    }

    @Test
    void reportsAFaultWhenWhatFollowsACodedBodyFails() {
        news.fails = true;
        collectCoded(Bodies.gzip("{}"));
        offload.remove().run();
        assertThat(news.told).containsExactly("fault");
    }

    @Test
    void translatesALargeBodyOnAnotherThread() {
        upload = upload(TOTAL, "", Optional.of(new Refusing()));
        collect(LARGE);
        assertThat(news.told).isEmpty();
        offload.remove().run();
        assertThat(news.told).containsExactly(LARGE);
    }

    /** The thread that gave back the memory serves another request. */
    @Test
    void translatesASmallBodyThatWaitedForMemoryOnAnotherThread() {
        upload = upload(TOTAL, "", Optional.of(new Refusing()));
        var first = fill();
        var second = fill();
        in.pieces.add("{}");
        listener().onDataAvailable();
        in.finished = true;
        first.release();
        second.release();
        assertThat(news.told).isEmpty();
        offload.remove().run();
        assertThat(news.told).containsExactly("{}");
    }

    @Test
    void translatesNothingAfterTheEndOfTheExchange() {
        upload = upload(TOTAL, "", Optional.of(new Refusing()));
        collect(LARGE);
        upload.close();
        offload.remove().run();
        assertThat(news.told).isEmpty();
    }

    @Test
    void translatesNothingAfterTheEndWhereTheMemoryForItComesLater() {
        upload = upload(TOTAL, "", Optional.of(new Refusing()));
        in.pieces.add("{}");
        listener().onDataAvailable();
        var other = fill();
        in.finished = true;
        listener().onAllDataRead();
        other.release();
        upload.close();
        offload.remove().run();
        assertThat(news.told).isEmpty();
    }

    private BodyReader listener() {
        return upload.reader().orElseThrow();
    }

    private MemoryBudget.Claim fill() {
        var claim = budget.claim(MemoryShare.UNLIMITED, -1);
        claim.grow(TOTAL, () -> {});
        return claim;
    }

    private void collectCoded(byte[] coded) {
        upload = upload(100, "gzip", Optional.empty());
        collect(new String(coded, ISO_8859_1));
    }

    private void collect(String body) {
        in.pieces.add(body);
        listener().onDataAvailable();
        in.finished = true;
        listener().onAllDataRead();
    }

    private CollectedUpload upload(long limit, String coding, Optional<Translation> translation) {
        var head = new RequestHead("POST", "/v1/messages", List.of(), -1, true, coding);
        return new CollectedUpload(
                new BodyStorage(
                        limit,
                        Duration.ofMinutes(1),
                        budget,
                        new SegmentPool(0),
                        client -> MemoryShare.UNLIMITED,
                        () -> 0),
                SteppedExchange.arrival(head, translation, new SerialTurn(Runnable::run), in),
                SteppedExchange.deadlines(),
                new OffloadExecutor(this::later, news),
                news,
                news);
    }

    private void later(Runnable task) {
        if (full) {
            throw new RejectedExecutionException();
        }
        offload.add(task);
    }

    /** Refuses each body with its own text, and needs much memory for its values. */
    private static final class Refusing implements Translation {
        @Override
        public long valueMemory(Chunks body) {
            return TOTAL / 2;
        }

        @Override
        public Outcome translate(Chunks body) {
            return new Outcome.Refused(ErrorReply.invalidRequest(Bodies.text(body)));
        }
    }

    /** Records what is told. */
    private final class News implements Upload.Events, RefusalHandler {
        final List<String> told = new ArrayList<>();
        boolean fails;
        long read;

        @Override
        public void prepared() {
            if (fails) {
                throw new IllegalStateException();
            }
            told.add(Long.toString(upload.content().orElseThrow().length()));
        }

        @Override
        public void read(long bytes) {
            read += bytes;
        }

        @Override
        public SendProgress progress() {
            throw new AssertionError();
        }

        @Override
        public void refused(ErrorReply reply) {
            told.add(reply.message());
        }

        @Override
        public void clientGone() {
            told.add("lost");
        }

        @Override
        public void fault(Throwable cause) {
            told.add("fault");
        }
    }

    /** Gives a piece a read; when there is none left it is not ready. */
    private static final class ScriptedInput extends UnusedInput {
        final Deque<String> pieces = new ArrayDeque<>();
        boolean finished;
        Runnable insideIsReady = () -> {};

        @Override
        public boolean isFinished() {
            return finished && pieces.isEmpty();
        }

        @Override
        public boolean isReady() {
            if (pieces.isEmpty()) {
                insideIsReady.run();
            }
            return !pieces.isEmpty();
        }

        @Override
        public void setReadListener(ReadListener listener) {}

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var piece = pieces.removeFirst().getBytes(ISO_8859_1);
            System.arraycopy(piece, 0, buffer, offset, piece.length);
            return piece.length;
        }
    }
}
