package dev.warder.standalone;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers on the spot, with how many it has answered before. The first one waits for the test. Thread-safe. */
public final class TicketServlet extends HttpServlet {
    /** Is open when the first request has come. */
    static final CountDownLatch BEGUN = new CountDownLatch(1);

    /** Lets the first request be answered. */
    static final CountDownLatch GO_ON = new CountDownLatch(1);

    private final AtomicInteger tickets = new AtomicInteger();

    /** Made by the container. */
    public TicketServlet() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int ticket = tickets.getAndIncrement();
        if (ticket == 0) {
            BEGUN.countDown();
            goOn();
        }
        response.getOutputStream().print(ticket);
    }

    private static void goOn() throws IOException {
        try {
            if (!GO_ON.await(20, TimeUnit.SECONDS)) {
                throw new IOException("the test does not go on");
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
