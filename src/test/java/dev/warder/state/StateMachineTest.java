package dev.warder.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.upload.UploadPhase;
import dev.warder.upload.UploadPhase.Action;
import dev.warder.upload.UploadPhase.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StateMachineTest {
    private final List<Action> done = new ArrayList<>();
    private Consumer<Action> during = action -> {};
    private final StateMachine<UploadPhase, Event, Action> state = new StateMachine<>(UploadPhase.CREATED, action -> {
        done.add(action);
        during.accept(action);
    });

    @Test
    void startsUnlessItHasEnded() {
        assertThat(state.on(Event.END)).isTrue();
        assertThat(state.on(Event.STARTED)).isFalse();
        assertThat(state.phase()).isEqualTo(UploadPhase.NEVER_STARTED);
    }

    /** The end comes while the request is being sent. */
    @Test
    void runsTheActionsOfAnEventInsideAnActionAfterIt() {
        toSending();
        during = action -> {
            if (action == Action.SEND) {
                state.on(Event.END);
                done.add(Action.CHECK);
            }
        };
        state.on(Event.READY);
        assertThat(done)
                .containsExactly(Action.OPEN, Action.SEND, Action.CHECK, Action.CLOSE, Action.ABORT, Action.RELEASE);
        assertThat(state.phase()).isEqualTo(UploadPhase.ENDED);
    }

    @Test
    void leavesItsActionsToTheThreadThatRunsOne() throws InterruptedException {
        toSending();
        var sending = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        during = action -> {
            if (action == Action.SEND) {
                sending.countDown();
                await(ended);
            }
        };
        var sender = new Thread(() -> state.on(Event.READY));
        sender.start();
        await(sending);
        state.on(Event.END);
        assertThat(state.phase()).isEqualTo(UploadPhase.ENDED);
        ended.countDown();
        sender.join();
        assertThat(done).containsExactly(Action.OPEN, Action.SEND, Action.CLOSE, Action.ABORT, Action.RELEASE);
    }

    @Test
    void runsEachActionThoughOneBeforeItThrows() {
        toSending();
        during = action -> {
            if (action == Action.OPEN || action == Action.CLOSE) {
                throw new IllegalStateException("a fault of the test: " + action);
            }
        };
        assertThatThrownBy(() -> state.on(Event.END)).hasMessageContaining("CLOSE");
        assertThat(done).endsWith(Action.WITHDRAW, Action.CLOSE, Action.RELEASE);
        during = action -> {};
        state.on(Event.END);
        assertThat(done).endsWith(Action.RELEASE).containsOnlyOnce(Action.RELEASE);
    }

    private void toSending() {
        state.on(Event.STARTED);
        state.on(Event.ADMITTED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
