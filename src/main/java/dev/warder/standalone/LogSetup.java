package dev.warder.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Logs of the standalone form: one line a record on stderr, unless the operator configured java.util.logging. */
final class LogSetup {
    /** Jetty's fine logs hold fields and content, credentials among them; held here because the framework keeps none. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private LogSetup() {}

    static void apply() {
        configure();
        if (JETTY.getLevel() == null || JETTY.getLevel().intValue() < Level.INFO.intValue()) {
            JETTY.setLevel(Level.INFO);
        }
        // Makes the handlers now: the JDK makes none any more once the virtual machine has begun to stop.
        Logger.getLogger("").getHandlers();
        OutOfMemory.endsTheProcess();
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
        // Set here, because the JDK looks for formatters in the class path only.
        for (var handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new LineFormatter());
        }
    }
}
