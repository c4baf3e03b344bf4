package dev.warder;

import dev.warder.config.FileWatch;
import dev.warder.database.LimitedSource;
import dev.warder.http.Attributes;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * The settings, the tools and the list of modules with which the parts of the application are created.
 *
 * @param threads of all that waits for the database; they have been ended before the modules that were added earlier stop
 */
record Wiring(Deployment deployment, Modules modules, Schedule schedule, NamedThreads threads) {
    /**
     * A deployment of the application.
     *
     * @param warnings what the log was warned of
     * @param files the files that the configuration has begun to watch
     * @param database the operator's database, if one is bound
     */
    record Deployment(
            GatewaySettings settings,
            List<String> warnings,
            FileWatch files,
            Optional<DataSource> database,
            ServletContext application) {
        /** Runs a task on a selector thread: an attribute that only the server of {@code java -jar} sets. */
        Optional<Executor> selectors() {
            return Attributes.find(application, Executor.class);
        }

        boolean isStandalone() {
            return selectors().isPresent();
        }
    }

    GatewaySettings settings() {
        return deployment.settings();
    }

    /** The database with connections of the caller's own, for which it waits a limited time. */
    Optional<DataSource> source() {
        return deployment.database().map(source -> new LimitedSource(source, threads));
    }
}
