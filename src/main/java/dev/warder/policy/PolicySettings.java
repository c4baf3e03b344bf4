package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.config.WatchedFile;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Who may use what: setting {@code policy.file}. Thread-safe.
 *
 * @param policy follows the file; empty if none is set, so that every access token is its own client
 * @param isStale whether the newest version of the file cannot be used, and an earlier one counts; never waits
 * @param look reads the file again if it has changed; waits for the disk and never throws
 */
public record PolicySettings(Optional<LivePolicy> policy, BooleanSupplier isStale, Runnable look) {
    /** Reads {@code policy.file}. */
    public static PolicySettings read(SettingReader settings) {
        // No budget is enforced, so that no client must be limited, or be unlimited by the operator's word.
        var live = new LivePolicy(Optional.of(new DefaultBudget.Unlimited()));
        Optional<WatchedFile<Policy>> file = settings.find(Setting.POLICY_FILE, text -> watched(text, live, settings));
        BooleanSupplier isStale =
                file.<BooleanSupplier>map(watched -> watched::isStale).orElse(() -> false);
        Runnable look = file.<Runnable>map(watched -> watched::check).orElse(() -> {});
        return new PolicySettings(file.map(watched -> live), isStale, look);
    }

    private static WatchedFile<Policy> watched(String text, LivePolicy live, SettingReader settings)
            throws InvalidValueException {
        return settings.watch(Setting.POLICY_FILE, ValueSyntax.path(text), live::accept);
    }
}
