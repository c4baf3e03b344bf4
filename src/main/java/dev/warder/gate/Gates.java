package dev.warder.gate;

import dev.warder.record.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** All gates of the application, in the order in which they are asked. Thread-safe, as they are. */
public final class Gates {
    private final List<RegisteredGate> all;
    private final LongSupplier nanoTime;

    /**
     * Throws what a gate throws when it is asked for its name, needs or longest wait.
     *
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public Gates(List<Gate> all, LongSupplier nanoTime) {
        this.all = all.stream().map(RegisteredGate::of).toList();
        this.nanoTime = nanoTime;
    }

    public Passage passage(RequestRecord record) {
        var passage = new Passage(this, record.call().id(), nanoTime);
        record.atEnd(() -> passage.end(record.completed()));
        return passage;
    }

    List<RegisteredGate> needing(Set<Gate.Needs> needs) {
        var needing = new ArrayList<RegisteredGate>(all.size());
        for (var gate : all) {
            if (needs.contains(gate.needs())) {
                needing.add(gate);
            }
        }
        return needing;
    }
}
