package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where {@link GlobalTelemetry} asks for the OpenTelemetry of the process: {@link GlobalOpenTelemetry#get()} sets it, which the
 * tests see. {@link TracingTest} has the case of an SDK that is set.
 */
class GlobalTelemetryTest {
    private static final String AUTO_CONFIGURE = "otel.java.global-autoconfigure.enabled";

    @BeforeEach
    @AfterEach
    void reset() {
        System.clearProperty(AUTO_CONFIGURE);
        GlobalOpenTelemetry.resetForTest();
    }

    @Test
    void doesNotAskWithoutAnAgentOrASetting() {
        GlobalTelemetry.find(ClassLoader.getPlatformClassLoader());
        assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    }

    @Test
    void asksWhereThereIsAnAgent(@TempDir Path folder) throws Exception {
        compile(
                folder,
                "io/opentelemetry/javaagent/OpenTelemetryAgent",
                """
                package io.opentelemetry.javaagent;
                public class OpenTelemetryAgent {}
                """);
        try (var system = new URLClassLoader(urls(folder), ClassLoader.getPlatformClassLoader())) {
            GlobalTelemetry.find(system);
        }
        assertThat(GlobalOpenTelemetry.isSet()).isTrue();
    }

    @Test
    void asksWhereTheOperatorWantsAnSdkToBeConfigured() {
        System.setProperty(AUTO_CONFIGURE, "true");
        GlobalTelemetry.find(ClassLoader.getPlatformClassLoader());
        assertThat(GlobalOpenTelemetry.isSet()).isTrue();
    }

    /** Before 1.57, {@code isSet()} did not exist. */
    @Test
    void asksAnOlderApi(@TempDir Path folder) throws Exception {
        compile(
                folder,
                "io/opentelemetry/api/GlobalOpenTelemetry",
                """
                package io.opentelemetry.api;
                public class GlobalOpenTelemetry {
                    public static int asked;
                    public static OpenTelemetry get() {
                        asked++;
                        return OpenTelemetry.noop();
                    }
                }
                """);
        var own = GlobalTelemetry.class.getName().replace('.', '/') + ".class";
        try (var classes = GlobalTelemetry.class.getClassLoader().getResourceAsStream(own)) {
            assertThat(classes).isNotNull();
            Files.createDirectories(folder.resolve(own).getParent());
            Files.copy(classes, folder.resolve(own));
        }
        try (var older = new OwnFirst(urls(folder))) {
            var find = older.loadClass(GlobalTelemetry.class.getName()).getDeclaredMethod("find");
            find.setAccessible(true);
            find.invoke(null);
            var api = older.loadClass(GlobalOpenTelemetry.class.getName());
            assertThat(api.getField("asked").getInt(null)).isEqualTo(1);
        }
        assertThat(GlobalOpenTelemetry.isSet()).as("the newer one").isFalse();
    }

    private static URL[] urls(Path folder) throws IOException {
        return new URL[] {folder.toUri().toURL()};
    }

    private static void compile(Path folder, String name, String source) throws IOException {
        var file = folder.resolve(name + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), file.toString());
        assertThat(result).isZero();
    }

    /** Loads the classes of the folder itself, and all others where they are. */
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL[] urls) {
            super(urls, GlobalTelemetryTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                if (loaded == null && findResource(name.replace('.', '/') + ".class") != null) {
                    loaded = findClass(name);
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }
    }
}
