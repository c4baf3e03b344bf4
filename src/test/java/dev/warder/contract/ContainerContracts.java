package dev.warder.contract;

import java.util.List;

/** The classes that run each contract, one for each embedded container. */
public final class ContainerContracts {
    private ContainerContracts() {}

    /** One nested class of each for every contract that it runs. */
    public static List<Class<?>> all() {
        return List.of(JettyIT.class, TomcatIT.class);
    }
}
