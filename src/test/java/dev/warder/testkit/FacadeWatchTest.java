package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the facades of the contract count as a use after the end. */
class FacadeWatchTest {
    private final List<String> uses = new ArrayList<>();
    private final FacadeWatch watch = new FacadeWatch(ScriptedFault.of(null, method -> {}), uses::add);

    @Test
    void countsEachUseAfterTheEnd() {
        watch.use("out.write");
        watch.leaveService();
        watch.end("async.complete");
        assertThat(uses).isEmpty();
        watch.use("out.write");
        watch.use("request.getMethod");
        watch.use("async.complete");
        assertThat(uses).hasSize(3);
    }

    @Test
    void countsStreamsAlsoAfterADispatchAndInsideService() {
        watch.end("async.dispatch");
        watch.use("request.getMethod");
        watch.use("response.setStatus");
        assertThat(uses).isEmpty();
        watch.use("in.read");
        assertThat(uses).hasSize(1);
    }

    @Test
    void countsAnEndWhileAStreamIsUsed() throws Exception {
        watch.<Integer, Exception>stream("out.write", () -> {
            watch.end("async.complete");
            return 0;
        });
        assertThat(uses).hasSize(1);
    }

    /** Only the other way to end a request may follow an end that threw. */
    @Test
    void countsUsesAfterAnEndThatThrew() {
        watch.end("async.complete");
        watch.endFailed();
        watch.use("async.dispatch");
        assertThat(uses).isEmpty();
        watch.use("out.write");
        assertThat(uses).hasSize(1);
    }
}
