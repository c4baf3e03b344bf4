package dev.warder.response;

import dev.warder.container.RequestCompletion;
import dev.warder.state.CallbackGuard;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;

/** The container's callbacks about one response. Thread-safe. */
final class ResponseListener implements WriteListener, AsyncListener {
    private final ResponseRelay relay;
    private final RequestCompletion last;
    private final ResponseOwner owner;

    /** @param last returns the request to its container */
    ResponseListener(ResponseRelay relay, RequestCompletion last, ResponseOwner owner) {
        this.relay = relay;
        this.last = last;
        this.owner = owner;
    }

    @Override
    public void onWritePossible() {
        CallbackGuard.runForContainer(relay::writePossible, owner);
    }

    @Override
    public void onError(Throwable lost) {
        CallbackGuard.runForContainer(() -> lost(lost), owner);
    }

    @Override
    public void onError(AsyncEvent lost) {
        CallbackGuard.runForContainer(() -> lost(lost.getThrowable()), owner);
    }

    /**
     * The client does not cause an error. The container may make no further callback: what cannot be sent now is broken off.
     * After this the container ends the request by itself if it has not ended, while another thread may still use it.
     */
    private void lost(@Nullable Throwable cause) {
        if (cause instanceof Error) {
            owner.fault(cause);
            if (relay.pending()) {
                owner.fault(cause);
            }
        } else {
            owner.clientGone();
        }
        owner.awaitEnd();
    }

    /**
     * Without a timeout of its own Tomcat still times a request out, and that once it has begun to stop the application but
     * has not called its listener yet (AbstractProcessor.timeoutAsync). The response has to be at its end when this returns.
     */
    @Override
    public void onTimeout(AsyncEvent stop) {
        CallbackGuard.runForContainer(owner::stopped, owner);
    }

    /**
     * Takes no lock that is held during a call: the container holds locks of its own, which a thread that writes takes while
     * it holds the relay's.
     */
    @Override
    public void onComplete(AsyncEvent end) {
        if (last.endedByContainer()) {
            owner.endedByContainer();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent again) {}
}
