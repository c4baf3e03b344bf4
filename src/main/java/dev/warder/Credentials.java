package dev.warder;

import dev.warder.admin.ManagedCredentials;
import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.database.LimitedSource;
import dev.warder.oauth.OAuthSettings;
import dev.warder.oauth.RenewalResources;
import dev.warder.oauth.StoreSettings;
import dev.warder.oauth.TokenSources;
import dev.warder.oauth.TokenStore;
import dev.warder.oauth.TokenStoreException;
import dev.warder.oauth.TokenStores;
import dev.warder.settings.GatewaySettings;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The operator's credentials: the source of each value, the pool that chooses among them, and the threads that renew them.
 * Thread-safe.
 */
final class Credentials implements AutoCloseable {
    private static final long THREAD_END_MILLIS = 1000;

    private final NamedThreads threads = new NamedThreads("credentials");
    private final TokenSources renewing;
    private final CredentialPool pool;
    private final Optional<URI> authorizeUrl;

    /**
     * Creates the credentials; nothing runs before {@link #start}.
     *
     * @param database where logins can be stored, if one is bound
     * @throws ConfigException when the settings require the database and none is bound
     */
    Credentials(GatewaySettings settings, Optional<DataSource> database) {
        var managed = settings.managed();
        authorizeUrl = settings.oauth().flatMap(OAuthSettings::authorizeUrl);
        renewing = TokenSources.of(
                managed.credentials(),
                settings.oauth(),
                settings.federation(),
                (store, name) -> store(store, name, database.map(source -> new LimitedSource(source, threads))),
                new RenewalResources(threads, InstantSource.system(), System::nanoTime, new SecureRandom()));
        var entries = managed.credentials().stream()
                .map(each -> new CredentialPool.Entry(source(each), each.weight()))
                .toList();
        pool = new CredentialPool(entries, managed.order(), System::nanoTime, InstantSource.system());
    }

    CredentialPool pool() {
        return pool;
    }

    ManagedCredentials managed() {
        return new ManagedCredentials(pool::states, renewing.controls(), authorizeUrl);
    }

    boolean usableWithoutStore() {
        return pool.sources().stream().anyMatch(source -> source.outOfUse().isEmpty() && !source.needsStore());
    }

    void start() {
        renewing.start();
    }

    /** Checks expiry times and stores; to be called about once a second. */
    void tick() {
        renewing.tick();
    }

    @Override
    public void close() {
        renewing.close();
        threads.awaitEnd(THREAD_END_MILLIS);
    }

    private CredentialSource source(ManagedCredential credential) {
        return credential instanceof ManagedCredential.Fixed fixed
                ? CredentialSource.fixed(fixed)
                : renewing.source(credential.name()).orElseThrow();
    }

    private static TokenStore store(StoreSettings settings, String name, Optional<DataSource> database) {
        try {
            return TokenStores.of(settings, name, database);
        } catch (TokenStoreException unbound) {
            throw new ConfigException(List.of(Setting.OAUTH_STORE.publicName()
                    + ": jdbc keeps the login in the DataSource jdbc/warder, which is not bound"));
        }
    }
}
