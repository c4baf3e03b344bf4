package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {
    private final List<Integer> exits = new ArrayList<>();
    private final OutOfMemory handler = new OutOfMemory(exits::add);

    @Test
    void endsTheProcessWhenTheErrorIsLogged() {
        handler.publish(record(new OutOfMemoryError("Java heap space")));
        assertThat(exits).containsExactly(OutOfMemory.EXIT_CODE);
    }

    @Test
    void endsTheProcessWhenTheErrorIsTheCauseOfAnother() {
        handler.publish(record(new IOException(new IllegalStateException(new OutOfMemoryError("direct")))));
        assertThat(exits).containsExactly(OutOfMemory.EXIT_CODE);
    }

    @Test
    void endsTheProcessWhenTheErrorLeavesAThread() {
        handler.uncaught(Thread.currentThread(), new OutOfMemoryError("Java heap space"));
        assertThat(exits).containsExactly(OutOfMemory.EXIT_CODE);
    }

    @Test
    void ignoresEverythingElse() {
        var loop = new IllegalStateException("one");
        loop.initCause(new IllegalStateException("two", loop));
        handler.publish(new LogRecord(Level.SEVERE, "OutOfMemoryError"));
        handler.publish(record(new StackOverflowError()));
        handler.publish(record(loop));
        handler.uncaught(Thread.currentThread(), new IllegalStateException("planted"));
        assertThat(exits).isEmpty();
    }

    private static LogRecord record(Throwable thrown) {
        var entry = new LogRecord(Level.SEVERE, "planted");
        entry.setThrown(thrown);
        return entry;
    }
}
