package dev.warder.policy;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds names that occur twice, apart from the case of letters. One thread at a time. */
final class NameRegister {
    private final Map<String, String> places = new HashMap<>();

    void add(Optional<String> name, ObjectReader owner, String member, String place) {
        name.flatMap(text -> Optional.ofNullable(places.putIfAbsent(text.toLowerCase(Locale.ROOT), place)))
                .ifPresent(other -> owner.problem(member, "is that of " + other + ", apart from the case of letters"));
    }
}
