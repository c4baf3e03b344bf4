package dev.warder.admin;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registration of a {@link GatewayMXBean} with the platform's MBean server, for as long as the application lives.
 *
 * @param application the key properties that distinguish this application: {@code context="/…"}, with an {@code instance} if
 *     it has one
 */
public record GatewayMBeanServer(ObjectName name, String application) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMBeanServer.class);

    /**
     * Registers {@code bean}. The context path may be registered already, for instance by another version of the
     * application on the same server. The name then gets an {@code instance} with the next free number.
     *
     * @param contextPath empty at the root, which is shown as {@code /}
     */
    public static GatewayMBeanServer register(GatewayMXBean bean, String contextPath) {
        String context = ObjectName.quote(contextPath.isEmpty() ? "/" : contextPath);
        String type = "dev.warder:type=Gateway,";
        String plain = "context=" + context;
        try {
            var shown = new StandardMBean(bean, GatewayMXBean.class, true);
            String application = plain;
            for (int instance = 2; !registered(shown, type + application); instance++) {
                application = plain + ",instance=" + instance;
            }
            return new GatewayMBeanServer(new ObjectName(type + application), application);
        } catch (JMException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean registered(StandardMBean bean, String name) throws JMException {
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(bean, new ObjectName(name));
            return true;
        } catch (InstanceAlreadyExistsException taken) {
            return false;
        }
    }

    @Override
    public void close() {
        var server = ManagementFactory.getPlatformMBeanServer();
        try {
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
        } catch (JMException gone) {
            LOG.debug("The MBean was already unregistered by other code", gone);
        }
    }
}
