package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpstreamClientTest {
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    /** With reactor threads that take long to end: whoever waits for those of HTTP/1.1 is interrupted. */
    @Test
    void closesEveryConnectionThoughTheThreadIsInterrupted() throws Exception {
        try (var ground = ExchangeGround.start(this::slow, System::nanoTime)) {
            assertThat(ground.execute().end()).isEqualTo("200");
            Thread.currentThread().interrupt();
            ground.client().close();
            assertThat(Thread.interrupted()).isTrue();
            ground.upstream().open().await(now -> now == 0, Duration.ofSeconds(10));
            closed.complete(null);
        }
    }

    private Thread slow(Runnable task) {
        return new Thread(() -> {
            task.run();
            closed.join();
        });
    }
}
