package dev.warder.testkit;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The time that a thread spends inside the application before it leaves it. It ends when the thread is {@linkplain #look seen}
 * outside; a thread whose tasks follow each other so fast that it never is has a last moment all the same. Thread-safe.
 */
final class Stay {
    private static final Duration LONGEST = Limit.seconds(1);
    private static final long PAUSE = Duration.ofMillis(5).toNanos();
    private static final Map<Thread, Stay> OPEN = new ConcurrentHashMap<>();

    private final long noticed = System.nanoTime();
    private volatile boolean left;

    private Stay() {}

    /** Those of all threads that are inside the application now, except the calling one. */
    static Map<Thread, Stay> ofOthers() {
        var stays = new HashMap<Thread, Stay>();
        for (var thread : ApplicationThreads.others()) {
            stays.put(thread, OPEN.compute(thread, (same, open) -> open == null || open.isOver() ? new Stay() : open));
        }
        return stays;
    }

    /** Whether the thread has left the application. */
    boolean isOver() {
        return left || System.nanoTime() - noticed > LONGEST.toNanos();
    }

    /** Looks where the threads are now. */
    static void look() {
        OPEN.forEach((thread, stay) -> {
            if (stay.isOver() || !ApplicationThreads.isInside(thread)) {
                stay.left = true;
                OPEN.remove(thread, stay);
            }
        });
    }

    /** Looks from now on, on a thread that keeps no application in memory. Not to be called by an application's thread. */
    static void watch() {
        Watcher.START.run();
    }

    /** Starts with the first use of this class. */
    private static final class Watcher {
        static final Runnable START = () -> {};

        static {
            var thread = new Thread(Watcher::run, "stays");
            thread.setDaemon(true);
            thread.setContextClassLoader(Stay.class.getClassLoader());
            thread.start();
        }

        private static void run() {
            while (true) {
                look();
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    /** Threads that run code of the application under test. */
    private static final class ApplicationThreads {
        private static final String APPLICATION = "dev.warder.";
        private static final List<String> TESTS = List.of("dev.warder.testkit.", "dev.warder.contract.");

        private ApplicationThreads() {}

        /** All platform threads that are inside a method of the application now, except the calling one. */
        static Set<Thread> others() {
            var found = new HashSet<Thread>();
            Thread.getAllStackTraces().forEach((thread, frames) -> {
                if (inApplication(frames)) {
                    found.add(thread);
                }
            });
            found.remove(Thread.currentThread());
            return found;
        }

        /** Whether a thread is inside a method of the application now. */
        static boolean isInside(Thread thread) {
            return inApplication(thread.getStackTrace());
        }

        private static boolean inApplication(StackTraceElement[] frames) {
            return List.of(frames).stream()
                    .map(StackTraceElement::getClassName)
                    .anyMatch(name ->
                            name.startsWith(APPLICATION) && TESTS.stream().noneMatch(name::startsWith));
        }
    }
}
