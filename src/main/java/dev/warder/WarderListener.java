package dev.warder;

import dev.warder.config.ConfigException;
import dev.warder.config.FileWatch;
import dev.warder.config.SettingReader;
import dev.warder.config.SettingReader.ConfigSources;
import dev.warder.container.Container;
import jakarta.servlet.Registration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys the application: reads the configuration from JNDI, the init-params of filters and servlets, and the context-params,
 * and starts the {@link Gateway}. Stops its modules when the application is undeployed. A configuration with problems stops
 * the deployment, after every problem was logged by its setting's name; a start that fails closes what it has created.
 */
public final class WarderListener implements ServletContextListener {
    private static final Logger LOG = LoggerFactory.getLogger(WarderListener.class);
    private static final String OWN_CLASSES = "dev.warder.";

    private @Nullable Modules running;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        var application = event.getServletContext();
        LOG.info("Warder starts on {}", application.getServerInfo());
        try {
            start(application);
        } catch (ConfigException problems) {
            problems.problems().forEach(problem -> LOG.error("Configuration: {}", problem));
            throw problems;
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (running != null) {
            stop();
            LOG.info("Warder has stopped");
        }
    }

    /**
     * Refuses new requests, waits up to 5 s for threads inside the filters, ends open exchanges with an error event and waits
     * up to 5 s until each has ended; only then are connections and threads closed. An operator who wants streams to end by
     * themselves drains first. A part that cannot be closed is logged, and the others are closed all the same.
     */
    private void stop() {
        var modules = running;
        if (modules != null) {
            running = null;
            modules.stop();
        }
        RecordMethods.release();
    }

    private void start(ServletContext application) {
        // No method references to the logger: the log line would name a class of the JDK as the caller.
        var container = Container.of(application);
        var server = container.versionWarning();
        server.ifPresent(warning -> LOG.warn(warning));
        var files = new FileWatch();
        var jndi = Jndi.ofServer();
        var reader = new SettingReader(
                sources(application, jndi), files, Runtime.getRuntime().maxMemory(), container.exchangeMemory());
        var problems = new ArrayList<String>();
        var settings = attempt(() -> GatewaySettings.read(reader), problems);
        var database = attempt(jndi::database, problems);
        if (settings.isEmpty() || database.isEmpty()) {
            throw new ConfigException(problems);
        }
        var warnings = new ArrayList<>(reader.warnings());
        warnings.forEach(warning -> LOG.warn(warning));
        server.ifPresent(warnings::add);
        reader.notes().forEach(note -> LOG.info(note));
        start(new Wiring.Deployment(settings.get(), warnings, files, database.get(), application));
    }

    private void start(Wiring.Deployment deployment) {
        var modules = new Modules();
        running = modules;
        try {
            var gateway = new Gateway(deployment, modules);
            gateway.start();
            LOG.info("Warder is ready for {}", gateway.upstreams);
        } catch (RuntimeException | Error failed) {
            // Not every container calls contextDestroyed after a start that failed. Some parts may have been created.
            stop();
            throw failed;
        }
    }

    private static <T> Optional<T> attempt(Supplier<T> reading, List<String> problems) {
        try {
            return Optional.of(reading.get());
        } catch (ConfigException wrong) {
            problems.addAll(wrong.problems());
            return Optional.empty();
        }
    }

    private static ConfigSources sources(ServletContext application, Jndi jndi) {
        return new ConfigSources(
                jndi::entry,
                initParams(application),
                contextParams(application),
                name -> Optional.ofNullable(System.getenv(name)));
    }

    private static Map<String, Map<String, String>> initParams(ServletContext application) {
        var all =
                new ArrayList<Registration>(application.getFilterRegistrations().values());
        all.addAll(application.getServletRegistrations().values());
        var params = new HashMap<String, Map<String, String>>();
        for (var each : all) {
            if (each.getClassName() != null && each.getClassName().startsWith(OWN_CLASSES)) {
                params.put(each.getName(), each.getInitParameters());
            }
        }
        return params;
    }

    private static Map<String, String> contextParams(ServletContext application) {
        var params = new HashMap<String, String>();
        Collections.list(application.getInitParameterNames())
                .forEach(name -> params.put(name, application.getInitParameter(name)));
        return params;
    }
}
