package dev.warder.admin;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers and operations of one deployed application, as the platform MBean
 * {@code dev.warder:type=Gateway,context="/…"}.
 */
public interface GatewayMXBean {
    /** How many exchanges are open. */
    int getOpenExchanges();

    /** How many exchanges may be open, {@code limits.streams}. */
    int getOpenExchangesLimit();

    /** How many connections to the upstream are in use. */
    int getUpstreamConnectionsLeased();

    /** How many connections to the upstream are open and idle. */
    int getUpstreamConnectionsIdle();

    /** Bytes of {@code limits.memory} that are granted to collected request bodies. */
    long getCollectedBytes();

    /** {@code limits.memory}, in bytes. */
    long getCollectedBytesLimit();

    /** Requests that wait, unread, until memory is available in {@code limits.memory}. */
    int getRequestsWaitingForMemory();

    /** The most bytes of a response that were ever queued for one client. */
    long getLongestQueue();

    /** Warder's own threads that read from clients or write to them now. */
    int getClientThreads();

    /** The maximum of {@link #getClientThreads}; zero on servers where none are needed. */
    int getClientThreadsLimit();

    /** Requests that came to the first filter since the application was started. */
    long getRequestsBegun();

    /** Those of them that have ended. */
    long getRequestsCompleted();

    /** Changed files of the configuration that were reloaded. */
    long getConfigurationReloads();

    /** How often a changed file of the configuration could not be used, so that its former content stayed in use. */
    long getConfigurationReloadsRefused();

    /** Whether the application is draining. */
    boolean isDraining();

    /** Accepts no new requests from now on; open ones end normally. */
    void drain();

    /**
     * The registration of a {@link GatewayMXBean} with the platform's MBean server, for as long as the application lives.
     *
     * @param application the key properties that distinguish this application: {@code context="/…"}, with an {@code instance} if
     *     it has one
     */
    record Registration(ObjectName name, String application) implements AutoCloseable {
        private static final Logger LOG = LoggerFactory.getLogger(GatewayMXBean.class);

        /**
         * Registers {@code bean}. The context path may be registered already, for instance by another version of the
         * application on the same server. The name then gets an {@code instance} with the next free number.
         *
         * @param contextPath empty at the root, which is shown as {@code /}
         */
        public static Registration of(GatewayMXBean bean, String contextPath) {
            String context = ObjectName.quote(contextPath.isEmpty() ? "/" : contextPath);
            String type = "dev.warder:type=Gateway,";
            String plain = "context=" + context;
            try {
                var shown = new StandardMBean(bean, GatewayMXBean.class, true);
                String application = plain;
                for (int instance = 2; !registered(shown, type + application); instance++) {
                    application = plain + ",instance=" + instance;
                }
                return new Registration(new ObjectName(type + application), application);
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
}
