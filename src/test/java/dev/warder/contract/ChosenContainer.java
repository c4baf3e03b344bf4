package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;

/**
 * The container that contracts run on: the one that the system property {@code warder.container} names, {@code jetty}, which
 * is the default, or {@code tomcat}. One virtual machine runs all its contracts on one container.
 */
final class ChosenContainer {
    private ChosenContainer() {}

    static Container.Starter starter() {
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
