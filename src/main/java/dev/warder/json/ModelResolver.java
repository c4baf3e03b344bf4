package dev.warder.json;

/** Maps the model that a body names to the model that is asked upstream. Thread-safe. */
@FunctionalInterface
public interface ModelResolver {
    ModelResolver UNCHANGED = name -> name;

    String resolve(String name);
}
