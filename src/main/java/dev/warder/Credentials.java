package dev.warder;

import dev.warder.admin.ManagedCredentials;
import dev.warder.config.ConfigException;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialPool.AdditionalUpstreams;
import dev.warder.credential.CredentialPool.CredentialGate;
import dev.warder.database.LimitedSource;
import dev.warder.exchange.tries.AnthropicApi;
import dev.warder.exchange.tries.Provider;
import dev.warder.http.Attributes;
import dev.warder.oauth.OAuthSettings;
import dev.warder.oauth.TokenSources;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import javax.sql.DataSource;

/** The operator's credentials: the source of each value, and the pool that chooses among them. Thread-safe. */
final class Credentials {
    /** The longest time until a login that another process has stored is noticed. */
    private static final long LOOK_MILLIS = 900;

    /** The API, also for callers' own credentials. */
    final Provider api;

    final CredentialPool pool;
    final ManagedCredentials views;

    /**
     * Creates the credentials and adds them; nothing runs before the start.
     *
     * @throws ConfigException when the settings require the database and none is bound
     */
    Credentials(Wiring wiring, UpstreamClient client) {
        var settings = wiring.settings();
        api = new AnthropicApi(settings.upstream().url(), settings.upstream().version(), client.origin());
        var managed = settings.managed();
        var threads = wiring.modules().threads("credentials");
        Optional<DataSource> database =
                wiring.deployment().database().map(source -> new LimitedSource(source, threads));
        var renewing = TokenSources.of(
                managed.credentials(),
                settings.oauth(),
                settings.federation(),
                database,
                new TokenSources.Resources(
                        settings.upstream().outbound(),
                        threads,
                        InstantSource.system(),
                        System::nanoTime,
                        new SecureRandom()));
        var entries = new ArrayList<CredentialPool.Entry>();
        for (var each : managed.credentials()) {
            entries.add(new CredentialPool.Entry(renewing.source(each), each.weight(), api));
        }
        Attributes.find(wiring.deployment().application(), AdditionalUpstreams.class)
                .ifPresent(added -> entries.addAll(added.entries(client)));
        pool = new CredentialPool(entries, managed.order(), System::nanoTime, InstantSource.system());
        var authorizeUrl = settings.oauth().flatMap(OAuthSettings::authorizeUrl);
        views = new ManagedCredentials(pool::states, renewing.controls(), authorizeUrl);
        var refuses = settings.upstream().threads() == UpstreamSettings.Threads.REFUSE;
        wiring.modules().gate(Modules.Turn.CREDENTIAL, new CredentialGate(refuses, pool));
        Runnable start = () -> {
            renewing.start();
            wiring.schedule().timer.every(Schedule.lookMillis(LOOK_MILLIS), renewing::tick);
        };
        wiring.modules().add("credentials", start, renewing::close);
    }

    /** The origins that requests go to, for people. */
    String upstreams(boolean passthrough) {
        var all = new LinkedHashSet<String>();
        if (passthrough || pool.isEmpty()) {
            all.add(api.address());
        }
        all.addAll(pool.origins());
        return String.join(", ", all);
    }

    boolean usableWithoutStore() {
        return pool.sources().stream().anyMatch(source -> source.outOfUse().isEmpty() && !source.needsStore());
    }
}
