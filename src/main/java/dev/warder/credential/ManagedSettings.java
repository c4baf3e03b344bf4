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
    public ManagedSettings {
        credentials = List.copyOf(credentials);
    }

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

    public Set<String> names() {
        return credentials.stream().map(ManagedCredential::name).collect(Collectors.toUnmodifiableSet());
    }

    public boolean has(Class<? extends ManagedCredential> form) {
        return credentials.stream().anyMatch(form::isInstance);
    }
}
