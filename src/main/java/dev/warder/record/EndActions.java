package dev.warder.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.state.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done once when the record of a request ends, such as the release of a grant. Thread-safe. */
final class EndActions {
    @GuardedBy("this")
    private final List<Consumer<CompletedRequest>> actions = new ArrayList<>(1);

    @GuardedBy("this")
    private @Nullable CompletedRequest completed;

    /** Runs the action at the end, or at once after it. */
    void add(Consumer<CompletedRequest> action) {
        CompletedRequest known;
        synchronized (this) {
            known = completed;
            if (known == null) {
                actions.add(action);
            }
        }
        if (known != null) {
            action.accept(known);
        }
    }

    /** The end. Each action is run, whatever becomes of the others: a grant that is not released would be lost. */
    void run(CompletedRequest request) {
        List<Consumer<CompletedRequest>> due;
        synchronized (this) {
            completed = request;
            due = List.copyOf(actions);
            actions.clear();
        }
        var faults = new Faults();
        due.forEach(action -> faults.run(() -> action.accept(request)));
        faults.throwFirst();
    }
}
