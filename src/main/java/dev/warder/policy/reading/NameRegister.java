package dev.warder.policy.reading;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds names that occur twice, apart from the case of letters. One thread at a time. */
final class NameRegister {
    private final Map<String, String> places = new HashMap<>();

    /** Registers a name, and returns the place that has it already. */
    Optional<String> add(String name, String place) {
        return Optional.ofNullable(places.putIfAbsent(name.toLowerCase(Locale.ROOT), place));
    }
}
