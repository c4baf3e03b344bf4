package dev.warder.record;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All observers of an application. A failure of one does not affect the others. Thread-safe, as they are.
 *
 * @param first are called on the thread that ends a request, before its record is at its end; they must not wait
 * @param others follow; at the end of an exchange {@code later} calls them
 * @param later runs tasks soon, on another thread
 * @param verbose whether the credential of each try is logged at INFO, and not at FINE
 */
public record RequestObservers(
        List<RequestObserver> first, List<RequestObserver> others, Executor later, boolean verbose) {
    private static final Logger LOG = LoggerFactory.getLogger(RequestObservers.class);
    private static final Logger CREDENTIALS = LoggerFactory.getLogger("dev.warder.credential");

    public RequestObservers {
        first = List.copyOf(first);
        others = List.copyOf(others);
    }

    public RequestObservers(List<RequestObserver> observers) {
        this(observers, List.of(), Runnable::run, false);
    }

    void uses(String words, String id) {
        if (verbose) {
            CREDENTIALS.info("{} for request {}", words, id);
        } else {
            CREDENTIALS.debug("{} for request {}", words, id);
        }
    }

    void begun() {
        each(first, (observer, nothing) -> observer.begun(), "");
        each(others, (observer, nothing) -> observer.begun(), "");
    }

    void completed(CompletedRequest request) {
        each(first, RequestObserver::completed, request);
        each(others, RequestObserver::completed, request);
    }

    /** As {@link #completed}, but the others are called on another thread, soon: the calling one must go on. */
    void completedLater(CompletedRequest request) {
        each(first, RequestObserver::completed, request);
        try {
            later.execute(() -> each(others, RequestObserver::completed, request));
        } catch (RuntimeException | Error noThread) {
            each(others, RequestObserver::completed, request);
        }
    }

    void lost(String requestId) {
        each(first, RequestObserver::lost, requestId);
        each(others, RequestObserver::lost, requestId);
    }

    /** Allocates nothing, since there may be no memory. Throws nothing. */
    private static <T> void each(List<RequestObserver> observers, BiConsumer<RequestObserver, T> news, T about) {
        for (int i = 0; i < observers.size(); i++) {
            try {
                news.accept(observers.get(i), about);
            } catch (RuntimeException | Error fault) {
                log(observers.get(i), fault);
            }
        }
    }

    private static void log(RequestObserver observer, Throwable fault) {
        try {
            LOG.error("An observer of requests failed: {}", observer.getClass().getName(), fault);
        } catch (RuntimeException | Error again) {
            // The next observer counts for more.
        }
    }

    /** How many requests have begun, and how many have ended. Thread-safe. */
    public static final class RequestCounts implements RequestObserver {
        private final LongAdder begun = new LongAdder();
        private final LongAdder completed = new LongAdder();

        @Override
        public void begun() {
            begun.increment();
        }

        @Override
        public void completed(CompletedRequest request) {
            completed.increment();
        }

        @Override
        public void lost(String requestId) {
            completed.increment();
        }

        /** The number of requests that came to the first filter since the application was started. */
        public long requestsBegun() {
            return begun.sum();
        }

        public long requestsCompleted() {
            return completed.sum();
        }
    }
}
