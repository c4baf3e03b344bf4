package dev.warder.servers;

import dev.warder.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One server on one Java release.
 *
 * @param jdk the Java release
 */
record Run(AppServer server, int jdk) {
    /** Every server on every Java release that the contract is run on. */
    static final List<Run> ALL = List.of(
            new Run(new GlassFish("glassfish7", "glassfish"), 17),
            new Run(new GlassFish("glassfish8", "glassfish"), 25),
            new Run(new Jetty("jetty"), 17),
            new Run(new Jetty("jetty"), 25),
            new Run(new Liberty("liberty"), 17),
            new Run(new GlassFish("payara", "payara"), 17),
            new Run(new Tomcat("tomcat10"), 17),
            new Run(new Tomcat("tomcat10"), 25),
            new Run(new Tomcat("tomcat11"), 17),
            new Run(new Tomcat("tomcat11"), 25),
            new Run(new WildFly("wildfly"), 17));

    /** The one that a test of {@link EveryServer} is named after. */
    static Run of(String test) {
        return ALL.stream()
                .filter(each -> test.equalsIgnoreCase(each.server.name() + "On" + each.jdk))
                .findFirst()
                .orElseThrow();
    }

    /** Whether {@code -Dservers} and {@code -Dservers.jdks} ask for it. */
    boolean wanted() {
        return list("warder.servers").contains(server.name())
                && list("warder.servers.jdks").contains(Integer.toString(jdk));
    }

    /** The values of a list such as {@code -Dservers}, without empty ones. */
    static List<String> list(String property) {
        return Stream.of(System.getProperty(property, "").split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** Whether a JDK that is missing is a failure, as in the profile, and nothing to be skipped. */
    static boolean strict() {
        return Boolean.getBoolean("warder.servers.strict");
    }

    /** The version that Maven fetched. */
    String version() {
        return System.getProperty("warder.servers." + server.name(), "?");
    }

    /** The one folder of the unpacked distribution. */
    Path home() throws IOException {
        var folder = Path.of("target", "servers", server.name()).toAbsolutePath();
        try (var inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory)
                    .filter(each -> !each.endsWith("META-INF"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Whether a JDK of this release was found. */
    boolean possible() throws IOException {
        return Jdk.find(jdk).isPresent();
    }

    Path jdkHome() throws IOException {
        return Jdk.find(jdk).orElseThrow(() -> new AssertionError("no JDK " + jdk + ": set JAVA_HOME_" + jdk));
    }

    @Override
    public String toString() {
        return server.name() + " " + version() + " on JDK " + jdk;
    }
}
