package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceConfigurationError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {
    @Test
    void runsATaskAgainThatFailedByAnError() throws Exception {
        var runs = new CountDownLatch(2);
        try (var tasks = new PeriodicTasks("test")) {
            tasks.every(1, () -> {
                runs.countDown();
                throw new ServiceConfigurationError("an error of the test");
            });
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
