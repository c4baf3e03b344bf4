package dev.warder.servers;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every server on every Java release that the contract is run on. */
final class Rows {
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

    private Rows() {}

    static Run of(String name, int jdk) {
        return ALL.stream()
                .filter(each -> each.server().name().equals(name) && each.jdk() == jdk)
                .findFirst()
                .orElseThrow();
    }

    /** The valid names in {@code -Dservers}. */
    static Set<String> names() {
        var names = new TreeSet<String>();
        ALL.forEach(each -> names.add(each.server().name()));
        return names;
    }
}
