package dev.warder.http;

import dev.warder.body.SpareArrays;
import dev.warder.container.CallbackGuard;
import dev.warder.container.CallbackGuard.ClientLossHandler;
import dev.warder.container.OffloadExecutor;
import dev.warder.container.SerialTurn;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the client's body when there is data and its sink wants it, and leaves the socket unread otherwise.
 *
 * <p>Thread-safe. The container's threads report data, any thread may {@link #pull}. The thread that has the turn reads, and
 * the sink is called by one thread at a time.
 */
public final class BodyReader implements ReadListener {
    /** Where the bytes go. */
    public interface Sink {
        boolean wants();

        /**
         * Takes the first {@code n} bytes of {@code buffer}, none after them, and keeps no reference: requests of other
         * clients use it too. What it throws is a fault.
         */
        void take(byte[] buffer, int n);

        /** Reports the bytes taken since the last call and whether the body has ended. What it throws is a fault. */
        void taken(int bytes, boolean ended);
    }

    /** A question to the container. */
    private interface Question<T> {
        T ask() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);
    private static final long MOST_DROPPED = 64L * 1024 * 1024;

    /** The bytes that one turn reads at most: others may wait for the thread. */
    private static final long A_TURN = 64 * 1024;

    private final SerialTurn turn;
    private final ServletInputStream in;
    private final Sink sink;
    private final ClientLossHandler exchange;

    /**
     * Bytes with which the body ends; {@link Long#MAX_VALUE} where the container is asked for the end. Jetty wakes one more thread
     * to report it when another thread than its own asks (HttpInput.read).
     */
    private final long whole;

    private volatile boolean askable;
    private volatile boolean allRead;
    private volatile boolean ended;
    private volatile boolean held;
    private volatile @Nullable Runnable afterDropping;
    private long dropped;
    private long received;

    /**
     * @param length in bytes as declared; negative where it is not
     * @param exchange ends when the client is lost before the end of its body
     */
    public BodyReader(SerialTurn turn, ServletInputStream in, long length, Sink sink, ClientLossHandler exchange) {
        this.turn = turn;
        this.in = in;
        this.whole = turn.leavesItsThread() && length > 0 ? length : Long.MAX_VALUE;
        this.sink = sink;
        this.exchange = exchange;
    }

    /** Leaves the body unread until {@link #open}; called before the listener is set. */
    public void hold() {
        held = true;
    }

    /** Reads from now on. Where the body was held, another thread begins, since a loop of reads may take long. */
    public void open(OffloadExecutor offload) {
        if (held) {
            held = false;
            offload.run(this::pull);
        }
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Reads the data that is there and wanted, or has it read by the thread that reads now. Throws nothing. */
    public void pull() {
        try {
            turn.take(this::read);
        } catch (VirtualMachineError reported) {
            // The exchange has ended. This thread may be a reactor's or a timer's, on which others depend.
        }
    }

    /** Passes nothing to the sink from now on, drops up to 64 MiB of what still comes, and then runs {@code next} once. */
    public void drop(Runnable next) {
        afterDropping = next;
        pull();
    }

    @Override
    public void onDataAvailable() {
        askable = true;
        turn.take(this::read);
    }

    /** Tomcat calls this from inside {@code isReady} too, when that finds the end on a thread that is not its own. */
    @Override
    public void onAllDataRead() {
        allRead = true;
        turn.take(this::read);
    }

    @Override
    public void onError(Throwable cause) {
        CallbackGuard.runForContainer(() -> broken(cause), exchange);
    }

    /** Reads, on the thread that has the turn. Throws only errors of the virtual machine, after the exchange has ended. */
    public void read() {
        CallbackGuard.runForContainer(this::readAndPass, exchange);
    }

    private void broken(Throwable cause) {
        if (cause instanceof Error) {
            exchange.fault(cause);
        } else {
            logUnexpected(cause);
            exchange.clientGone();
        }
    }

    private void readAndPass() {
        int bytes;
        try {
            bytes = readWhileWanted();
        } catch (IOException broken) {
            exchange.clientGone();
            return;
        }
        if (turn.over()) {
            return;
        }
        var next = afterDropping;
        if (next == null) {
            report(bytes);
        } else if (ended || dropped > MOST_DROPPED) {
            afterDropping = BodyReader::nothing;
            next.run();
        }
    }

    private void report(int bytes) {
        if (!held) {
            sink.taken(bytes, ended);
        }
    }

    private static void nothing() {}

    private int readWhileWanted() throws IOException {
        if (!mayRead() || !ready()) {
            return 0;
        }
        byte[] buffer = SpareArrays.take();
        try {
            return readInto(buffer);
        } finally {
            SpareArrays.giveBack(buffer);
        }
    }

    /** Reads what is there, at least once, and no more than a turn has. */
    private int readInto(byte[] buffer) throws IOException {
        int total = 0;
        long droppedBefore = dropped;
        do {
            int n = ask(() -> in.read(buffer));
            received += n;
            ended = n < 0 || received == whole && atItsEnd();
            if (n > 0 && afterDropping == null) {
                sink.take(buffer, n);
                total += n;
            } else if (n > 0) {
                dropped += n;
            }
            if (!ended && total + dropped - droppedBefore >= A_TURN) {
                turn.take(this::read);
                break;
            }
        } while (mayRead() && ready());
        return total;
    }

    /** Jetty's parser reaches the end of a message, and its buffer is given back, only when it is asked for more. */
    private boolean atItsEnd() throws IOException {
        ask(in::isReady);
        return true;
    }

    /** A stream that is finished is not asked for more: Tomcat would order a callback then, on a thread not its own. */
    private boolean mayRead() throws IOException {
        if (turn.over() || held && afterDropping == null) {
            return false;
        }
        ended = ended || allRead || ask(in::isFinished);
        return !ended && (afterDropping == null ? sink.wants() : dropped <= MOST_DROPPED);
    }

    /**
     * Asks the container only when it has not been asked yet: after a {@code false} it calls back. A thread that asks again
     * may read what is just about to be announced, and Tomcat's announcement of a body that was read and responded to
     * meanwhile ends in an error.
     */
    private boolean ready() throws IOException {
        if (!askable) {
            return false;
        }
        // Lowered first, because the container may call back on another thread before this call returns.
        askable = false;
        if (ask(in::isReady)) {
            askable = true;
            return true;
        }
        // The question may have found the end, which Tomcat announces on its own threads only.
        ended = ended || ask(in::isFinished);
        return false;
    }

    /** Containers throw runtime exceptions too at a client that breaks the rules of HTTP. */
    private static <T> T ask(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (RuntimeException broken) {
            logUnexpected(broken);
            throw new IOException(broken);
        }
    }

    private static void logUnexpected(Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.info(
                    "A container failed to read a request body: {}",
                    cause.getClass().getName());
        }
    }
}
