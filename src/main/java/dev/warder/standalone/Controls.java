package dev.warder.standalone;

import dev.warder.config.WarderConfig;
import dev.warder.oauth.CredentialControl;
import java.util.List;

/**
 * The managed credentials that renew themselves, opened for one command beside a gateway that may be running.
 *
 * @param all in the order of the configuration
 * @param end ends what was begun for them
 */
record Controls(List<CredentialControl> all, Runnable end) implements AutoCloseable {
    Controls {
        all = List.copyOf(all);
    }

    /**
     * Opens those of this configuration.
     *
     * @throws UsageException when there is none, or its store cannot be opened from here
     */
    static Controls open(WarderConfig config) throws UsageException {
        throw new UsageException("auth: upstream.credentials has no credential that renews itself");
    }

    @Override
    public void close() {
        end.run();
    }
}
