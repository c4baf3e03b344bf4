package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Facades;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/**
 * Ground of contracts whose facades throw. Each client may have one request open, so that a place that is not given back
 * refuses its next request.
 */
abstract class FacadeContract extends DeployedContract {
    /** How long a client waits before it counts as hanging. */
    static final int HANG_MILLIS = 5_000;

    /** The response of the upstream to {@code GET /v1/files}. */
    static final String FILES = "{\"data\":[],\"has_more\":false}";

    private static final int CLIENTS = 64;
    private static final List<String> HELD =
            List.of("OpenExchanges", "UpstreamConnectionsLeased", "CollectedBytes", "RequestsWaitingForMemory");

    private final SecureRandom random = new SecureRandom();
    private final List<AccessToken> clients = IntStream.range(0, CLIENTS)
            .mapToObj(i -> AccessToken.generate(random))
            .toList();
    private final LongAccumulator longestEnd = new LongAccumulator(Math::max, 0);
    private final LongAccumulator longestHold = new LongAccumulator(Math::max, 0);

    @Override
    final Deployment configured(Deployment plain) {
        var lines = IntStream.range(0, CLIENTS)
                .mapToObj(i -> clients.get(i).line("client" + i) + " rights=managed,workspace");
        try {
            var folder = TemporaryFolder.create("clients");
            folder.toFile().deleteOnExit();
            var file = Files.write(folder.resolve("clients"), lines.toList());
            file.toFile().deleteOnExit();
            clients.forEach(token -> log.plant(token.reveal()));
            return plain.withFacades(true)
                    .with("clients.file", file.toString())
                    .with("limits.clientStreams", "1")
                    .with("timeouts.clientRead", "1s")
                    .with("timeouts.clientWrite", "1s")
                    .withSecret("admin.token", GroundContract.ADMIN_TOKEN);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @AfterAll
    final void report() {
        System.out.println("facades: at most " + millis(longestEnd) + " ms from a throw to the client's end, "
                + millis(longestHold) + " ms until nothing was held, on " + container.name());
    }

    /** A request of the client with this number. */
    final RawRequest request(int client, String method, String path) {
        return RawRequest.of(method, path)
                .field("x-api-key", clients.get(client).reveal());
    }

    /** A form that an administrator sends. */
    static RawRequest signIn() {
        return RawRequest.of("POST", "/admin/login")
                .field("Content-Type", "application/x-www-form-urlencoded")
                .body(utf8("token=" + GroundContract.ADMIN_TOKEN));
    }

    /** Notes that a client has its end now. */
    final void ended(String name) {
        noteSinceThrow(name, longestEnd);
    }

    /** What of an ended request is still held 5 s later; empty when nothing is, and its client's next request is served. */
    final String held(String name, int client) throws Exception {
        long end = System.nanoTime() + HANG_MILLIS * 1_000_000L;
        for (var gauge : HELD) {
            while (number(gauge) > 0) {
                if (System.nanoTime() > end) {
                    return " " + gauge + " stays at " + number(gauge);
                }
                pause(1);
            }
        }
        noteSinceThrow(name, longestHold);
        int next = exchange(request(client, "GET", "/v1/files")).status();
        // A test that waits for its own request to be open must not meet this one.
        eventually(() -> number("OpenExchanges") == 0);
        return next == 200 ? "" : " the client's next request gets " + next;
    }

    /** The methods that threw in the request of this name. */
    final Stream<String> thrown(String name) {
        return container.facades().thrown().keySet().stream()
                .filter(key -> key.startsWith(name + " "))
                .map(key -> key.substring(name.length() + 1));
    }

    /** A request whose facades throw {@code faults}, see {@link Facades#FAULT}. */
    static RawRequest faulty(RawRequest request, String name, String faults) {
        return request.field(Facades.CASE, name).field(Facades.FAULT, faults);
    }

    /** The ways in which a method may throw, with all that it may throw. */
    static Stream<String> faults(String method, boolean declaresIoException, List<String> when) {
        var throwables = Stream.of(
                "java.lang.IllegalStateException",
                "java.lang.LinkageError",
                "java.lang.StackOverflowError",
                "java.io.IOException");
        return throwables.limit(declaresIoException ? 4 : 3).flatMap(throwable -> when.stream()
                .map(one -> method + " " + throwable + " " + one));
    }

    /** Fails with each of these lines. */
    static void assertNone(List<String> wrong) {
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    private void noteSinceThrow(String name, LongAccumulator longest) {
        long now = System.nanoTime();
        container.facades().thrown().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(name + " "))
                .mapToLong(entry -> now - entry.getValue())
                .max()
                .ifPresent(longest::accumulate);
    }

    private static long millis(LongAccumulator nanos) {
        return nanos.get() / 1_000_000;
    }
}
