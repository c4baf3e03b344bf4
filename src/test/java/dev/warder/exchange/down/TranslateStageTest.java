package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.state.OffloadExecutor;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.StreamTranslation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TranslateStageTest {
    private static final int LARGE = 1 << 20;
    private static final ResponseHead HEAD = new ResponseHead(200, List.of(), -1, "", false);

    private final MemoryBudget memory = new MemoryBudget(4 * LARGE);
    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final List<String> client = new ArrayList<>();
    private final Sized translation = new Sized();
    private final TranslateStage stage = new TranslateStage(
            translation, memory, LARGE, new OffloadExecutor(threads::add, faults::add), new Client());

    @Test
    void aLargeOneIsTranslatedOnAnotherThread() {
        send(LARGE);
        assertThat(client).isEmpty();
        threads.remove().run();
        assertThat(client).containsExactly("head", Integer.toString(LARGE), "end");
    }

    @Test
    void soIsASmallOneThatRepeatsMuchOfItsRequest() {
        translation.repeated = LARGE;
        send(100);
        assertThat(client).isEmpty();
        threads.remove().run();
        assertThat(client).containsExactly("head", "100", "end");
    }

    @Test
    void aFaultEndsTheExchange() {
        translation.fails = true;
        send(100);
        assertThat(faults).hasSize(1);
        assertThat(client).isEmpty();
    }

    @Test
    void afterTheEndOfTheExchangeNothingIsTranslated() {
        stage.head(HEAD, new NoFlow());
        stage.piece(new byte[LARGE], LARGE);
        assertThat(memory.used()).isGreaterThanOrEqualTo(LARGE);
        stage.close();
        stage.end();
        assertThat(threads).isEmpty();
        assertThat(client).isEmpty();
        assertThat(memory.used()).isZero();
    }

    @Test
    void soItIsWhenTheTranslationStillWaitsForItsThread() {
        send(LARGE);
        stage.close();
        threads.remove().run();
        assertThat(translation.translated).isFalse();
        assertThat(client).isEmpty();
    }

    private void send(int bytes) {
        stage.head(HEAD, new NoFlow());
        stage.piece(new byte[bytes], bytes);
        stage.end();
    }

    /** Translates a response to its length. */
    private static final class Sized implements ResponseTranslation {
        private int repeated;
        private boolean usable = true;
        private boolean fails;
        private boolean translated;

        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return List.of();
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return Optional.empty();
        }

        @Override
        public Whole whole(int status, byte[] body) {
            translated = true;
            if (fails) {
                throw new IllegalStateException();
            }
            return usable
                    ? new Whole.Translated(status, "text/plain", new byte[body.length])
                    : new Whole.Unusable(ErrorReply.badGateway("Not usable."));
        }

        @Override
        public long handledBytes(int length) {
            return (long) length + repeated;
        }
    }

    private final class Client implements ResponseSink {
        @Override
        public void head(ResponseHead head, Flow upstream) {
            client.add("head");
        }

        @Override
        public void piece(byte[] bytes, int read) {
            client.add(Integer.toString(bytes.length));
        }

        @Override
        public void end() {
            client.add("end");
        }

        @Override
        public void failed(Failure failure) {
            client.add(failure.reply().message());
        }
    }

    private static final class NoFlow implements Flow {
        @Override
        public void taken(int bytes) {}

        @Override
        public void heldBack(int bytes) {}
    }
}
