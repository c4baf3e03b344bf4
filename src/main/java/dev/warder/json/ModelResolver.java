package dev.warder.json;

/** Maps the model that a body names to the model that is asked upstream. Thread-safe. */
@FunctionalInterface
public interface ModelResolver {
    /** Leaves each name as it is. */
    ModelResolver UNCHANGED = name -> name;

    /** The model to ask for {@code name}; {@code name} itself if it stands for no other model. */
    String resolve(String name);
}
