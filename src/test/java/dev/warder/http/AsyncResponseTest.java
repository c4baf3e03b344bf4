package dev.warder.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.Container;
import dev.warder.container.TaskThreads;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AsyncResponseTest {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch writes = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final CountDownLatch completed = new CountDownLatch(1);

    /** After that the container has the response serve another request, which must not get the rest of this one. */
    @Test
    void aContainerThatReportsALostClientWaitsForTheThreadThatWrites() throws Exception {
        var response = AsyncResponse.begin(request(), response(), "id", end -> seen.add(end.name()));
        response.onWritePossible();
        response.send(new Hello());
        writes.await();
        var container = new Thread(() -> response.onError(new IOException("lost")));
        container.start();
        while (container.getState() != Thread.State.BLOCKED) {
            assertThat(container.getState()).isNotEqualTo(Thread.State.TERMINATED);
            Thread.onSpinWait();
        }
        goesOn.countDown();
        container.join();
        completed.await();
        assertThat(seen).contains("write", "flush", "complete").doesNotContain("CLIENT_GONE", "reset");
    }

    @Test
    void aLostClientEndsTheRequestOnce() throws Exception {
        var response = AsyncResponse.begin(request(), response(), "id", end -> seen.add(end.name()));
        response.onError(new IOException("lost"));
        response.onWritePossible();
        response.send(new Hello());
        assertThat(seen).containsExactly("reset", "setStatus", "CLIENT_GONE", "complete");
    }

    private final class Hello implements AsyncReply {
        @Override
        public byte[] body() {
            return "hello".getBytes(US_ASCII);
        }

        @Override
        public void head(HttpServletResponse response) {}

        @Override
        public void written() {
            seen.add("written");
        }
    }

    private HttpServletRequest request() {
        var async = (AsyncContext) proxy(AsyncContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getResponse" -> response();
            case "start" -> {
                new Thread((Runnable) arguments[0]).start();
                yield null;
            }
            case "complete" -> {
                seen.add("complete");
                completed.countDown();
                yield null;
            }
            default -> null;
        });
        return (HttpServletRequest)
                proxy(HttpServletRequest.class, (self, method, arguments) -> switch (method.getName()) {
                    case "startAsync" -> async;
                    case "getServletContext" -> application();
                    default -> null;
                });
    }

    private static ServletContext application() {
        var threads = new TaskThreads(Container.of("Jetty"), Thread::new);
        return (ServletContext) proxy(
                ServletContext.class,
                (self, method, arguments) -> method.getName().equals("getAttribute") ? threads : null);
    }

    private HttpServletResponse response() {
        var out = new Output();
        return (HttpServletResponse) proxy(HttpServletResponse.class, (self, method, arguments) -> {
            if (method.getName().equals("getOutputStream")) {
                return out;
            }
            if (method.getName().equals("isCommitted")) {
                return false;
            }
            seen.add(method.getName());
            return null;
        });
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(AsyncResponseTest.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private final class Output extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(byte[] bytes, int offset, int length) {
            writes.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            seen.add("write");
        }

        @Override
        public void write(int one) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush() {
            seen.add("flush");
        }
    }
}
