package dev.warder.exchange;

import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.exchange.up.Timeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of exchanges, settings {@code limits.*}, {@code timeouts.*}, {@code stream.*} and {@code drain.*}. Immutable,
 * so thread-safe.
 *
 * @param keepAlive silence on an event stream before a comment is sent; zero is never
 * @param drainFile the file whose existence starts draining
 */
public record ProxySettings(Limits limits, Timeouts timeouts, Duration keepAlive, Optional<Path> drainFile) {
    public ProxySettings {
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("keepAlive is out of range");
        }
    }

    public static ProxySettings read(SettingReader settings) {
        var read = new ProxySettings(
                Limits.read(settings),
                Timeouts.read(settings),
                settings.read(Setting.STREAM_KEEP_ALIVE, Duration.ZERO, ValueSyntax::durationOrZero),
                settings.find(Setting.DRAIN_FILE, ValueSyntax::path));
        if (read.drainFile().filter(Files::exists).isPresent()) {
            settings.warning(Setting.DRAIN_FILE, "the file exists already, so this node starts draining");
        }
        return read;
    }
}
