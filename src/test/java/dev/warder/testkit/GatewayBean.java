package dev.warder.testkit;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The MBean {@code dev.warder:type=Gateway,context="<quoted context path>"} of a deployed WAR. Several containers of one
 * JVM need different context paths to be told apart. Thread-safe.
 *
 * @param name the name found
 */
public record GatewayBean(ObjectName name) {
    /** The bean of this context path (empty for the root); an {@link AssertionError} when there is none, or several. */
    public static GatewayBean of(String contextPath) {
        return find(contextPath)
                .orElseThrow(() -> new AssertionError("no MBean dev.warder:type=Gateway for the context path \""
                        + contextPath + "\", only " + all("dev.warder:*")));
    }

    /** The bean of this context path if the WAR is deployed there. */
    public static Optional<GatewayBean> find(String contextPath) {
        var quoted = ObjectName.quote(contextPath.isEmpty() ? "/" : contextPath);
        var found = all("dev.warder:type=Gateway,*").stream()
                .filter(name -> quoted.equals(name.getKeyProperty("context")))
                .toList();
        if (found.size() > 1) {
            throw new AssertionError("several containers at the same context path: " + found);
        }
        return found.stream().map(GatewayBean::new).findFirst();
    }

    /** The value of the attribute; an {@link AssertionError} when there is no such attribute. */
    public Object attribute(String attribute) {
        try {
            return ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
        } catch (JMException missing) {
            throw new AssertionError("cannot read " + attribute + " of " + name, missing);
        }
    }

    private static java.util.Set<ObjectName> all(String pattern) {
        try {
            return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName(pattern), null);
        } catch (JMException never) {
            throw new IllegalStateException(never);
        }
    }
}
