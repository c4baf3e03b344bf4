package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.Test;

class PausableSessionTest {
    private static final int WRITE = SelectionKey.OP_WRITE;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicInteger mask = new AtomicInteger(WRITE);
    private final AtomicInteger set = new AtomicInteger();
    private boolean closed;
    private final PausableSession session = new PausableSession(session(), new ReadEvents(), ended -> false);

    @Test
    void leavesAnInterestThatIsThere() {
        session.setEvent(WRITE);
        assertThat(set).hasValue(0);
        session.clearEvent(WRITE);
        session.setEvent(WRITE);
        assertThat(set).hasValue(1);
        assertThat(mask).hasValue(WRITE);
    }

    /** What HttpCore does under the session's lock when it has found no request for output. */
    @Test
    void anInterestThatIsJustBeingWithdrawnIsSetAgain() throws Exception {
        var asking = new Thread(() -> session.setEvent(WRITE));
        lock.lock();
        try {
            asking.start();
            awaitQueuedOrDone(asking);
            session.clearEvent(WRITE);
        } finally {
            lock.unlock();
        }
        asking.join();
        assertThat(mask).hasValue(WRITE);
    }

    /** Each asks for its events so: the protocol directly, TLS by the whole mask. */
    @Test
    void lateDemandOfAClosedSessionIsHarmless() {
        closed = true;
        session.setEvent(WRITE);
        session.clearEvent(WRITE);
        session.setEventMask(WRITE);
        assertThat(set).hasValue(0);
        assertThat(lock.isLocked()).isFalse();
    }

    private void awaitQueuedOrDone(Thread asking) throws InterruptedException {
        var never = new CountDownLatch(1);
        while (asking.isAlive() && !lock.hasQueuedThread(asking)) {
            assertThat(never.await(1, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /** What the two methods that set something return is ignored. */
    private IOSession session() {
        return (IOSession) Proxy.newProxyInstance(
                IOSession.class.getClassLoader(), new Class<?>[] {IOSession.class}, (self, method, arguments) -> {
                    boolean asksTheKey = method.getName().contains("Event");
                    if (closed && asksTheKey) {
                        throw new CancelledKeyException();
                    }
                    return switch (method.getName()) {
                        case "getLock" -> lock;
                        case "getEventMask" -> mask.get();
                        case "setEvent" -> {
                            set.incrementAndGet();
                            yield mask.accumulateAndGet((int) arguments[0], (a, b) -> a | b);
                        }
                        case "clearEvent" -> mask.accumulateAndGet((int) arguments[0], (a, b) -> a & ~b);
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }
}
