package dev.warder.admin.page;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.ErrorReply;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The last 50 requests of clients that this node refused or could not serve, and the last 10 that it refused before it knew the
 * client, such as those without a valid access token. The latter are kept separately, since anyone who reaches the port can send
 * any number of them. Thread-safe.
 *
 * <p>The message of an error may quote the request's body if the status is 400; then only the name of the wrong member is kept.
 */
public final class RecentRefusals implements RequestObserver {
    private static final int MOST = 50;
    private static final int MOST_UNKNOWN = 10;
    private static final int LONGEST = 160;
    private static final int BAD_REQUEST = 400;

    private final InstantSource clock;

    @GuardedBy("this")
    private final Deque<Refused> last = new ArrayDeque<>(MOST);

    @GuardedBy("this")
    private final Deque<Refused> lastUnknown = new ArrayDeque<>(MOST_UNKNOWN);

    @GuardedBy("this")
    private long unknown;

    public RecentRefusals(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * One of them. The texts are at most 160 characters and not escaped.
     *
     * @param end the word of the access log
     * @param status empty if no response was sent
     */
    public record Refused(
            Instant time,
            String id,
            String client,
            String route,
            Optional<String> model,
            Optional<Integer> status,
            String end,
            String reason) {}

    @Override
    public void completed(CompletedRequest request) {
        boolean fine = request.end() == RequestEnd.OK || request.end() == RequestEnd.CLIENT_GONE;
        if (fine || !request.call().route().isForClients()) {
            return;
        }
        var refused = refused(request);
        synchronized (this) {
            if (request.client().isPresent()) {
                keep(last, MOST, refused);
            } else {
                unknown++;
                keep(lastUnknown, MOST_UNKNOWN, refused);
            }
        }
    }

    public synchronized List<Refused> all() {
        var all = new ArrayList<>(last);
        all.addAll(lastUnknown);
        // Stable: requests of the same time stay in the order in which they came, until all are reversed.
        all.sort(Comparator.comparing(Refused::time));
        Collections.reverse(all);
        return all;
    }

    /** How many requests were refused since the start before the client was known. */
    public synchronized long unknown() {
        return unknown;
    }

    private static void keep(Deque<Refused> kept, int most, Refused refused) {
        if (kept.size() == most) {
            kept.removeFirst();
        }
        kept.addLast(refused);
    }

    private Refused refused(CompletedRequest request) {
        var status = request.status();
        return new Refused(
                clock.instant(),
                request.call().id(),
                cut(request.client().orElse("-")),
                request.call().route().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                request.model().map(RecentRefusals::cut),
                status.isPresent() ? Optional.of(status.getAsInt()) : Optional.empty(),
                request.end().word(),
                request.error().map(RecentRefusals::reason).orElse("-"));
    }

    private static String reason(ErrorReply error) {
        String type = error.type().word();
        if (error.status() == BAD_REQUEST) {
            return cut(type + error.param().map(param -> ": " + param).orElse(""));
        }
        return cut(type + ": " + error.message());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
