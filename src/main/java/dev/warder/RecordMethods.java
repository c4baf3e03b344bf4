package dev.warder;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The method handles from which the JDK makes {@code equals}, {@code hashCode} and {@code toString} of all records. In Java 17
 * each of them keeps the record class that used it last, and so the class loader of an application that has ended
 * (JDK-8078641, solved in Java 18).
 */
final class RecordMethods {
    private static final Logger LOG = LoggerFactory.getLogger(RecordMethods.class);

    private RecordMethods() {}

    /** Makes the methods for a class of the JDK, so that no class of this application is the last. */
    static void release() {
        try {
            var lookup = MethodHandles.lookup();
            var component = lookup.findVirtual(String.class, "strip", MethodType.methodType(String.class));
            for (var method : List.of("equals", "hashCode", "toString")) {
                ObjectMethods.bootstrap(lookup, method, MethodHandle.class, String.class, "component", component);
            }
        } catch (Throwable unsupported) {
            LOG.debug("the JDK made no methods for a class that is no record", unsupported);
        }
    }
}
