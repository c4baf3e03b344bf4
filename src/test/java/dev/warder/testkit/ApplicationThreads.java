package dev.warder.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Threads that run code of the application under test. */
final class ApplicationThreads {
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
                .anyMatch(name -> name.startsWith(APPLICATION) && TESTS.stream().noneMatch(name::startsWith));
    }
}
