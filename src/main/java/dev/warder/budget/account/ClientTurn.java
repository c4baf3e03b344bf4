package dev.warder.budget.account;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The requests of one client that wait. Not thread-safe: {@link Accounts} has the lock. */
final class ClientTurn {
    final Map<String, ArrayDeque<Waiter>> sessions = new LinkedHashMap<>();
    long deficit;

    /** Whether its turn has begun, and was interrupted because money was lacking. */
    boolean begun;

    void add(Waiter waiter) {
        var session = sessions.get(waiter.request().session());
        if (session == null) {
            session = new ArrayDeque<>();
            sessions.put(waiter.request().session(), session);
        }
        session.add(waiter);
    }

    /** The first request of each session, in the order of their turns. */
    Deque<Waiter> firsts() {
        var firsts = new ArrayDeque<Waiter>(sessions.size());
        sessions.values().forEach(session -> firsts.add(session.element()));
        return firsts;
    }

    /** Takes the first one of its session away; the session goes to the end. Null if that was its last one. */
    @Nullable
    Waiter served(Waiter waiter) {
        var rest = Objects.requireNonNull(sessions.remove(waiter.request().session()));
        rest.remove();
        if (!rest.isEmpty()) {
            sessions.put(waiter.request().session(), rest);
        }
        return rest.peek();
    }

    boolean remove(Waiter waiter) {
        var session = sessions.get(waiter.request().session());
        if (session == null || !session.remove(waiter)) {
            return false;
        }
        if (session.isEmpty()) {
            sessions.remove(waiter.request().session());
        }
        return true;
    }
}
