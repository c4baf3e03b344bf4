package dev.warder.auth;

import dev.warder.config.ModelPattern;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A caller that was admitted.
 *
 * @param name its name in logs; not secret
 * @param rights its rights concerning the credential that goes upstream
 * @param models the models that it may use; empty for all
 */
public record Client(String name, Set<Right> rights, List<ModelPattern> models) {
    /** Any caller with the shared token of {@code clients.token}. */
    public static final Client SHARED = unlimited("shared");

    /** Every caller, if {@code clients.open} is set. */
    public static final Client OPEN = unlimited("open");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /** Copies the collections; refuses an empty name. */
    public Client {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a client needs a name");
        }
        rights = Set.copyOf(rights);
        models = List.copyOf(models);
    }

    /**
     * Whether a client may have this name in {@code clients.file}: 1 to 64 letters, digits and {@code . _ @ -}, the first
     * a letter or digit, and not the name of {@link #SHARED} or {@link #OPEN}.
     */
    public static boolean mayBeNamed(String name) {
        return NAME.matcher(name).matches() && !name.equals(SHARED.name) && !name.equals(OPEN.name);
    }

    /** Whether it has {@code right}. */
    public boolean has(Right right) {
        return rights.contains(right);
    }

    /** Whether it may use managed credentials, but not for resources that their workspace stores. */
    boolean lacksWorkspace() {
        return has(Right.MANAGED) && !has(Right.WORKSPACE) && !restricted();
    }

    /** Whether it is limited to some models, and therefore to requests whose model can be read. */
    public boolean restricted() {
        return !models.isEmpty() && !models.contains(ModelPattern.ANY);
    }

    /** Whether it may use {@code model}. */
    public boolean mayUse(String model) {
        return models.isEmpty() || models.stream().anyMatch(pattern -> pattern.matches(model));
    }

    private static Client unlimited(String name) {
        return new Client(name, EnumSet.of(Right.PASSTHROUGH, Right.MANAGED, Right.WORKSPACE), List.of());
    }
}
