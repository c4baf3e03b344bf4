package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each task runs once, whatever happens; some observers receive the end of a request before its grants are released. */
class ObserverThreadTest {
    private static final int SECONDS = 30;
    private final ObserverThread observer = new ObserverThread(Thread::new);
    private final List<String> order = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    @AfterEach
    void close() {
        observer.close();
    }

    @Test
    void runsTasksInTheirOrderOnItsOwnThread() throws Exception {
        var order = new ArrayList<Integer>();
        var last = new CompletableFuture<Thread>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            observer.execute(() -> order.add(number));
        }
        observer.start();
        observer.execute(() -> last.complete(Thread.currentThread()));

        assertThat(last.get(SECONDS, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void letsTheCallerRunWhatFindsTooManyWaiting() {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < ObserverThread.MOST_TASKS; i++) {
            observer.execute(() -> threads.add(Thread.currentThread()));
        }
        assertThat(threads).isEmpty();

        observer.execute(() -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void goesOnAfterAFault() throws Exception {
        var done = new CompletableFuture<Void>();
        observer.start();
        observer.execute(() -> {
            throw new AssertionError("a fault");
        });
        observer.execute(() -> done.complete(null));

        assertThat(done).succeedsWithin(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void runsWhatWaitsWhenItIsClosed() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var ran = new AtomicInteger();
        observer.start();
        observer.execute(() -> {
            begun.countDown();
            awaitQuietly(goOn);
            ran.incrementAndGet();
        });
        assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        observer.execute(ran::incrementAndGet);
        goOn.countDown();

        observer.close();
        observer.execute(ran::incrementAndGet);

        assertThat(ran).hasValue(3);
    }

    /** Such as a log on a disk that does not respond. */
    @Test
    void aTaskThatHangsDoesNotStopTheShutdown() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var ran = new CompletableFuture<Thread>();
        observer.start();
        observer.execute(() -> {
            begun.countDown();
            awaitQuietly(goOn);
        });
        assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        observer.execute(() -> ran.complete(Thread.currentThread()));

        observer.close();

        assertThat(ran).as("it may hang too").isNotDone();
        goOn.countDown();
        assertThat(ran.get(SECONDS, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void losesNothingThatComesWhileItIsClosed() throws Exception {
        for (int round = 0; round < 200; round++) {
            var closed = new ObserverThread(Thread::new);
            var ran = new AtomicInteger();
            closed.start();
            var callers = List.of(caller(closed, ran), caller(closed, ran));
            closed.close();
            for (var caller : callers) {
                caller.join();
            }
            assertThat(ran).hasValue(100);
        }
    }

    private static Thread caller(ObserverThread closed, AtomicInteger ran) {
        var caller = new Thread(() -> IntStream.range(0, 50).forEach(i -> closed.execute(ran::incrementAndGet)));
        caller.start();
        return caller;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theFirstObserversReceiveAnExchangeBeforeItsGrantsAreReleased() {
        var record = record(waiting::add);

        record.endExchange(RequestEnd.OK, 1);

        assertThat(order).containsExactly("first", "release");
        waiting.forEach(Runnable::run);
        assertThat(order).containsExactly("first", "release", "other");
    }

    @Test
    void allReceiveAResponseOfWarderAtOnce() {
        var record = record(waiting::add);

        record.end(RequestEnd.REFUSED, 1);

        assertThat(order).containsExactly("first", "other", "release");
        assertThat(waiting).isEmpty();
    }

    private RequestRecord record(Executor later) {
        RequestObserver first = request -> order.add("first");
        RequestObserver other = request -> order.add("other");
        var record = Records.with(new RequestObservers(List.of(first), List.of(other), later, false));
        record.atEnd(() -> order.add("release"));
        return record;
    }
}
