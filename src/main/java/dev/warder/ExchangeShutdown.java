package dev.warder;

import dev.warder.exchange.Drain;
import dev.warder.exchange.Exchanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the open exchanges when the application is taken down. Thread-safe. */
final class ExchangeShutdown implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeShutdown.class);

    private static final long LAST_WORDS_MILLIS = 4000;

    /**
     * A client that receives its response in the middle of its upload gets this time: an immediate reset would lose the
     * response.
     */
    private static final long LISTEN_MILLIS = 1000;

    private static final long BREAK_OFF_MILLIS = 1000;

    private final Drain drain;
    private final Exchanges exchanges;

    ExchangeShutdown(Drain drain, Exchanges exchanges) {
        this.drain = drain;
        this.exchanges = exchanges;
    }

    /** Runs while requests can still be dispatched to the servlets, since aborting a response needs that. */
    @Override
    public void run() {
        try {
            drain.start();
            exchanges.endAll();
            if (!exchanges.awaitEmpty(LISTEN_MILLIS)) {
                exchanges.endAll();
            }
            if (!exchanges.awaitEmpty(LAST_WORDS_MILLIS)) {
                LOG.warn("{} exchanges did not end in time", exchanges.open());
                exchanges.abandonAll();
            }
            // A dispatch that reaches a destroyed servlet of Jetty makes that servlet unavailable, even after the
            // context has started again.
            exchanges.awaitBrokenOff(BREAK_OFF_MILLIS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
