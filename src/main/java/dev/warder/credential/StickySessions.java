package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The credential of each session, which keeps the upstream's prompt caches warm. Forgets sessions that were not used
 * for an hour. Of more than 10,000 it forgets the least recently used one of a client that has more than its share, so that no
 * client displaces the sessions of others. Thread-safe.
 */
final class StickySessions {
    private static final int LIMIT = 10_000;
    private static final long IDLE = Duration.ofHours(1).toNanos();

    private static final int LONGEST_NAME = 200;

    private final LongSupplier nanoTime;

    /** In order of use, the least recently used first. */
    @GuardedBy("this")
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private final Map<String, Integer> counts = new HashMap<>();

    StickySessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a session can have this name: 1 to 200 visible ASCII characters. */
    static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    synchronized Optional<Member> find(Key key) {
        forgetIdle();
        return Optional.ofNullable(entries.get(key)).map(entry -> put(key, entry.member()));
    }

    /** The credential of the session; {@code chosen}, which it then keeps, if it had none. */
    synchronized Member findOrPut(Key key, Member chosen) {
        return find(key).orElseGet(() -> put(key, chosen));
    }

    /** Moves the session, unless another request has moved it from {@code from} in the meantime. */
    synchronized void move(Key key, Member from, Member to) {
        if (find(key).orElse(from).equals(from)) {
            put(key, to);
        }
    }

    @GuardedBy("this")
    private Member put(Key key, Member member) {
        if (entries.put(key, new Entry(member, nanoTime.getAsLong())) == null) {
            counts.merge(key.client(), 1, Integer::sum);
        }
        if (entries.size() > LIMIT) {
            var all = entries.keySet().iterator();
            var oldest = all.next();
            while (!exceedsShare(oldest.client())) {
                oldest = all.next();
            }
            remove(all, oldest);
        }
        return member;
    }

    /** True of at least one client if there are more than the limit. */
    @GuardedBy("this")
    private boolean exceedsShare(String client) {
        return counts.getOrDefault(client, 0) * counts.size() > LIMIT;
    }

    @GuardedBy("this")
    private void remove(Iterator<?> at, Key key) {
        at.remove();
        counts.computeIfPresent(key.client(), (client, count) -> count == 1 ? null : count - 1);
    }

    @GuardedBy("this")
    private void forgetIdle() {
        long now = nanoTime.getAsLong();
        var all = entries.entrySet().iterator();
        while (all.hasNext()) {
            var oldest = all.next();
            if (now - oldest.getValue().used() < IDLE) {
                return;
            }
            remove(all, oldest.getKey());
        }
    }

    /**
     * One session.
     *
     * @param client the name of the caller, see {@link dev.warder.auth.Client#name}
     * @param session the caller's name for it
     */
    record Key(String client, String session) {}

    private record Entry(Member member, long used) {}
}
