package dev.warder.demo;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A stand-in that runs during each test. */
abstract class DemoRunning {
    static final String KEY = "demo_" + "k".repeat(32);

    final DemoUpstream demo;

    /** @param random makes the ids of its messages */
    DemoRunning(RandomGenerator random) {
        demo = new DemoUpstream(KEY, random, Duration.ofMillis(1));
    }

    @BeforeEach
    void start() throws Exception {
        demo.start();
    }

    @AfterEach
    void stop() throws Exception {
        demo.stop();
    }

    DemoClient client() {
        return new DemoClient(demo.url(), KEY);
    }
}
