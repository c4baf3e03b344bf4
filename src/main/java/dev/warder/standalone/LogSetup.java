package dev.warder.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sets up the logs of the standalone form: one line for each record on stderr, unless the operator configured
 * java.util.logging.
 */
final class LogSetup {
    /**
     * Jetty's detailed logs contain fields and content, credentials included. A constant, because the framework keeps loggers
     * only as long as they are referenced.
     */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private LogSetup() {}

    static void apply() {
        configure();
        if (JETTY.getLevel() == null || JETTY.getLevel().intValue() < Level.INFO.intValue()) {
            JETTY.setLevel(Level.INFO);
        }
        // Creates the handlers now: the JDK creates none after the virtual machine has begun to stop.
        Logger.getLogger("").getHandlers();
        OutOfMemory.endsTheProcess();
    }

    /** From now on each line is a JSON object, unless the operator configured java.util.logging. */
    static void useJson() {
        for (var handler : Logger.getLogger("").getHandlers()) {
            if (handler.getFormatter() instanceof LineFormatter) {
                handler.setFormatter(new JsonFormatter());
            }
        }
    }

    private static void configure() {
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        try (InputStream format = LogSetup.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(Objects.requireNonNull(format));
        } catch (IOException broken) {
            throw new IllegalStateException("the log format that came with this program cannot be read", broken);
        }
        // Set here, because the JDK looks for formatters only in the class path.
        for (var handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new LineFormatter());
        }
    }
}
