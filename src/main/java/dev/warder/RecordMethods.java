package dev.warder;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases this application's classes from the method handles from which the JDK makes {@code equals}, {@code hashCode} and
 * {@code toString} of records. In Java 17 each handle keeps the record class that used it last, and therefore the class loader
 * of an application that has ended (JDK-8078641, fixed in Java 18).
 */
final class RecordMethods {
    private static final Logger LOG = LoggerFactory.getLogger(RecordMethods.class);

    private RecordMethods() {}

    /** Creates the methods for a class of the JDK, so that the last class is none of this application. */
    static void release() {
        try {
            var lookup = MethodHandles.lookup();
            var component = lookup.findVirtual(String.class, "strip", MethodType.methodType(String.class));
            for (var method : List.of("equals", "hashCode", "toString")) {
                ObjectMethods.bootstrap(lookup, method, MethodHandle.class, String.class, "component", component);
            }
        } catch (Throwable unsupported) {
            LOG.debug("the JDK created no methods for a class that is not a record", unsupported);
        }
    }
}
