package dev.warder.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The public names of all settings. */
public final class SettingNames {
    private SettingNames() {}

    public static List<String> all() {
        return Arrays.stream(Setting.values()).map(Setting::publicName).toList();
    }

    public static Optional<Setting> find(String publicName) {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.publicName().equals(publicName))
                .findFirst();
    }
}
