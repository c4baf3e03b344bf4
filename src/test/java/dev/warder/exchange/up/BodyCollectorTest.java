package dev.warder.exchange.up;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryShare;
import dev.warder.body.SegmentPool;
import dev.warder.container.SerialTurn;
import dev.warder.credential.CredentialChoice;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.json.JsonOutline;
import dev.warder.json.ModelResolver;
import dev.warder.record.Records;
import dev.warder.state.OffloadExecutor;
import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BodyCollectorTest {
    private static final String LOST = "lost";

    private final ScriptedInput in = new ScriptedInput();
    private final News news = new News();
    private final Deque<Runnable> offload = new ArrayDeque<>();
    private boolean full;
    private long read;
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private BodyCollector collector = collector(100);

    @Test
    void readsNothingBeforeThereIsRoom() {
        var held = budget.claim(MemoryShare.UNLIMITED, -1);
        held.grow(1 << 20, () -> {});
        var overdrawn = budget.claim(MemoryShare.UNLIMITED, -1);
        overdrawn.grow(1 << 20, () -> {});
        collector = collector(100);
        in.pieces.add("{}");
        collector.listener().onDataAvailable();
        assertThat(read).isZero();
        assertThat(collector.asks()).isFalse();
        in.finished = true;
        held.release();
        overdrawn.release();
        assertThat(news.told).containsExactly("{}");
    }

    @Test
    void holdsNoMemoryForABodyThatIsDropped() {
        in.pieces.add("[");
        collector.listener().onDataAvailable();
        assertThat(budget.used()).isZero();
        assertThat(news.told).isEmpty();
    }

    @Test
    void chargesACodedBodyForWhatIsThere() throws Exception {
        collectCoded(gzip("{\"a\":\"" + "x".repeat(80) + "\"}"));
        long coded = budget.used();
        assertThat(coded).isEqualTo(100);
        offload.remove().run();
        assertThat(budget.used()).isGreaterThan(80).isLessThan(200);
    }

    /** As Tomcat does when a stream that has just come to its end is asked on a thread that is not its own. */
    @Test
    void passesTheBodyOnOnceWhenItsEndIsToldInsideIsReady() {
        in.pieces.add("{}");
        in.insideIsReady = () -> collector.listener().onAllDataRead();
        collector.listener().onDataAvailable();
        assertThat(news.told).containsExactly("{}");
    }

    @Test
    void saysNothingMoreOnceClosedInsideIsReady() {
        in.pieces.add("{}");
        in.insideIsReady = () -> collector.close();
        collector.listener().onDataAvailable();
        collector.listener().onAllDataRead();
        assertThat(news.told).isEmpty();
    }

    @Test
    void decodesAsideAndHoldsNobodyUpMeanwhile() throws Exception {
        collectCoded(gzip("{\"a\":1}"));
        assertThat(news.told).isEmpty();
        assertThat(offload).hasSize(1);
        offload.remove().run();
        assertThat(news.told).containsExactly("{\"a\":1}");
    }

    @Test
    void saysNothingOfACodedBodyOnceClosed() throws Exception {
        collectCoded(gzip("{}"));
        collector.close();
        offload.remove().run();
        assertThat(news.told).isEmpty();
    }

    @Test
    void decodesWhereItIsWhenNoThreadIsToBeHad() throws Exception {
        full = true;
        collectCoded(gzip("{}"));
        assertThat(news.told).containsExactly("{}");
    }

    @Test
    void reportsAFaultWhenWhatFollowsACodedBodyFails() throws Exception {
        news.fails = true;
        collectCoded(gzip("{}"));
        offload.remove().run();
        assertThat(news.told).containsExactly("fault");
    }

    private void collectCoded(byte[] coded) {
        in.finished = false;
        collector = collector(100, "gzip");
        in.pieces.add(new String(coded, ISO_8859_1));
        collector.listener().onDataAvailable();
        collector.listener().onAllDataRead();
    }

    private static byte[] gzip(String text) throws IOException {
        var coded = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(coded)) {
            out.write(text.getBytes(UTF_8));
        }
        return coded.toByteArray();
    }

    private BodyCollector collector(long limit) {
        return collector(limit, "");
    }

    private BodyCollector collector(long limit, String coding) {
        var head = new RequestHead("POST", "/v1/messages", List.of(), -1, true, coding);
        var empty = new Chunks();
        var threads = new OffloadExecutor(this::later, fault -> news.told.add("fault"));
        var claim = budget.claim(MemoryShare.UNLIMITED, -1);
        var memory = new BodyMemory(
                new BodyStorage(
                        limit,
                        Duration.ofMinutes(1),
                        budget,
                        new SegmentPool(0),
                        client -> MemoryShare.UNLIMITED,
                        () -> 0),
                claim,
                limit,
                1,
                1,
                fault -> news.told.add("fault"));
        var decisions = new Decisions(
                Client.OPEN,
                new CredentialChoice.Refused(ErrorReply.internal()),
                Optional.empty(),
                ModelResolver.UNCHANGED,
                (outline, body) -> List.of(),
                Optional.empty());
        var record = Records.post("/v1/messages", () -> 0);
        var arrival = new Arrival(record, decisions, head, new SerialTurn(Runnable::run), in);
        var verdict = new BodyVerdict(limit, BodyPolicy.NONE, memory, threads, news::collected, news);
        return new BodyCollector(arrival, empty, limit, memory, verdict, bytes -> read += bytes, news);
    }

    private void later(Runnable task) {
        if (full) {
            throw new RejectedExecutionException();
        }
        offload.add(task);
    }

    /** Records what is told. */
    private static final class News implements RefusalHandler {
        final List<String> told = new ArrayList<>();
        boolean fails;

        @Override
        public void fault(Throwable cause) {
            throw new AssertionError(cause);
        }

        void collected(Chunks body, JsonOutline outline) {
            if (fails) {
                throw new IllegalStateException();
            }
            tell(new String(body.copy(0, body.length()), UTF_8));
        }

        @Override
        public void refused(ErrorReply reply) {
            tell(Integer.toString(reply.status()));
        }

        @Override
        public void clientGone() {
            tell(LOST);
        }

        private void tell(String what) {
            told.add(what);
        }
    }

    /** Gives a piece a read; when there is none left it is not ready. */
    private static final class ScriptedInput extends UnusedInput {
        final Deque<String> pieces = new ArrayDeque<>();
        boolean finished;
        boolean broken;
        Runnable insideIsReady = () -> {};

        @Override
        public boolean isFinished() {
            return finished && pieces.isEmpty();
        }

        @Override
        public boolean isReady() {
            if (pieces.isEmpty() && !broken) {
                insideIsReady.run();
            }
            return broken || !pieces.isEmpty();
        }

        @Override
        public void setReadListener(ReadListener listener) {}

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (broken) {
                throw new IOException("reset");
            }
            var piece = pieces.removeFirst().getBytes(ISO_8859_1);
            System.arraycopy(piece, 0, buffer, offset, piece.length);
            return piece.length;
        }
    }
}
