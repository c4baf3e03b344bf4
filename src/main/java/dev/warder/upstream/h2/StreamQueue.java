package dev.warder.upstream.h2;

import java.util.ArrayList;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;

/**
 * The streams that a connection's reactor thread has yet to begin, in the queue of its session. Once HttpCore 5.4.4 has
 * taken one from the queue, it cannot be stopped from sending its head. Thread-safe.
 */
record StreamQueue(IOSession session) {
    void add(SharedStream stream) {
        enqueue(new RequestExecutionCommand(stream, HttpCoreContext.create()));
    }

    /** Takes a stream back, and leaves the others; false when the reactor has begun it. */
    boolean takeBack(SharedStream stream) {
        var others = new ArrayList<Command>();
        var command = session.poll();
        while (command != null && !begins(command, stream)) {
            others.add(command);
            command = session.poll();
        }
        others.forEach(this::enqueue);
        return command != null;
    }

    /**
     * A caller that cancels a stream while it is out of the queue cannot take it back, so the stream is checked once it
     * is there.
     */
    private void enqueue(Command command) {
        session.enqueue(command, Command.Priority.NORMAL);
        if (command instanceof RequestExecutionCommand begin
                && begin.getExchangeHandler() instanceof SharedStream stream
                && stream.isOver()
                && takeBack(stream)) {
            stream.releaseResources();
        }
    }

    private static boolean begins(Command command, SharedStream stream) {
        return command instanceof RequestExecutionCommand begin && begin.getExchangeHandler() == stream;
    }
}
