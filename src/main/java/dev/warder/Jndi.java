package dev.warder;

import dev.warder.config.ConfigException;
import java.util.List;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The JNDI entries that the server binds for this application. Use it on the deploying thread only: on some servers, other
 * threads do not see the application's entries.
 */
record Jndi(Lookup lookup) {
    private static final String ENVIRONMENT = "java:comp/env/";
    private static final String DATABASE = "jdbc/warder";

    /** The lookup of one full name. */
    @FunctionalInterface
    interface Lookup {
        /**
         * The object bound under this name. Throws a {@link NamingException} when nothing is bound, or the object cannot be
         * obtained.
         */
        @Nullable
        Object find(String name) throws NamingException;
    }

    static Jndi ofServer() {
        return new Jndi(Jndi::inInitialContext);
    }

    /**
     * The object bound below {@code java:comp/env/} under this name.
     *
     * @throws IllegalStateException when an object is bound but cannot be obtained
     */
    Optional<Object> entry(String name) {
        return find(ENVIRONMENT + name);
    }

    /**
     * The DataSource {@code jdbc/warder}, below {@code java:comp/env/} or under its plain name. The WAR declares no {@code
     * resource-ref} for it: with one, some servers would not start the application, and without one, some know only the plain
     * name.
     *
     * @throws ConfigException when the object bound there cannot be used
     */
    Optional<DataSource> database() {
        Optional<Object> bound;
        try {
            bound = entry(DATABASE).or(() -> find(DATABASE));
        } catch (IllegalStateException broken) {
            Throwable cause = broken.getCause() == null ? broken : broken.getCause();
            throw unusable("cannot be obtained (" + cause.getClass().getSimpleName() + ")");
        }
        if (bound.isPresent() && !(bound.get() instanceof DataSource)) {
            throw unusable("is not a javax.sql.DataSource");
        }
        return bound.map(DataSource.class::cast);
    }

    /** Reports only the type of the cause: a naming provider may put addresses and users into its messages. */
    private static ConfigException unusable(String what) {
        return new ConfigException(List.of(DATABASE + ": what is bound under this name " + what));
    }

    private Optional<Object> find(String name) {
        try {
            return Optional.ofNullable(lookup.find(name));
        } catch (NamingException failure) {
            if (isUnbound(failure)) {
                return Optional.empty();
            }
            throw new IllegalStateException("JNDI failed to look up " + name, failure);
        }
    }

    /** Whether nothing is bound. GlassFish and Payara wrap the reason in a plain NamingException. */
    private static boolean isUnbound(NamingException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof NameNotFoundException || each instanceof NoInitialContextException) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("BanJNDI") // Names come from the operator's configuration only, and never carry a scheme.
    private static @Nullable Object inInitialContext(String name) throws NamingException {
        Context context = new InitialContext();
        try {
            return context.lookup(name);
        } finally {
            close(context);
        }
    }

    private static void close(Context context) {
        try {
            context.close();
        } catch (NamingException ignored) {
            // The lookup has changed nothing.
        }
    }
}
