package dev.warder.testkit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of {@code conf/}, read with a deployment's values as system properties. Thread-safe. */
final class ConfFiles {
    private static final Object SYSTEM_PROPERTIES = new Object();

    private ConfFiles() {}

    static Path file(String container) {
        return Path.of(System.getProperty("warder.conf", "conf"))
                .resolve(container)
                .resolve("warder.xml")
                .toAbsolutePath();
    }

    /** Runs work that starts a deployment, with its values, and data in the folder of its container. */
    static void with(Path folder, Deployment deployment, ContainerClassLoader.Work work) throws Exception {
        var values = new HashMap<>(deployment.conf().orElse(Map.of()));
        values.put("WARDER_DATA_DIR", deployment.settings(folder).getOrDefault("data.dir", ""));
        with(values, work);
    }

    /** Sets the values, runs the work that reads the files, and puts everything back; one deployment at a time. */
    static void with(Map<String, String> values, ContainerClassLoader.Work work) throws Exception {
        synchronized (SYSTEM_PROPERTIES) {
            var before = new HashMap<String, @Nullable String>();
            values.keySet().forEach(name -> before.put(name, System.getProperty(name)));
            try {
                values.forEach(System::setProperty);
                work.run();
            } finally {
                before.forEach(ConfFiles::restore);
            }
        }
    }

    /** Runs work that stops a container while no other starts or stops. */
    static void alone(ContainerClassLoader.Work work) {
        try {
            with(Map.of(), work);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void restore(String name, @Nullable String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }
}
