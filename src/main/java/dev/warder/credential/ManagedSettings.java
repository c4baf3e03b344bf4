package dev.warder.credential;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operator's credentials, settings {@code upstream.credentials} and {@code upstream.pool}. Thread-safe.
 *
 * @param credentials the preferred one first; may be empty
 * @param order which of several serves a request
 */
public record ManagedSettings(List<ManagedCredential> credentials, PoolOrder order) {
    /** Copies the list. */
    public ManagedSettings {
        credentials = List.copyOf(credentials);
    }

    /** Reads {@code upstream.credentials} and {@code upstream.pool}. */
    public static ManagedSettings read(SettingReader settings) {
        var list = new CredentialList(settings);
        var read = new ManagedSettings(
                settings.find(Setting.UPSTREAM_CREDENTIALS, list::parse).orElse(List.of()),
                settings.read(
                        Setting.UPSTREAM_POOL,
                        PoolOrder.ORDERED,
                        ValueSyntax.oneOf(List.of(PoolOrder.ORDERED, PoolOrder.WEIGHTED))));
        if (read.order() == PoolOrder.ORDERED && read.credentials().stream().anyMatch(each -> each.weight() > 1)) {
            settings.warning(Setting.UPSTREAM_CREDENTIALS, "weights have no effect without upstream.pool=weighted");
        }
        return read;
    }

    /** The names of the credentials. */
    public Set<String> names() {
        return credentials.stream().map(ManagedCredential::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether one of the credentials has this form. */
    public boolean has(Class<? extends ManagedCredential> form) {
        return credentials.stream().anyMatch(form::isInstance);
    }
}
