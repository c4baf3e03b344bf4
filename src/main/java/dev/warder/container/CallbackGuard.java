package dev.warder.container;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge where a container, a library or a thread that serves many exchanges calls into one of them. Nothing thrown there
 * gets back to the caller, which would blame the client, end its reactor, or skip the exchanges that follow: it ends this
 * one exchange.
 */
public final class CallbackGuard {
    /** The action of a callback. */
    public interface Work {
        void run() throws Exception;
    }

    /** Ends one exchange after something of it failed in a way that nothing provides for. Thread-safe. */
    public interface FaultHandler {
        /**
         * Ends the exchange, and logs {@code cause} afterwards. Never throws, and may be called more than once.
         *
         * @param cause what was thrown
         */
        void fault(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackGuard.class);

    private CallbackGuard() {}

    /** Runs {@code work} of one exchange, on a thread of any kind. Never throws. */
    public static void run(Work work, FaultHandler exchange) {
        try {
            work.run();
        } catch (Throwable fault) {
            report(fault, exchange);
        }
    }

    /**
     * The same on a container's thread.
     *
     * @throws VirtualMachineError again, after the exchange has ended: the container may have a policy for it
     */
    public static void runForContainer(Work work, FaultHandler exchange) {
        try {
            work.run();
        } catch (VirtualMachineError fault) {
            report(fault, exchange);
            throw fault;
        } catch (Throwable fault) {
            report(fault, exchange);
        }
    }

    /** Runs each of {@code steps}, whatever becomes of those before it. Never throws. */
    public static void runEach(Work... steps) {
        for (var step : steps) {
            try {
                step.run();
            } catch (Throwable fault) {
                log("A step failed at the end of an exchange", fault);
            }
        }
    }

    /** Ends the exchange. Never throws. */
    public static void report(Throwable fault, FaultHandler exchange) {
        try {
            exchange.fault(fault);
        } catch (Throwable another) {
            log("A fault could not end its exchange", another);
        }
    }

    private static void log(String message, Throwable fault) {
        try {
            LOG.error(message, fault);
        } catch (Throwable noMemory) {
            // Nothing is left that could report it.
        }
    }

    /** Ends one exchange whose client was lost, or that has failed in a way that nothing provides for. Thread-safe. */
    public interface ClientLossHandler extends FaultHandler {
        /** The client cannot be reached any more, or its request broke off. May be called more than once, without a lock. */
        void clientGone();
    }
}
