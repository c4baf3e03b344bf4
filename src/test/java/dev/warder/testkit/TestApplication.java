package dev.warder.testkit;

import dev.warder.container.Container;
import dev.warder.http.Application;
import dev.warder.http.Readiness;
import dev.warder.http.RequestTools;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An application of which a test makes the parts.
 *
 * @param parts hands them to a filter or servlet
 */
public record TestApplication(Consumer<Object> parts, Readiness readiness, RequestTools tools) implements Application {
    public static TestApplication of(Consumer<Object> parts, Readiness readiness) {
        return new TestApplication(
                parts, readiness, RequestTools.of(Container.of("Jetty"), Optional.empty(), Thread::new));
    }

    /** Without filters and servlets. */
    public static TestApplication none() {
        return of(joining -> {}, new Readiness(Optional.empty(), Optional.empty(), List.of()));
    }

    @Override
    public void join(Object joining) {
        parts.accept(joining);
    }

    @Override
    public void takeDown() {
        readiness.takeDown();
    }
}
