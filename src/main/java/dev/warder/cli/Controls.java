package dev.warder.cli;

import dev.warder.credential.CredentialSource;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.RenewalResources;
import dev.warder.oauth.TokenSources;
import dev.warder.settings.GatewaySettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The managed credentials, opened for one command. A gateway that uses the same credentials may be running.
 *
 * @param all the controls of those that renew themselves, in the order of the configuration
 * @param sources every managed credential, including those that do not renew themselves
 * @param end closes the sources
 */
record Controls(List<CredentialControl> all, List<CredentialSource> sources, Runnable end) implements AutoCloseable {
    Controls {
        all = List.copyOf(all);
        sources = List.copyOf(sources);
    }

    /**
     * Opens the credentials of this configuration. None is renewed before that is requested.
     *
     * @throws UsageException when there is none, or when its store cannot be opened from the command line
     */
    static Controls open(GatewaySettings settings) throws UsageException {
        if (settings.keepsLoginInDatabase()) {
            throw new UsageException("oauth.store: jdbc keeps the login in the database of a running gateway;"
                    + " use the page /admin/credentials of the running gateway");
        }
        var credentials = settings.managed().credentials();
        var sources = TokenSources.of(
                credentials, settings.oauth(), settings.federation(), Optional.empty(), surroundings(settings));
        if (credentials.isEmpty()) {
            sources.close();
            throw new UsageException("auth: upstream.credentials has no credential that renews itself");
        }
        var all = credentials.stream().map(sources::source).toList();
        return new Controls(sources.controls(), all, sources::close);
    }

    List<CredentialSource> fixed() {
        return sources.stream().filter(each -> !each.renewable()).toList();
    }

    private static RenewalResources surroundings(GatewaySettings settings) {
        return new RenewalResources(
                settings.upstream().outbound(),
                Controls::daemon,
                InstantSource.system(),
                System::nanoTime,
                new SecureRandom());
    }

    static Thread daemon(Runnable task) {
        var thread = new Thread(task, "warder-auth");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        end.run();
    }
}
