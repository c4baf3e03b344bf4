package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void checksTheDatabaseWhileALookAtVersionsHangs() throws Exception {
        var schedule = new Schedule();
        var hangs = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        var checked = new CountDownLatch(1);
        try {
            schedule.versions.nowAndEvery(1, () -> {
                hangs.countDown();
                await(goesOn);
            });
            assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();
            schedule.database.nowAndEvery(1, checked::countDown);
            assertThat(checked.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            goesOn.countDown();
            schedule.close();
            schedule.awaitEnd();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            // Longer than the test waits for the check.
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
