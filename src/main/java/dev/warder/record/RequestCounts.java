package dev.warder.record;

import java.util.concurrent.atomic.LongAdder;

/** How many requests have begun, and how many have ended. Thread-safe. */
public final class RequestCounts implements RequestObserver {
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
