package dev.warder.config;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Settings are read, or refused with a {@link ConfigException} that names each of them and repeats no secret. */
public final class SettingsFuzz {
    private SettingsFuzz() {}

    /** Reads the bytes as lines {@code NAME=VALUE}. */
    public static void fuzzerTestOneInput(byte[] data) {
        var text = new String(data, UTF_8);
        if (text.contains("file:") || text.contains("PATH") || text.contains("jndi:")) {
            return;
        }
        var sources = new Sources();
        for (var line : text.lines().limit(20).toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                Setting.find(line.substring(0, equals))
                        .ifPresent(setting -> sources.set(setting.publicName(), line.substring(equals + 1)));
            }
        }
        try {
            var proxy = sources.read().proxy();
            if (proxy.limits().body() <= 0
                    || proxy.limits().streams() <= 0
                    || proxy.timeouts().connect().isNegative()) {
                throw new AssertionError("a limit that limits nothing");
            }
        } catch (ConfigException refused) {
            if (refused.getMessage() == null || refused.getMessage().isBlank()) {
                throw new AssertionError("no reason", refused);
            }
        }
    }
}
