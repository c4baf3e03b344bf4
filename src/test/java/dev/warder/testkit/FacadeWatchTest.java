package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.SerialTurn;
import jakarta.servlet.AsyncContext;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the facades of the contract count as a use after the end. */
class FacadeWatchTest {
    private final List<String> uses = new ArrayList<>();
    private final FacadeWatch watch = new FacadeWatch(FacadeWatch.ScriptedFault.of(null, method -> {}), uses::add);

    @Test
    void countsStreamsAlsoAfterADispatchAndInsideService() {
        watch.end("async.dispatch");
        watch.use("request.getMethod");
        watch.use("response.setStatus");
        assertThat(uses).isEmpty();
        watch.use("in.read");
        assertThat(uses).hasSize(1);
    }

    @Test
    void countsAnEndWhileAStreamIsUsed() throws Exception {
        watch.<Integer, Exception>stream("out.write", () -> {
            watch.end("async.complete");
            return 0;
        });
        assertThat(uses).hasSize(1);
    }

    /** Only the other way to end a request may follow an end that threw. */
    @Test
    void countsUsesAfterAnEndThatThrew() {
        watch.end("async.complete");
        watch.endFailed();
        watch.use("async.dispatch");
        assertThat(uses).isEmpty();
        watch.use("out.write");
        assertThat(uses).hasSize(1);
    }

    @Test
    void countsNoEndThatCrossesOneOfTheContainerAndIsRejected() throws Exception {
        endsWhileTheContainerDoes(() -> {
            throw new IllegalStateException("ended");
        });
        assertThat(uses).isEmpty();
        watch.use("response.setStatus");
        assertThat(uses).hasSize(1);
    }

    @Test
    void countsAnEndThatCrossesOneOfTheContainerAndIsAccepted() throws Exception {
        endsWhileTheContainerDoes(() -> {});
        assertThat(uses).hasSize(1);
    }

    /** Of a thread that was inside the application at the end, has left it, and comes again. */
    @Test
    void countsAnEndOfAThreadThatHasLeftSince() throws Exception {
        var inside = new CountDownLatch(1);
        var leaves = new CountDownLatch(1);
        var left = new CountDownLatch(1);
        var again = new CountDownLatch(1);
        var thread = new Thread(() -> {
            new SerialTurn(Runnable::run).take(() -> {
                inside.countDown();
                awaitOpen(leaves);
            });
            left.countDown();
            awaitOpen(again);
            new SerialTurn(Runnable::run).take(() -> watch.crossesTheEnd("async.complete"));
        });
        thread.start();
        inside.await();
        watch.endByContainer();
        FacadeWatch.Stay.look();
        leaves.countDown();
        left.await();
        FacadeWatch.Stay.look();
        again.countDown();
        thread.join();
        assertThat(uses).hasSize(1);
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** Of a thread that comes to the application later. */
    @Test
    void countsAnEndThatIsRejectedLater() {
        watch.endByContainer();
        watch.crossesTheEnd("async.complete");
        assertThat(uses).hasSize(1);
    }

    /** The application has decided to complete the request, and does so after the container has reported the end. */
    private void endsWhileTheContainerDoes(Runnable complete) throws Exception {
        var async = Facades.FacadeAsync.of(
                (AsyncContext) Proxy.newProxyInstance(
                        AsyncContext.class.getClassLoader(),
                        new Class<?>[] {AsyncContext.class},
                        (self, method, none) -> {
                            complete.run();
                            return null;
                        }),
                watch);
        var decided = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var application = new SerialTurn(task -> new Thread(task).start());
        var completed = new CompletableFuture<Void>();
        application.take(() -> {
            decided.countDown();
            try {
                ended.await();
                async.complete();
            } catch (InterruptedException | IllegalStateException rejected) {
                // As the container sees it.
            } finally {
                completed.complete(null);
            }
        });
        decided.await();
        watch.endByContainer();
        FacadeWatch.Stay.look();
        ended.countDown();
        completed.get();
    }
}
