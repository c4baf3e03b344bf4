package dev.warder.proxy;

import jakarta.servlet.AsyncContext;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a request back to its container, once nobody reads it any more. Thread-safe; whoever uses it does so once. */
final class AnswerEnd {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerEnd.class);

    private final ReadTurn reading;
    private final Executor last;
    private final AsyncContext async;

    /**
     * @param reading ends with the answer: the request goes back to its container, and nobody may read it then
     * @param last runs the end behind everything that was written
     */
    AnswerEnd(ReadTurn reading, Executor last, AsyncContext async) {
        this.reading = reading;
        this.last = last;
        this.async = async;
    }

    /** The answer is whole. */
    void complete() {
        reading.end(() -> last.execute(() -> ended(async::complete, async::dispatch)));
    }

    /** The answer is not whole, and the client shall see that where the container can show it. */
    void breakOff() {
        reading.end(() -> last.execute(() -> ended(async::dispatch, async::complete)));
    }

    /** Where {@code word} fails for no known reason, the other way to end a request is better than none. */
    private static void ended(Runnable word, Runnable other) {
        try {
            word.run();
        } catch (IllegalStateException alreadyEnded) {
            // The container ended the request itself after an error, and has told or will tell so.
        } catch (UnsupportedOperationException stopping) {
            // Tomcat finds no way into an application that it stops, and breaks the request off by a time-out of its
            // own.
        } catch (Throwable fault) {
            LOG.error("A container failed to end a request", fault);
            CallbackGuard.runEach(other::run);
        }
    }
}
