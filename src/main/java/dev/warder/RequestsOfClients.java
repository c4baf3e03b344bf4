package dev.warder;

import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestObserver;

/**
 * Passes requests of known clients on to an observer, and no others. Anyone who reaches the port can send any number of requests
 * without a valid access token, and these would hide what happens to those of clients. Thread-safe.
 */
final class RequestsOfClients implements RequestObserver {
    private final RequestObserver observer;

    /** @param observer must not need {@link RequestObserver#begun}, which is called before a client is known */
    RequestsOfClients(RequestObserver observer) {
        this.observer = observer;
    }

    @Override
    public void completed(CompletedRequest request) {
        if (request.client().isPresent()) {
            observer.completed(request);
        }
    }

    /** The client is not known then. */
    @Override
    public void lost(String requestId) {
        observer.lost(requestId);
    }
}
