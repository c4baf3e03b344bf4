package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes to each contract the starter of the container that the system property {@code warder.container} names:
 * {@code jetty}, which is the default, or {@code tomcat}. One virtual machine runs all its contracts on one container.
 */
final class ChosenContainer implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Container.Starter.class;
    }

    @Override
    public Container.Starter resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return starter(System.getProperty("warder.container", "jetty"));
    }

    /** The starter of the container with this name. */
    static Container.Starter starter(String name) {
        return switch (name) {
            case "jetty" -> JettyContainer.STARTER;
            case "tomcat" -> TomcatContainer.STARTER;
            default -> throw new IllegalArgumentException("warder.container is neither jetty nor tomcat: " + name);
        };
    }
}
