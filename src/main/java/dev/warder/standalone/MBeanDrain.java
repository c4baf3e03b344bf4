package dev.warder.standalone;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Drains the application: calls the operation of its MBean, which refuses new requests, and waits until no exchange is open.
 * It does what an operator of any server can do, so that the application knows no second way. One thread at a time.
 */
record MBeanDrain(Duration atMost, LongSupplier nanoTime) {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final String GATEWAYS = "dev.warder:type=Gateway,*";

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    void run() {
        try {
            Iterator<ObjectName> gateways =
                    BEANS.queryNames(new ObjectName(GATEWAYS), null).iterator();
            if (gateways.hasNext()) {
                drain(gateways.next());
            }
        } catch (JMException gone) {
            // The application has already stopped, so none of its exchanges is open.
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(ObjectName gateway) throws JMException, InterruptedException {
        BEANS.invoke(gateway, "drain", new Object[0], new String[0]);
        var never = new CountDownLatch(1);
        long start = nanoTime.getAsLong();
        while (open(gateway) > 0 && nanoTime.getAsLong() - start < atMost.toNanos()) {
            if (never.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private int open(ObjectName gateway) throws JMException {
        return ((Number) BEANS.getAttribute(gateway, "OpenExchanges")).intValue();
    }
}
