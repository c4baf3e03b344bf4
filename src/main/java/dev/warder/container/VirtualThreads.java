package dev.warder.container;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** Virtual threads, for code that is compiled for a Java version without them. */
final class VirtualThreads {
    /** Before JEP 491, a virtual thread that waited inside a {@code synchronized} method held its carrier thread. */
    private static final int FIRST_GOOD = 24;

    private VirtualThreads() {}

    /** Makes virtual threads, named by {@code prefix} and a number, if they may wait anywhere in this Java version. */
    static Optional<ThreadFactory> factory(String prefix) {
        if (Runtime.version().feature() < FIRST_GOOD) {
            return Optional.empty();
        }
        try {
            var type = Class.forName("java.lang.Thread$Builder");
            var builder = Thread.class.getMethod("ofVirtual").invoke(null);
            type.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
            return Optional.of(
                    withOwnLoader((ThreadFactory) type.getMethod("factory").invoke(builder)));
        } catch (ReflectiveOperationException otherVirtualMachine) {
            return Optional.empty();
        }
    }

    private static ThreadFactory withOwnLoader(ThreadFactory factory) {
        return task -> {
            var thread = factory.newThread(task);
            thread.setContextClassLoader(VirtualThreads.class.getClassLoader());
            return thread;
        };
    }
}
