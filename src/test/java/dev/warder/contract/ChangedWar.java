package dev.warder.contract;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.DispatchingFilter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The built WAR with another {@code web.xml}, as an operator may change it. */
final class ChangedWar {
    private static final String WEB_XML = "WEB-INF/web.xml";

    private ChangedWar() {}

    /** A copy in {@code folder} in which this filter or servlet has this init-param. */
    static Path withInitParam(Path folder, String holder, String name, String value) throws IOException {
        return withInitParam(Deployment.builtWar().war(), folder, holder, name, value);
    }

    /** The same of a WAR that was changed already. */
    static Path withInitParam(Path war, Path folder, String holder, String name, String value) throws IOException {
        var start = "-name>" + holder + "</";
        var supported = "<async-supported>true</async-supported>";
        var param = "<init-param><param-name>" + name + "</param-name><param-value>" + value
                + "</param-value></init-param>";
        return copy(war, folder, text -> {
            // Of a filter the init-param stands behind, of a servlet before what stands here.
            int at = text.indexOf(supported, text.indexOf(start));
            int behind = holder.endsWith("Filter")
                    ? at + supported.length()
                    : text.indexOf("</servlet-class>", text.indexOf(start)) + 16;
            return text.substring(0, behind) + param + text.substring(behind);
        });
    }

    /**
     * A copy in {@code folder} with a {@link DispatchingFilter} before all other filters, and an error page for the status
     * 460 and each after it at one of {@code locations}.
     */
    static Path withDispatchingFilter(Path folder, List<String> locations) throws IOException {
        var more = new StringBuilder();
        for (int i = 0; i < locations.size(); i++) {
            more.append("<error-page><error-code>" + (460 + i) + "</error-code><location>" + locations.get(i)
                    + "</location></error-page>");
        }
        return withFilter(folder, DispatchingFilter.class, more.toString());
    }

    /** A copy in {@code folder} with a {@link LateUseFilter} before all other filters. */
    static Path withLateUseFilter(Path folder) throws IOException {
        return withFilter(folder, LateUseFilter.class, "");
    }

    private static Path withFilter(Path folder, Class<?> filter, String more) throws IOException {
        var name = filter.getSimpleName();
        var elements = "<filter><filter-name>" + name + "</filter-name><filter-class>" + filter.getName()
                + "</filter-class><async-supported>true</async-supported></filter><filter-mapping><filter-name>" + name
                // Jetty runs a filter that names no dispatcher and supports async for ASYNC dispatches too.
                + "</filter-name><url-pattern>/*</url-pattern><dispatcher>REQUEST</dispatcher></filter-mapping>" + more;
        var war = copy(Deployment.builtWar().war(), folder, text -> {
            int first = text.indexOf("<filter>");
            return text.substring(0, first) + elements + text.substring(first);
        });
        addClasses(war, filter);
        return war;
    }

    /** A copy in {@code folder} with this listener before the application's own. */
    static Path withListener(Path folder, Class<?> listener) throws IOException {
        var element = "<listener><listener-class>" + listener.getName() + "</listener-class></listener>";
        var war = copy(Deployment.builtWar().war(), folder, text -> {
            int first = text.indexOf("<listener>");
            return text.substring(0, first) + element + text.substring(first);
        });
        addClasses(war, listener);
        return war;
    }

    /** A copy in {@code folder} with an SDK for traces and a {@link SpanListener}. */
    static Path withSpans(Path folder) throws Exception {
        var war = withListener(folder, SpanListener.class);
        addLibraries(
                war,
                OpenTelemetrySdk.class,
                Clock.class,
                SdkTracerProvider.class,
                SdkMeterProvider.class,
                SdkLoggerProvider.class);
        return war;
    }

    /** Adds the libraries that have these classes. */
    private static void addLibraries(Path war, Class<?>... classes) throws Exception {
        try (var files = FileSystems.newFileSystem(war)) {
            for (var each : classes) {
                var jar = Path.of(
                        each.getProtectionDomain().getCodeSource().getLocation().toURI());
                Files.copy(jar, files.getPath("WEB-INF/lib/" + jar.getFileName()));
            }
        }
    }

    private static void addClasses(Path war, Class<?> added) throws IOException {
        try (var files = FileSystems.newFileSystem(war)) {
            addClass(files, added.getName());
            for (var nested : added.getDeclaredClasses()) {
                addClass(files, nested.getName());
            }
        }
    }

    private static void addClass(FileSystem war, String name) throws IOException {
        var path = name.replace('.', '/') + ".class";
        try (var in = ClassLoader.getSystemResourceAsStream(path)) {
            var to = war.getPath("WEB-INF/classes/" + path);
            Files.createDirectories(to.getParent());
            Files.write(to, Objects.requireNonNull(in).readAllBytes());
        }
    }

    private static Path copy(Path war, Path folder, UnaryOperator<String> change) throws IOException {
        var target = Files.createTempDirectory(folder, "changed").resolve("warder.war");
        try (var from = new ZipFile(war.toFile());
                var to = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
            // It is read once.
            to.setLevel(Deflater.NO_COMPRESSION);
            for (var entries = from.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                to.putNextEntry(new ZipEntry(entry.getName()));
                try (var in = from.getInputStream(entry)) {
                    var bytes = in.readAllBytes();
                    to.write(entry.getName().equals(WEB_XML) ? changed(bytes, change) : bytes);
                }
            }
        }
        return target;
    }

    private static byte[] changed(byte[] bytes, UnaryOperator<String> change) {
        return change.apply(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }
}
