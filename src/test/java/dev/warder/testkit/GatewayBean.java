package dev.warder.testkit;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The MBean {@code dev.warder:type=Gateway,context="<quoted context path>"} of a deployed WAR. Where several containers of this JVM have
 * the same context path, it has an {@code instance} too. Thread-safe.
 *
 * @param name the name found
 */
public record GatewayBean(ObjectName name) {
    /**
     * The bean that an application registers while {@code start} runs; {@code known} where it takes the name that it had. Nothing else
     * may start meanwhile.
     */
    static Optional<GatewayBean> registeredBy(
            String contextPath, Optional<GatewayBean> known, ContainerClassLoader.Work start) throws Exception {
        var before = names(contextPath);
        start.run();
        var added = names(contextPath);
        added.removeAll(before);
        return added.stream().map(GatewayBean::new).findFirst().or(() -> known);
    }

    /** Whether the application is there still. */
    public boolean isRegistered() {
        return ManagementFactory.getPlatformMBeanServer().isRegistered(name);
    }

    /** The value of the attribute; an {@link AssertionError} when there is no such attribute. */
    public Object attribute(String attribute) {
        try {
            return ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
        } catch (JMException missing) {
            throw new AssertionError("cannot read " + attribute + " of " + name, missing);
        }
    }

    private static Set<ObjectName> names(String contextPath) {
        var quoted = ObjectName.quote(contextPath.isEmpty() ? "/" : contextPath);
        try {
            return ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("dev.warder:type=Gateway,context=" + quoted + ",*"), null);
        } catch (JMException never) {
            throw new IllegalStateException(never);
        }
    }
}
