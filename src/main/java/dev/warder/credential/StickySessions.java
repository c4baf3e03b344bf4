package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which credential each session uses, so that the upstream's prompt caches stay warm. Forgets what was not asked for in
 * an hour, and the longest unused of more than 10,000. Thread-safe.
 */
final class StickySessions {
    private static final int LIMIT = 10_000;
    private static final long IDLE = Duration.ofHours(1).toNanos();

    /** Names are the caller's, and each is kept for an hour. */
    private static final int LONGEST_NAME = 200;

    private final LongSupplier nanoTime;

    /** The longest unused first. */
    @GuardedBy("this")
    private final Map<Key, Place> places = new LinkedHashMap<>(16, 0.75f, true);

    StickySessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a session can have this name: 1 to 200 visible ASCII characters. */
    static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** Where the session is. */
    synchronized Optional<Member> find(Key key) {
        forgetIdle();
        return Optional.ofNullable(places.get(key)).map(place -> put(key, place.member()));
    }

    /** Where the session is, and {@code chosen} when it was nowhere, where it is then. */
    synchronized Member findOrPut(Key key, Member chosen) {
        return find(key).orElseGet(() -> put(key, chosen));
    }

    /** Moves the session, unless it is no more where its mover saw it: another request was faster then. */
    synchronized void move(Key key, Member from, Member to) {
        if (find(key).orElse(from).equals(from)) {
            put(key, to);
        }
    }

    @GuardedBy("this")
    private Member put(Key key, Member member) {
        places.put(key, new Place(member, nanoTime.getAsLong()));
        if (places.size() > LIMIT) {
            removeFirst(places.keySet().iterator());
        }
        return member;
    }

    @GuardedBy("this")
    private void forgetIdle() {
        long now = nanoTime.getAsLong();
        var oldest = places.values().iterator();
        while (oldest.hasNext() && now - oldest.next().used() >= IDLE) {
            oldest.remove();
        }
    }

    private static void removeFirst(Iterator<?> all) {
        all.next();
        all.remove();
    }

    /**
     * One session.
     *
     * @param client the configured name of the caller's access token
     * @param session what that caller calls it
     */
    record Key(String client, String session) {}

    private record Place(Member member, long used) {}
}
