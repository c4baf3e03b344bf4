package dev.warder.contract;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.DispatchingFilter;
import dev.warder.testkit.UnpackedWar;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The built WAR with another {@code web.xml}, as an operator may change it. */
final class ChangedWar {
    private static final List<Class<?>> SDK = List.of(
            OpenTelemetrySdk.class,
            Clock.class,
            SdkTracerProvider.class,
            SdkMeterProvider.class,
            SdkLoggerProvider.class);

    private ChangedWar() {}

    /** In which this filter or servlet has this init-param. */
    static Path withInitParam(String holder, String name, String value) throws IOException {
        return withInitParam(Deployment.builtWar().war(), holder, name, value);
    }

    /** The same of a WAR that was changed already. */
    static Path withInitParam(Path war, String holder, String name, String value) throws IOException {
        var start = "-name>" + holder + "</";
        var supported = "<async-supported>true</async-supported>";
        var param = "<init-param><param-name>" + name + "</param-name><param-value>" + value
                + "</param-value></init-param>";
        var text = UnpackedWar.webXml(war);
        // Of a filter the init-param stands behind, of a servlet before what stands here.
        int at = text.indexOf(supported, text.indexOf(start));
        int behind = holder.endsWith("Filter")
                ? at + supported.length()
                : text.indexOf("</servlet-class>", text.indexOf(start)) + 16;
        return UnpackedWar.changed(text.substring(0, behind) + param + text.substring(behind), Map.of());
    }

    /**
     * With a {@link DispatchingFilter} before all other filters, and an error page for the status 460 and each after it at one of
     * {@code locations}.
     */
    static Path withDispatchingFilter(List<String> locations) throws IOException {
        var more = new StringBuilder();
        for (int i = 0; i < locations.size(); i++) {
            more.append("<error-page><error-code>" + (460 + i) + "</error-code><location>" + locations.get(i)
                    + "</location></error-page>");
        }
        return withFilter(DispatchingFilter.class, more.toString());
    }

    /** With a {@link LateUseFilter} before all other filters. */
    static Path withLateUseFilter() throws IOException {
        return withFilter(LateUseFilter.class, "");
    }

    private static Path withFilter(Class<?> filter, String more) throws IOException {
        var name = filter.getSimpleName();
        var elements = "<filter><filter-name>" + name + "</filter-name><filter-class>" + filter.getName()
                + "</filter-class><async-supported>true</async-supported></filter><filter-mapping><filter-name>" + name
                // Jetty runs a filter that names no dispatcher and supports async for ASYNC dispatches too.
                + "</filter-name><url-pattern>/*</url-pattern><dispatcher>REQUEST</dispatcher></filter-mapping>" + more;
        return UnpackedWar.changed(before("<filter>", elements), classes(filter));
    }

    /** With this listener before the application's own. */
    static Path withListener(Class<?> listener) throws IOException {
        return UnpackedWar.changed(listening(listener), classes(listener));
    }

    /** With an SDK for traces and a {@link SpanListener}. */
    static Path withSpans() throws IOException {
        var added = classes(SpanListener.class);
        for (var each : SDK) {
            var jar = home(each);
            added.put("WEB-INF/lib/" + jar.getFileName(), jar);
        }
        return UnpackedWar.changed(listening(SpanListener.class), added);
    }

    private static String listening(Class<?> listener) throws IOException {
        return before("<listener>", "<listener><listener-class>" + listener.getName() + "</listener-class></listener>");
    }

    /** The built WAR's descriptor with this before the first of these elements. */
    private static String before(String element, String more) throws IOException {
        var text = UnpackedWar.webXml(Deployment.builtWar().war());
        int first = text.indexOf(element);
        return text.substring(0, first) + more + text.substring(first);
    }

    /** The class and those nested in it, by their place in a WAR. */
    private static Map<String, Path> classes(Class<?> added) {
        var files = new TreeMap<String, Path>();
        Stream.concat(Stream.of(added), Stream.of(added.getDeclaredClasses())).forEach(each -> {
            var path = each.getName().replace('.', '/') + ".class";
            files.put("WEB-INF/classes/" + path, home(each).resolve(path));
        });
        return files;
    }

    /** The jar or the folder that the class came from. */
    private static Path home(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException never) {
            throw new IllegalStateException(never);
        }
    }
}
