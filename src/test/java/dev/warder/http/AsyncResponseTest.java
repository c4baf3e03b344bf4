package dev.warder.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.TestApplication;
import dev.warder.testkit.UnusedOutput;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletContext;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AsyncResponseTest {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch writes = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final CountDownLatch completed = new CountDownLatch(1);
    private final AtomicInteger threads = new AtomicInteger();
    private volatile boolean hasThreads = true;

    /** After that the container has the response serve another request, which must not get the rest of this one. */
    @Test
    void aContainerThatReportsALostClientWaitsForTheThreadThatWrites() throws Exception {
        var response = begin();
        response.onWritePossible();
        response.send(hello());
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

    /** A second thread would find nothing to do, or a request that has ended, which Jetty logs as a fault. */
    @Test
    void noThreadIsTakenWhereTheContainerIsGoingToCallBack() throws Exception {
        goesOn.countDown();
        var response = begin();
        int began = threads.get();
        response.send(hello());
        assertThat(threads).hasValue(began);
        response.onWritePossible();
        completed.await();
        assertThat(threads).hasValue(began);
        assertThat(seen).contains("write", "flush", "complete");
    }

    @Test
    void aLostClientEndsTheRequestOnce() throws Exception {
        var response = begin();
        response.onError(new IOException("lost"));
        response.onWritePossible();
        response.send(hello());
        assertThat(seen).containsExactly("reset", "setStatus", "CLIENT_GONE", "complete");
    }

    /** The client gets what there is, once. */
    @Test
    void aReplyThatHasNoNextPieceYetIsFlushedOnce() throws Exception {
        goesOn.countDown();
        var response = begin();
        response.onWritePossible();
        var pieces = new Pieces();
        response.send(pieces);
        pieces.asked.await();
        response.onWritePossible();
        pieces.piece = "world";
        pieces.resume.run();
        completed.await();
        assertThat(seen).containsExactly("write", "flush", "write", "flush", "written", "complete");
    }

    /** It belongs to another request by now. */
    @Test
    void nothingIsDoneWithAResponseThatHasEndedWhenItsPieceComes() throws Exception {
        goesOn.countDown();
        var response = begin();
        response.onWritePossible();
        var pieces = new Pieces();
        response.send(pieces);
        pieces.asked.await();
        response.onTimeout(new AsyncEvent(request().startAsync()));
        completed.await();
        int began = threads.get();
        pieces.piece = "world";
        pieces.resume.run();
        assertThat(threads).hasValue(began);
        assertThat(seen).containsExactly("write", "flush", "reset", "setStatus", "TIMED_OUT", "complete");
    }

    /** The piece comes while it is asked for, and no other thread is there: all is written before this call returns. */
    @Test
    void nothingIsFlushedAfterAPieceThatWasWrittenMeanwhile() throws Exception {
        goesOn.countDown();
        hasThreads = false;
        var response = begin();
        response.onWritePossible();
        var pieces = new Pieces();
        pieces.comesAtOnce = true;
        response.send(pieces);
        assertThat(seen).containsExactly("write", "write", "flush", "written", "complete");
    }

    /** The second piece comes when the test has it. */
    private final class Pieces implements AsyncReply {
        private final CountDownLatch asked = new CountDownLatch(1);
        private Runnable resume = () -> {};
        private String piece = "";
        private boolean comesAtOnce;
        private boolean given;

        @Override
        public byte[] body() {
            return "hello".getBytes(US_ASCII);
        }

        @Override
        public Optional<byte[]> next(Runnable resume) {
            if (given) {
                return Optional.of(new byte[0]);
            }
            given = !piece.isEmpty();
            if (given) {
                return Optional.of(piece.getBytes(US_ASCII));
            }
            this.resume = resume;
            if (comesAtOnce) {
                piece = "world";
                resume.run();
            }
            asked.countDown();
            return Optional.empty();
        }

        @Override
        public void head(HttpServletResponse response) {}

        @Override
        public void written() {
            seen.add("written");
        }
    }

    private AsyncResponse begin() throws IOException {
        return AsyncResponse.begin(request(), response(), "id", end -> seen.add(end.name()));
    }

    /** A reply without a second piece. */
    private Pieces hello() {
        var pieces = new Pieces();
        pieces.given = true;
        return pieces;
    }

    private HttpServletRequest request() {
        var async = (AsyncContext) proxy(AsyncContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getResponse" -> response();
            case "start" -> {
                if (!hasThreads) {
                    throw new IllegalStateException("no thread");
                }
                threads.incrementAndGet();
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
                    case "getContentLengthLong" -> -1L;
                    default -> null;
                });
    }

    private static ServletContext application() {
        var application = TestApplication.none();
        return (ServletContext) proxy(
                ServletContext.class,
                (self, method, arguments) -> method.getName().equals("getAttribute") ? application : null);
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

    private final class Output extends UnusedOutput {
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
        public void flush() {
            seen.add("flush");
        }
    }
}
