package dev.warder.observe;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;

/**
 * The OpenTelemetry of the process, if there is one. {@link GlobalOpenTelemetry#get()} is called only where there is: without one,
 * it would make the no-op implementation final for the whole process, and an SDK that is set later would be refused.
 */
public final class GlobalTelemetry {
    private static final String AGENT = "io.opentelemetry.javaagent.OpenTelemetryAgent";
    private static final String AUTO_CONFIGURE = "otel.java.global-autoconfigure.enabled";
    private static final String AUTO_CONFIGURE_VARIABLE = "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED";

    private GlobalTelemetry() {}

    static OpenTelemetry find() {
        return find(ClassLoader.getSystemClassLoader());
    }

    /** True if the process has one, which its applications share. */
    public static boolean isThere() {
        return isThere(ClassLoader.getSystemClassLoader());
    }

    private static boolean isThere(ClassLoader system) {
        return isSet() || hasAgent(system) || isToBeConfigured();
    }

    static OpenTelemetry find(ClassLoader system) {
        return isThere(system) ? GlobalOpenTelemetry.get() : OpenTelemetry.noop();
    }

    private static boolean isSet() {
        try {
            return GlobalOpenTelemetry.isSet();
        } catch (NoSuchMethodError older) {
            // A server's library folder with an API before 1.57, which has no other way to find out.
            return true;
        }
    }

    /** Agents up to 2.22 change {@code get()} alone, and the other methods do not find them. */
    private static boolean hasAgent(ClassLoader system) {
        try {
            Class.forName(AGENT, false, system);
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    private static boolean isToBeConfigured() {
        return Boolean.parseBoolean(System.getProperty(AUTO_CONFIGURE, System.getenv(AUTO_CONFIGURE_VARIABLE)));
    }
}
