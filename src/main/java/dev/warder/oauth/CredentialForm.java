package dev.warder.oauth;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;

/**
 * A form of managed credential that has settings of its own: all settings {@code name.*}.
 *
 * @param name how an entry of {@code upstream.credentials} is written that has this form, such as {@code oauth}
 */
record CredentialForm(String name, SettingReader settings) {
    /** Reports each of the settings that is unset, because a credential has this form. */
    void require(Setting... needed) {
        for (Setting setting : needed) {
            if (!settings.isSet(setting)) {
                settings.problem(setting, "is not set, but upstream.credentials has an entry NAME=" + name);
            }
        }
    }

    /** Warns of each setting that an operator has set, because no credential has this form. */
    void warnOfEach() {
        for (Setting setting : Setting.values()) {
            if (setting.publicName().startsWith(name + ".") && settings.isGiven(setting)) {
                settings.warning(setting, "has no effect: upstream.credentials has no entry NAME=" + name);
            }
        }
    }
}
