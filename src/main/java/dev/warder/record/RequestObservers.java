package dev.warder.record;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All observers of an application. A failure of one does not affect the others. Thread-safe, as they are. */
public final class RequestObservers {
    private static final Logger LOG = LoggerFactory.getLogger(RequestObservers.class);
    private static final Logger CREDENTIALS = LoggerFactory.getLogger("dev.warder.credential");

    private final List<RequestObserver> observers;
    private final Executor later;
    private final boolean verbose;

    /** Creates the set; the observers are called in this order. */
    public RequestObservers(List<RequestObserver> observers) {
        this(observers, Runnable::run, false);
    }

    /**
     * @param later runs what observes the end of an exchange
     * @param verbose whether the credential of each try is logged at INFO, and not at FINE
     */
    public RequestObservers(List<RequestObserver> observers, Executor later, boolean verbose) {
        this.observers = List.copyOf(observers);
        this.later = later;
        this.verbose = verbose;
    }

    /** Logs which credential a request uses. */
    void uses(String words, String id) {
        if (verbose) {
            CREDENTIALS.info("{} for request {}", words, id);
        } else {
            CREDENTIALS.debug("{} for request {}", words, id);
        }
    }

    void begun() {
        each(RequestObserver::begun);
    }

    void completed(CompletedRequest request) {
        each(observer -> observer.completed(request));
    }

    /** As {@link #completed}, but on another thread, soon: the calling one must go on. */
    void completedLater(CompletedRequest request) {
        later.execute(() -> completed(request));
    }

    private void each(Consumer<RequestObserver> news) {
        for (var observer : observers) {
            try {
                news.accept(observer);
            } catch (RuntimeException | Error fault) {
                LOG.error(
                        "An observer of requests failed: {}",
                        observer.getClass().getName(),
                        fault);
            }
        }
    }
}
