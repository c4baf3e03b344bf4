package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCompletionTest {
    private final List<String> calls = new ArrayList<>();

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
}
