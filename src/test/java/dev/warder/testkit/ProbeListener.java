package dev.warder.testkit;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Lives in the WAR of {@link ProbeWar}: registers a bean as Warder does, or refuses to start. Thread-safe. */
public final class ProbeListener implements ServletContextListener {
    /** What the bean shows. */
    public interface Gauge {
        /** Always 7. */
        int getSeven();
    }

    /** Made by the container. */
    public ProbeListener() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        if (event.getServletContext().getInitParameter("warder.refuse") != null) {
            throw new IllegalStateException("told to refuse");
        }
        try {
            Gauge gauge = () -> 7;
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(new StandardMBean(gauge, Gauge.class), name(event));
        } catch (JMException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name(event));
        } catch (JMException neverRegistered) {
            event.getServletContext().log("no bean to take away");
        }
    }

    private static ObjectName name(ServletContextEvent event) throws JMException {
        var context = ObjectName.quote(event.getServletContext().getContextPath());
        return new ObjectName("dev.warder:type=Gateway,context=" + context);
    }
}
