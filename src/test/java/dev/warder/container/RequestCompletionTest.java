package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.RequestCompletion.BreakOffs;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a request, and of a response that is broken off. */
class RequestCompletionTest {
    private static final long LONG = TimeUnit.MINUTES.toMillis(1);

    private final List<String> calls = new ArrayList<>();
    private final BreakOffs breakOffs = new BreakOffs(Container.of("Jetty"));

    /** Reports its calls; {@code committed} is whether the head of the response has been sent. */
    private <T> T part(Class<T> type, boolean committed) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("isCommitted")) {
                        return committed;
                    } else if (method.getName().equals("getResponse")) {
                        return part(HttpServletResponse.class, committed);
                    }
                    calls.add(method.getName() + (arguments == null ? "" : arguments[0]));
                    return null;
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "jetty/12.1.12,                   false, dispatch",
        "jetty/12.1.12,                   true,  dispatch",
        "IBM WebSphere Liberty/26.0.0.5,  true,  complete",
        "IBM WebSphere Liberty/26.0.0.5,  false, reset setStatus500 complete"
    })
    void breaksOffAResponse(String serverInfo, boolean committed, String expected) {
        var completion = new RequestCompletion(
                new SerialTurn(Runnable::run),
                Runnable::run,
                part(AsyncContext.class, committed),
                new BreakOffs(Container.of(serverInfo)));
        completion.breakOff();
        completion.breakOff();
        assertThat(String.join(" ", calls)).isEqualTo(expected);
        assertThat(completion.isOver()).isTrue();
    }

    @Test
    void waitsForNothingWhereNoneIsOpen() throws Exception {
        breakOffs.begin();
        breakOffs.end();
        breakOffs.awaitNone(LONG);
    }

    @Test
    void waitsUntilTheLastHasEnded() throws Exception {
        breakOffs.begin();
        breakOffs.begin();
        var waits = new CountDownLatch(1);
        var waiting = CompletableFuture.runAsync(() -> {
            waits.countDown();
            await();
        });
        assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
        breakOffs.end();
        assertThat(waiting).isNotDone();
        breakOffs.end();
        waiting.get(20, TimeUnit.SECONDS);
    }

    /** A container that never ends one does not hold up the end of the application. */
    @Test
    void waitsNoLongerThanItMay() throws Exception {
        breakOffs.begin();
        breakOffs.awaitNone(1);
    }

    private void await() {
        try {
            breakOffs.awaitNone(LONG);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
