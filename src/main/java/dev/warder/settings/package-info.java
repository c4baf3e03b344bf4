/**
 * All settings of the gateway, put together: {@link dev.warder.settings.GatewaySettings} has the record of each feature.
 *
 * <p>A new setting takes these places: its name, type, default and help in {@code config.Setting}; a component of its
 * feature's record and a line in that record's {@code read(SettingReader)}; its line in a comment and its entry in
 * {@code web.xml}; its row in {@code settings.md}. Tests compare the last two with the first. A new feature with settings
 * of its own has such a record in its own package, which is one more component here; {@code Gateway} offers it to the
 * feature's filter or servlet as an attribute of the application. The package {@code config} has the mechanism and knows no
 * feature.
 */
@NullMarked
package dev.warder.settings;

import org.jspecify.annotations.NullMarked;
