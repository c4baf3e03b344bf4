package dev.warder.contract;

import dev.warder.testkit.Limit;
import dev.warder.testkit.RawResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;

/** Ground of the contracts of faults: each is a named case that ends well-formed, and leaves the next request of everybody unharmed. */
abstract class FaultGround extends DeployedContract {
    private static final int DEADLINE_MILLIS = (int) Limit.seconds(5).toMillis();

    private final ExecutorService threads = Executors.newFixedThreadPool(FaultyRoute.values().length);

    @AfterAll
    final void endThreads() {
        threads.shutdownNow();
    }

    final void endsWell(UpstreamFault fault) throws Exception {
        upstream.script(fault);
        var responses = onAllRoutes(route -> ask(route, "faulty"));
        for (var sent : responses) {
            var route = sent.route();
            var response = sent.response().get();
            try {
                fault.end().check(route, response);
            } catch (AssertionError wrong) {
                throw new AssertionError(fault + " on " + route + " ended with " + response, wrong);
            }
        }
        servesHonestRequests();
    }

    final void endsWell(ClientFault fault) throws Exception {
        honestUpstream();
        try (var client = client().readTimeout(DEADLINE_MILLIS)) {
            fault.commit(client);
        }
        servesHonestRequests();
    }

    /** Each request gets the response that was made for it, on whichever connection it travels. */
    private void servesHonestRequests() throws Exception {
        honestUpstream();
        for (int round = 0; round < 2; round++) {
            var nonce = "honest-" + round;
            var responses = onAllRoutes(route -> ask(route, nonce));
            for (var sent : responses) {
                assertText(200, sent.response().get())
                        .as("%s after it", sent.route())
                        .contains(nonce);
            }
        }
    }

    private void honestUpstream() {
        upstream.script((request, reply) -> {
            var body = FaultyRoute.body(request, request.text().replaceAll("(?s).*(honest-\\d+).*", "$1"));
            reply.field("Content-Type", FaultyRoute.type(request)).chunked();
            reply.chunk(body);
            reply.lastChunk();
        });
    }

    private RawResponse ask(FaultyRoute route, String nonce) throws Exception {
        try (var client = connect(container).readTimeout(DEADLINE_MILLIS)) {
            return client.exchange(route.request(nonce));
        }
    }

    private List<Sent> onAllRoutes(RouteCall call) {
        var all = new ArrayList<Sent>();
        for (var route : FaultyRoute.values()) {
            Callable<RawResponse> work = () -> call.on(route);
            all.add(new Sent(route, threads.submit(work)));
        }
        return all;
    }

    /** A request on its way. */
    private record Sent(FaultyRoute route, Future<RawResponse> response) {}

    /** One exchange on a route. */
    @FunctionalInterface
    private interface RouteCall {
        RawResponse on(FaultyRoute route) throws Exception;
    }
}
