package dev.warder.budget.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import dev.warder.testkit.LogCapture;
import java.math.BigDecimal;
import java.util.Date;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThresholdEmitterTest {
    private final BlockingQueue<Notification> received = new LinkedBlockingQueue<>();
    private final ObjectName source = name();

    @Test
    void sendsDataOfOpenTypes() throws Exception {
        try (var emitter = new ThresholdEmitter(Thread::new)) {
            listen(emitter, (notification, handback) -> received.add(notification));
            emitter.emit(source, Reached.team(75));
            var notification = take();
            assertThat(notification.getType()).isEqualTo("dev.warder.budget.threshold");
            assertThat(notification.getSource()).isEqualTo(source);
            assertThat(notification.getMessage()).isEqualTo(Reached.team(75).text());
            assertThat(notification.getTimeStamp()).isEqualTo(Reached.NOW.toEpochMilli());
            var data = (CompositeData) notification.getUserData();
            assertThat(data.get("id")).isEqualTo(Reached.team(75).id());
            assertThat(data.get("budget")).isEqualTo("team/payments/month");
            assertThat(data.get("scope")).isEqualTo("team");
            assertThat(data.get("mode")).isEqualTo("enforce");
            assertThat(data.get("periodStart"))
                    .isEqualTo(Date.from(Reached.team(75).window().start()));
            assertThat(data.get("periodEnd"))
                    .isEqualTo(Date.from(Reached.team(75).window().end().orElseThrow()));
            assertThat(data.get("share")).isEqualTo(new BigDecimal("0.75"));
            assertThat(data.get("amount")).isEqualTo(new BigDecimal("4000"));
            assertThat(data.get("spent")).isEqualTo(new BigDecimal("3000.25"));

            emitter.emit(source, Reached.of(BudgetScope.ORGANIZATION, "", Period.LIFETIME, BudgetMode.WARN, 100));
            var next = take();
            assertThat(((CompositeData) next.getUserData()).get("periodEnd")).isNull();
            assertThat(next.getSequenceNumber()).isGreaterThan(notification.getSequenceNumber());
        }
    }

    @Test
    void goesOnAfterListenersThatThrow() throws Exception {
        var emitter = new ThresholdEmitter(Thread::new);
        try (var log = LogCapture.start()) {
            listen(emitter, (notification, handback) -> received.add(notification));
            listen(emitter, (notification, handback) -> {
                throw new IllegalStateException("planted");
            });
            listen(emitter, (notification, handback) -> {
                throw new StackOverflowError("planted");
            });
            emitter.emit(source, Reached.team(75));
            emitter.emit(source, Reached.team(80));
            assertThat(take().getMessage()).contains("75 %");
            assertThat(take().getMessage()).contains("80 %");
            emitter.close();
            assertThat(log.lines("dev.warder.budget", Level.WARNING)).hasSize(2);
        }
    }

    /** What is sent, and what decides whether a listener wants it, is other code. */
    @Test
    void aListenerThatDoesNotReturnHoldsUpNobodyElse() throws Exception {
        var goesOn = new CountDownLatch(1);
        try (var log = LogCapture.start();
                var emitter = new ThresholdEmitter(Thread::new)) {
            emitter.emitter()
                    .addNotificationListener(
                            (notification, handback) -> received.add(notification),
                            notification -> {
                                try {
                                    goesOn.await();
                                } catch (InterruptedException stop) {
                                    Thread.currentThread().interrupt();
                                }
                                return true;
                            },
                            null);
            for (int i = 0; i < 300; i++) {
                emitter.emit(source, Reached.team(75));
            }
            emitter.emit(source, Reached.team(80));
            assertThat(log.lines("dev.warder.budget", Level.WARNING))
                    .extracting(line -> line.text())
                    .containsExactly("JMX notifications of budgets are dropped, because a listener does not return");
            goesOn.countDown();
            String last = "";
            for (int i = 0; i < 257; i++) {
                last = take().getMessage();
            }
            assertThat(last).contains("80 %");
        }
    }

    private static void listen(ThresholdEmitter emitter, NotificationListener listener) {
        emitter.emitter().addNotificationListener(listener, null, null);
    }

    private Notification take() throws InterruptedException {
        var next = received.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static ObjectName name() {
        try {
            return new ObjectName("test:type=Source");
        } catch (javax.management.MalformedObjectNameException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
