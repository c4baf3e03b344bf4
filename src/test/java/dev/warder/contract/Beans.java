package dev.warder.contract;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.ObjectName;

/** What management shows of this JVM. */
final class Beans {
    private Beans() {}

    /** The names of all MBeans, with all attributes of the gateway's own. */
    static String text() throws JMException {
        var server = ManagementFactory.getPlatformMBeanServer();
        var text = new StringBuilder();
        for (var name : server.queryNames(new ObjectName("dev.warder:*"), null)) {
            var attributes = Arrays.stream(server.getMBeanInfo(name).getAttributes())
                    .map(MBeanAttributeInfo::getName)
                    .toArray(String[]::new);
            text.append(name).append(server.getAttributes(name, attributes));
        }
        return text.append(server.queryNames(null, null)).toString();
    }
}
