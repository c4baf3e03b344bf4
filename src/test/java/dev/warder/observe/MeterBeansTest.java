package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class MeterBeansTest {
    private static final String APPLICATION = "context=\"/beans-test\"";
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void showsEachMeterUntilItIsClosed() throws Exception {
        registry.counter("warder.before").increment(3);
        var beans = MeterBeans.register(registry, APPLICATION);
        try {
            registry.counter("warder.after", "model", "claude-*,x=\"y\"", "client", "a@b.c")
                    .increment();
            registry.timer("warder.times", "route", "messages").record(Duration.ofSeconds(2));
            registry.gauge("warder.gauge", 7);
            assertThat(attribute("warder.before", "Value")).isEqualTo(3.0);
            assertThat(attribute("warder.after,client=a@b.c,*", "Value")).isEqualTo(1.0);
            assertThat(attribute("warder.times,route=messages", "Count")).isEqualTo(1L);
            assertThat(attribute("warder.times,route=messages", "TotalSeconds")).isEqualTo(2.0);
            assertThat(attribute("warder.times,route=messages", "MaxSeconds")).isEqualTo(2.0);
            assertThat(attribute("warder.gauge", "Value")).isEqualTo(7.0);
            assertThat(names("*")).hasSize(4);
        } finally {
            beans.close();
        }
        assertThat(names("*")).isEmpty();
    }

    @Test
    void registersNothingAfterItWasClosed() throws Exception {
        var beans = MeterBeans.register(registry, APPLICATION);
        beans.close();
        registry.counter("warder.late").increment();
        assertThat(names("*")).isEmpty();
    }

    private Object attribute(String name, String attribute) throws Exception {
        var found = names("name=" + name);
        assertThat(found).hasSize(1);
        return server.getAttribute(found.iterator().next(), attribute);
    }

    private Set<ObjectName> names(String rest) throws Exception {
        return server.queryNames(new ObjectName("dev.warder:type=Metrics," + APPLICATION + "," + rest), null);
    }
}
