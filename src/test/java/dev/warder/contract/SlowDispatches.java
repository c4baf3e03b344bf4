package dev.warder.contract;

import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.DispatchType;

/**
 * Tomcat's protocol, in which a thread that has run a task of a request is delayed between two statements: until the same
 * processor has noted the first callbacks of another connection's message. Thread-safe.
 */
final class SlowDispatches extends Http11NioProtocol {
    private static final StackWalker STACK = StackWalker.getInstance();

    private volatile Delay delay = Delay.none();

    /** Delays the threads that come from now on. */
    void delay() {
        delay = new Delay(true, new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    }

    /** A processor serves one connection after the other, as it does where Tomcat is not set up as in {@code conf/tomcat}. */
    @Override
    public void setProcessorCache(int ignored) {}

    @Override
    protected Processor createProcessor() {
        return new SlowProcessor(this, getAdapter());
    }

    /** One delay: who has come, and who may go on. */
    private record Delay(boolean wanted, CountDownLatch begun, CountDownLatch noted, CountDownLatch taken) {
        static Delay none() {
            return new Delay(false, new CountDownLatch(1), new CountDownLatch(0), new CountDownLatch(0));
        }

        boolean hasBegun() {
            return begun.getCount() == 0;
        }
    }

    private final class SlowProcessor extends Http11Processor {
        SlowProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        public Iterator<DispatchType> getIteratorAndClearDispatches() {
            var now = delay;
            if (now.wanted() && isAfterTask()) {
                now.begun().countDown();
                await(now.noted());
                var all = super.getIteratorAndClearDispatches();
                now.taken().countDown();
                return all;
            }
            if (now.hasBegun() && isAsync() && getRequest().requestURI().equals("/v1/messages")) {
                now.noted().countDown();
                await(now.taken());
            }
            return super.getIteratorAndClearDispatches();
        }

        private boolean isAfterTask() {
            return STACK.walk(
                    frames -> frames.anyMatch(frame -> frame.getMethodName().equals("executeDispatches")));
        }

        private void await(CountDownLatch latch) {
            try {
                boolean unused = latch.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
