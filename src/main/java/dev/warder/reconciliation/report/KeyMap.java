package dev.warder.reconciliation.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which ids in Anthropic's reports belong to which managed credentials. Immutable.
 *
 * @param names the credential of each id: {@code apikey_…} of an API key, {@code user_…} of the account of a login by OAuth,
 *     {@code svac_…} of the service account of a workload identity
 */
public record KeyMap(Map<String, String> names) {
    /** Copies the map. */
    public KeyMap {
        names = Map.copyOf(names);
    }

    /** Whether a text has the form of such an id. */
    public static boolean isId(String text) {
        return IdKind.of(text).isPresent();
    }

    /** The names of the credentials that are compared. */
    public Set<String> credentials() {
        return Set.copyOf(names.values());
    }

    Optional<String> credential(String id) {
        return Optional.ofNullable(names.get(id));
    }

    /** The ids of one kind, in their order. */
    List<String> ids(IdKind kind) {
        return names.keySet().stream()
                .filter(id -> IdKind.of(id).equals(Optional.of(kind)))
                .sorted()
                .toList();
    }
}
