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
 * What the server binds for this application. To be used on the deploying thread only: others are not bound to the
 * application on every server.
 */
final class Jndi {
    private static final String ENVIRONMENT = "java:comp/env/";
    private static final String DATABASE = "jdbc/warder";

    /** The look-up of one full name. */
    @FunctionalInterface
    interface Lookup {
        /** What is bound there; throws a {@link NamingException} when there is nothing, or nothing that can be had. */
        @Nullable
        Object find(String name) throws NamingException;
    }

    private final Lookup lookup;

    Jndi(Lookup lookup) {
        this.lookup = lookup;
    }

    /** The naming of this server. */
    static Jndi ofServer() {
        return new Jndi(Jndi::inInitialContext);
    }

    /**
     * What is bound below {@code java:comp/env/}.
     *
     * @throws IllegalStateException when it is bound and cannot be had
     */
    Optional<Object> entry(String name) {
        return find(ENVIRONMENT + name);
    }

    /**
     * The DataSource {@code jdbc/warder}, below {@code java:comp/env/} or by its plain name. No {@code resource-ref} is
     * declared for it, without which some servers know the plain name only, and with which others would not start.
     *
     * @throws ConfigException when what is bound there cannot be used
     */
    Optional<DataSource> database() {
        Optional<Object> bound;
        try {
            bound = entry(DATABASE).or(() -> find(DATABASE));
        } catch (IllegalStateException broken) {
            Throwable cause = broken.getCause() == null ? broken : broken.getCause();
            throw unusable("cannot be had (" + cause.getClass().getSimpleName() + ")");
        }
        if (bound.isPresent() && !(bound.get() instanceof DataSource)) {
            throw unusable("is no javax.sql.DataSource");
        }
        return bound.map(DataSource.class::cast);
    }

    /** Only the type of a cause: a naming provider may put addresses and users into its messages. */
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

    /** GlassFish and Payara hide the reason behind a plain NamingException. */
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
            // Nothing was changed through it.
        }
    }
}
