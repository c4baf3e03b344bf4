package dev.warder.record;

import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Records of requests that nobody observes, for tests. */
public final class Records {
    /** Where tries go. */
    public static final URI UPSTREAM = URI.create("https://api.example.com");

    private Records() {}

    /** The record of a message whose id is {@code req_1}. */
    public static RequestRecord message(LongSupplier nanoTime) {
        return of("POST", "/v1/messages", nanoTime);
    }

    /** The record of a POST whose id is {@code req_1}. */
    public static RequestRecord post(String path, LongSupplier nanoTime) {
        return of("POST", path, nanoTime);
    }

    /** One try of such a request, with an API key. */
    public static TryRecord beginTry() {
        return message(() -> 0).beginTry(new UsedCredential("primary", "api-key"), UPSTREAM);
    }

    /** The record of a message with these observers. */
    static RequestRecord with(RequestObservers observers) {
        var target = new RequestTarget("/v1/messages", Optional.empty());
        return new RequestRecord(new Call("req_1", "POST", target, Route.MESSAGES), target.path(), observers, () -> 0);
    }

    static RequestRecord of(String method, String path, LongSupplier nanoTime, RequestObserver... observers) {
        var target = new RequestTarget(path, Optional.empty());
        var call = new Call("req_1", method, target, Route.of(path));
        return new RequestRecord(call, path, new RequestObservers(List.of(observers)), nanoTime);
    }
}
