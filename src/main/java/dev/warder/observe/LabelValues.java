package dev.warder.observe;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.http.Route;
import dev.warder.record.CompletedRequest.CompletedTry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The values that labels can have: closed lists, and {@link #OTHER} for everything that they do not have. Immutable.
 *
 * @param managed the configured names of the managed credentials
 * @param clients the clients of {@code metrics.clients}
 */
record LabelValues(Set<String> managed, Set<String> clients) {
    static final String OTHER = "other";

    /** Stands for a value that does not exist, such as the status of a request that got no response. */
    static final String NONE = "none";

    /** {@link dev.warder.record.UsedCredential#ofClient} names each client's own credential so. */
    private static final String OWN = "client";

    /** The statuses that Warder sends and those that the API documents. An upstream can send any other number. */
    private static final Map<Integer, String> STATUSES = IntStream.of(
                    200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409,
                    410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 424, 425, 426, 429, 431, 451, 500, 501, 502, 503,
                    504, 520, 521, 522, 523, 524, 525, 526, 529)
            .boxed()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), String::valueOf));

    private static final Map<Enum<?>, String> WORDS = Stream.<Enum<?>[]>of(
                    Route.values(), Dialect.values(), CompletedTry.Outcome.values())
            .flatMap(Arrays::stream)
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(),
                    each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-')));

    LabelValues {
        managed = Set.copyOf(managed);
        clients = Set.copyOf(clients);
    }

    /** The label of a route, a dialect or the outcome of a try. */
    static String word(Enum<?> value) {
        return WORDS.getOrDefault(value, OTHER);
    }

    static String status(OptionalInt status) {
        return status.isEmpty() ? NONE : STATUSES.getOrDefault(status.getAsInt(), OTHER);
    }

    String credential(String name) {
        return name.equals(OWN) || managed.contains(name) ? name : OTHER;
    }

    String client(Optional<String> name) {
        return name.map(given -> clients.contains(given) ? given : OTHER).orElse(NONE);
    }

    static String requestClass(RequestHints hints) {
        return hints.requestClass().orElse(NONE);
    }
}
