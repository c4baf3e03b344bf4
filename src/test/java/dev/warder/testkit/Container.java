package dev.warder.testkit;

import java.net.URI;

/** A servlet container in this JVM with one deployed WAR on a free port of 127.0.0.1. Thread-safe. */
public interface Container extends AutoCloseable {
    /** Starts a container; the shape of {@code JettyContainer::start} and {@code TomcatContainer::start}. */
    @FunctionalInterface
    interface Starter {
        /** Deploys and starts; a WAR that refuses to start is told by {@link Container#deployed()}, not thrown. */
        Container start(Deployment deployment) throws Exception;
    }

    /** What it is, for messages. */
    String name();

    /** The context path, empty for the root. */
    String contextPath();

    /** The address of the context without a slash at its end, such as {@code http://127.0.0.1:4711/gw}. */
    URI baseUri();

    /** Whether the WAR started: false when its listener threw. */
    boolean deployed();

    /** The wrappers that the WAR gets where its {@link Deployment.Mode#facades deployment} has them. */
    Facades facades();

    /** Undeploys, which runs {@code contextDestroyed}, and goes on running with its open connections. */
    void undeploy();

    /** Stops the application and starts it again in the same context, with new classes, as a server's reload does. */
    void reload();

    /** Deploys the same WAR in a new context in place of the running one, in the order of the server's own deployer. */
    void replace();

    /** The class loader of the application that runs. */
    ClassLoader applicationLoader();

    /** Undeploys, which runs {@code contextDestroyed}, and stops; does nothing the second time. */
    void stop();

    /** The MBean that the WAR registered; an {@link AssertionError} when it never did. */
    GatewayBean bean();

    /** The attribute of the MBean that the WAR registered. */
    default Object gateway(String attribute) {
        return bean().attribute(attribute);
    }

    /** The same as {@link #stop()}. */
    @Override
    default void close() {
        stop();
    }
}
