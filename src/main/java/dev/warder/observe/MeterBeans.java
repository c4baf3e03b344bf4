package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.admin.GatewayMXBean;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MBeans of an application, for as long as it lives: {@code dev.warder:type=Gateway,context="/…"}, and for each meter of a
 * registry {@code dev.warder:type=Metrics,context="/…",name=…,LABEL=VALUE,…}. Thread-safe.
 */
final class MeterBeans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeterBeans.class);
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._@-]+");

    private final String application;

    @GuardedBy("this")
    private final Queue<ObjectName> names = new ArrayDeque<>();

    /** A meter that is added later, by a request that ends after {@link #close}, would stay registered. */
    @GuardedBy("this")
    private boolean closed;

    /**
     * Registers the gateway. Another version of the application on the same server may have its context path: it then gets an
     * {@code instance} with the next free number.
     */
    private MeterBeans(GatewayMXBean gateway, String contextPath) {
        String context = "context=" + ObjectName.quote(contextPath.isEmpty() ? "/" : contextPath);
        String free = context;
        try {
            var bean = new StandardMBean(gateway, GatewayMXBean.class, true);
            for (int instance = 2; !isAdded(bean, "Gateway," + free); instance++) {
                free = context + ",instance=" + instance;
            }
        } catch (JMException impossible) {
            throw new IllegalStateException(impossible);
        }
        application = free;
    }

    /**
     * Registers the gateway, the meters that exist, and each further one when it is created.
     *
     * @param contextPath empty at the root, which is shown as {@code /}
     */
    static MeterBeans register(GatewayMXBean gateway, String contextPath, MeterRegistry registry) {
        var beans = new MeterBeans(gateway, contextPath);
        registry.config().onMeterAdded(beans::add);
        registry.getMeters().forEach(beans::add);
        return beans;
    }

    /** False if there is one of this name. */
    private synchronized boolean isAdded(StandardMBean bean, String properties) throws JMException {
        var name = new ObjectName("dev.warder:type=" + properties);
        if (closed) {
            return false;
        }
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(bean, name);
        } catch (InstanceAlreadyExistsException taken) {
            return false;
        }
        names.add(name);
        return true;
    }

    private void add(Meter meter) {
        try {
            isAdded(bean(meter), text(meter.getId()));
        } catch (JMException refused) {
            LOG.debug("The meter {} has no MBean", meter.getId().getName(), refused);
        }
    }

    private String text(Meter.Id id) {
        var text = new StringBuilder("Metrics,")
                .append(application)
                .append(",name=")
                .append(id.getName());
        for (Tag tag : id.getTags()) {
            text.append(',').append(tag.getKey()).append('=').append(value(tag.getValue()));
        }
        return text.toString();
    }

    private static String value(String text) {
        return PLAIN.matcher(text).matches() ? text : ObjectName.quote(text);
    }

    private static StandardMBean bean(Meter meter) {
        return meter instanceof Timer timer
                ? new StandardMBean(new Times(timer), TimesMXBean.class, true)
                : new StandardMBean(new Value(meter), NumberMXBean.class, true);
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (var name = names.poll(); name != null; name = names.poll()) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException gone) {
                LOG.debug("The MBean was already unregistered by other code", gone);
            }
        }
    }

    /** A counter and a gauge have one measurement each. */
    private record Value(Meter meter) implements NumberMXBean {
        @Override
        public double getValue() {
            return meter.measure().iterator().next().getValue();
        }
    }

    private record Times(Timer timer) implements TimesMXBean {
        @Override
        public long getCount() {
            return timer.count();
        }

        @Override
        public double getTotalSeconds() {
            return timer.totalTime(TimeUnit.SECONDS);
        }

        @Override
        public double getMaxSeconds() {
            return timer.max(TimeUnit.SECONDS);
        }
    }

    /** A metric that is one number: a counter or a gauge, as a platform MBean. */
    public interface NumberMXBean {
        double getValue();
    }

    /** A metric of times, as a platform MBean. */
    public interface TimesMXBean {
        long getCount();

        /** Their sum, in seconds. */
        double getTotalSeconds();

        /** The longest of the last minutes, in seconds. */
        double getMaxSeconds();
    }
}
