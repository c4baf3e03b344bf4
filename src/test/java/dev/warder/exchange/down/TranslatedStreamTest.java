package dev.warder.exchange.down;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.container.OffloadExecutor;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.stream.Translation.ResponseTranslation;
import dev.warder.stream.Translation.StreamTranslation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Responses that are translated, as event streams and whole. */
class TranslatedStreamTest {
    private static final int LIMIT = 1 << 20;
    private static final int PIECE = 32 * 1024;
    private static final ResponseHead WHOLE = new ResponseHead(200, List.of(), -1, "", false);

    private final MemoryBudget memory = new MemoryBudget(4 * LIMIT);
    private final Keeping stream = new Keeping();
    private final Client client = new Client();
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final TranslateStage events = new TranslateStage(
            new Translating(), memory, LIMIT, new OffloadExecutor(Runnable::run, fault -> {}), client);
    private final TranslateStage whole = new TranslateStage(
            new Translating(), memory, LIMIT, new OffloadExecutor(threads::add, faults::add), client);
    private int taken;
    private final Flow flow = bytes -> taken += bytes;
    private int repeated;
    private boolean translated;

    @Test
    void passesOnWhatTheUpstreamSentAndHowMuchOfItWasRead() {
        begin();
        send(3);
        events.end();
        assertThat(client.text).hasToString("<3>end");
        assertThat(client.read).isEqualTo(3);
        assertThat(client.ended).isTrue();
        assertThat(memory.used()).isZero();
    }

    @Test
    void chargesWhatIsKeptOnceItIsMuch() {
        begin();
        send(PIECE);
        send(PIECE);
        assertThat(memory.used()).isZero();
        send(PIECE);
        assertThat(memory.used()).isGreaterThanOrEqualTo(3L * 3 * PIECE);
        assertThat(client.read + taken).isEqualTo(3 * PIECE);
        events.close();
        assertThat(memory.used()).isZero();
    }

    @Test
    void letsTheUpstreamWaitForMemoryButDelaysNoEvent() {
        var other = memory.claim(MemoryShare.UNLIMITED, -1);
        other.grow(4L * LIMIT, () -> {});
        var older = memory.claim(MemoryShare.UNLIMITED, -1);
        older.grow(4L * LIMIT, () -> {});
        begin();
        for (int i = 0; i < 3; i++) {
            send(PIECE);
        }
        assertThat(client.text).hasToString(("<" + PIECE + ">").repeat(3));
        assertThat(client.read + taken).isEqualTo(2 * PIECE);
        older.release();
        other.release();
        assertThat(client.read + taken).isEqualTo(3 * PIECE);
        events.close();
    }

    @Test
    void failsAResponseThatIsTooLarge() {
        begin();
        send(LIMIT);
        assertThat(client.failures).isEmpty();
        send(1);
        assertThat(client.failures).hasSize(1);
        assertThat(client.failures.get(0).reply().status()).isEqualTo(502);
        events.close();
    }

    @Test
    void failsWhenTheStreamFails() {
        begin();
        stream.failed = true;
        send(1);
        assertThat(client.text).hasToString("<1>");
        assertThat(client.failures).hasSize(1);
    }

    @Test
    void reportsTheLastEventTogetherWithItsBytes() {
        begin();
        send(1);
        assertThat(client.last).isEqualTo("none");
        stream.terminated = true;
        send(2);
        assertThat(client.last).isEqualTo("<2>");
        assertThat(client.text).hasToString("<1><2>");
    }

    @Test
    void reportsALastEventThatTheEndOfTheUpstreamBrings() {
        begin();
        stream.terminated = true;
        events.end();
        assertThat(client.last).isEqualTo("end");
    }

    @Test
    void reportsNoLastEventWithoutBytes() {
        begin();
        stream.silent = true;
        stream.terminated = true;
        send(1);
        assertThat(client.last).isEqualTo("none");
        assertThat(client.read).isEqualTo(1);
    }

    @Test
    void addsAnEventToASilentStreamAndKnowsItsEnd() {
        begin();
        events.whileSilent();
        assertThat(client.text).hasToString("still");
        assertThat(client.read).isZero();
        assertThat(events.failure(ErrorReply.badGateway("Lost.")))
                .hasValueSatisfying(
                        event -> assertThat(new String(event, US_ASCII)).isEqualTo("Lost."));
    }

    @Test
    void aLargeWholeResponseIsTranslatedOnAnotherThread() {
        sendWhole(LIMIT);
        assertThat(client.heads).isZero();
        threads.remove().run();
        assertThat(client.text).hasToString("" + LIMIT);
        assertThat(client.heads).isOne();
        assertThat(client.ended).isTrue();
    }

    @Test
    void soIsASmallOneThatRepeatsMuchOfItsRequest() {
        repeated = LIMIT;
        sendWhole(100);
        assertThat(client.heads).isZero();
        threads.remove().run();
        assertThat(client.text).hasToString("100");
        assertThat(client.heads).isOne();
        assertThat(client.ended).isTrue();
    }

    @Test
    void aFaultOfTheTranslationEndsTheExchange() {
        repeated = -1;
        sendWhole(100);
        assertThat(faults).hasSize(1);
        assertTheClientGotNothing();
    }

    @Test
    void afterTheEndOfTheExchangeNothingIsTranslated() {
        whole.head(WHOLE, flow);
        whole.piece(new byte[LIMIT], LIMIT);
        assertThat(memory.used()).isGreaterThanOrEqualTo(LIMIT);
        whole.close();
        whole.end();
        assertThat(threads).isEmpty();
        assertTheClientGotNothing();
        assertThat(memory.used()).isZero();
    }

    @Test
    void soItIsWhenTheTranslationStillWaitsForItsThread() {
        sendWhole(LIMIT);
        whole.close();
        threads.remove().run();
        assertThat(translated).isFalse();
        assertTheClientGotNothing();
    }

    private void assertTheClientGotNothing() {
        assertThat(client.heads).isZero();
        assertThat(client.text).isEmpty();
        assertThat(client.failures).isEmpty();
        assertThat(client.ended).isFalse();
    }

    private void sendWhole(int bytes) {
        whole.head(WHOLE, flow);
        whole.piece(new byte[bytes], bytes);
        whole.end();
    }

    private void begin() {
        events.head(new ResponseHead(200, List.of(), -1, "", true), flow);
    }

    private void send(int bytes) {
        events.piece(new byte[bytes], bytes);
    }

    /** Translates an event stream, and a whole response to its length. */
    private final class Translating implements ResponseTranslation {
        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return List.of();
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return Optional.of(stream);
        }

        @Override
        public Whole whole(int status, byte[] body) {
            translated = true;
            if (repeated < 0) {
                throw new IllegalStateException();
            }
            return new Whole.Translated(
                    status, "text/plain", Integer.toString(body.length).getBytes(US_ASCII));
        }

        @Override
        public long handledBytes(int length) {
            return (long) length + repeated;
        }
    }

    /** Translates each piece to its length, and keeps as much as came. */
    private static final class Keeping implements StreamTranslation {
        private long kept;
        private boolean failed;
        private boolean terminated;
        private boolean silent;

        @Override
        public byte[] feed(byte[] piece) {
            kept += piece.length;
            return silent ? new byte[0] : ("<" + piece.length + ">").getBytes(US_ASCII);
        }

        @Override
        public byte[] end() {
            return "end".getBytes(US_ASCII);
        }

        @Override
        public boolean terminated() {
            return terminated;
        }

        @Override
        public boolean failed() {
            return failed;
        }

        @Override
        public long kept() {
            return kept;
        }

        @Override
        public byte[] whileSilent() {
            return "still".getBytes(US_ASCII);
        }

        @Override
        public Optional<byte[]> failure(ErrorReply reply) {
            return Optional.of(reply.message().getBytes(US_ASCII));
        }
    }

    /** Takes what comes. */
    private static final class Client implements ResponseSink {
        private final StringBuilder text = new StringBuilder();
        private final List<Failure> failures = new ArrayList<>();
        private String last = "none";
        private int heads;
        private int read;
        private boolean ended;

        @Override
        public void head(ResponseHead head, Flow upstream) {
            heads++;
        }

        @Override
        public void piece(byte[] bytes, int count) {
            text.append(new String(bytes, US_ASCII));
            read += count;
        }

        @Override
        public void lastPiece(byte[] bytes, int count) {
            last = new String(bytes, US_ASCII);
            piece(bytes, count);
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void failed(Failure failure) {
            failures.add(failure);
        }
    }
}
