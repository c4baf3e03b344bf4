package dev.warder.auth;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import java.util.Optional;
import java.util.Set;

/**
 * Paths whose request bodies are passed on unread, so that what a request will use is not known before it is sent. A client
 * that is limited in this cannot use the gateway's credentials there.
 */
public final class UncollectedPath {
    private static final String CANCEL = "/cancel";

    private static final Set<String> FREE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

    private UncollectedPath() {}

    /**
     * 403 with the path that serves instead. Empty for a request that is read, and for one that runs no model.
     *
     * @param limit what limits the client, such as {@code a budget}
     */
    public static Optional<ErrorReply> refusal(Call call, String limit) {
        return mayRunModel(call)
                ? Optional.of(ErrorReply.forbidden("The gateway's credentials cannot be used on this path, because "
                        + limit + " limits this client and requests here are not read. Use " + alternative(call)
                        + " instead."))
                : Optional.empty();
    }

    /** Whether a request that is not read may run a model: not one that reads, deletes, cancels a batch, or is about files. */
    public static boolean mayRunModel(Call call) {
        return !FREE_METHODS.contains(call.method())
                && switch (call.route()) {
                    case RAW, OTHER -> true;
                    case BATCHES -> !call.target().path().endsWith(CANCEL);
                    default -> false;
                };
    }

    private static String alternative(Call call) {
        String path = Route.withoutPrefixes(call.target().path());
        return Route.of(path).isCollected() ? path : "/v1/messages";
    }
}
