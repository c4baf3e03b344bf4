package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows each meter of a registry as an MBean {@code dev.warder:type=Metrics,context="/…",name=…,LABEL=VALUE,…}, for as long as
 * the application lives. Thread-safe.
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

    private MeterBeans(String application) {
        this.application = application;
    }

    /**
     * Registers the meters that exist, and each further one when it is created.
     *
     * @param application the key properties that distinguish this application, see {@link
     *     dev.warder.admin.GatewayMBeanServer#application}
     */
    static MeterBeans register(MeterRegistry registry, String application) {
        var beans = new MeterBeans(application);
        registry.config().onMeterAdded(beans::add);
        registry.getMeters().forEach(beans::add);
        return beans;
    }

    private synchronized void add(Meter meter) {
        if (closed) {
            return;
        }
        try {
            var name = new ObjectName(text(meter.getId()));
            var server = ManagementFactory.getPlatformMBeanServer();
            if (!server.isRegistered(name)) {
                server.registerMBean(bean(meter), name);
                names.add(name);
            }
        } catch (JMException refused) {
            LOG.debug("The meter {} has no MBean", meter.getId().getName(), refused);
        }
    }

    private String text(Meter.Id id) {
        var text = new StringBuilder("dev.warder:type=Metrics,")
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
