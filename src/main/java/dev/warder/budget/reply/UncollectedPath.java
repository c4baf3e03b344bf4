package dev.warder.budget.reply;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import java.util.Optional;
import java.util.Set;

/**
 * Paths whose request bodies are passed on unread, so that the cost of a request is not known before it is sent. A client
 * under an enforcing budget cannot use the gateway's credentials there.
 */
public final class UncollectedPath {
    private static final String CANCEL = "/cancel";

    /** They run no model. */
    private static final Set<String> FREE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

    private UncollectedPath() {}

    /**
     * 403 with the path that serves instead. Empty for a request whose cost is known, and for one that costs nothing:
     * reading, deleting, cancelling a batch, and files.
     */
    public static Optional<ErrorReply> refusal(Call call) {
        if (FREE_METHODS.contains(call.method()) || !mayCost(call)) {
            return Optional.empty();
        }
        return Optional.of(
                ErrorReply.forbidden("The gateway's credentials cannot be used on this path, because a budget"
                        + " limits this client and requests here are not read. Use " + alternative(call)
                        + " instead."));
    }

    private static boolean mayCost(Call call) {
        return switch (call.route()) {
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
