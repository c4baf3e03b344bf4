package dev.warder.oauth;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import java.util.Optional;
import javax.sql.DataSource;

/** Makes the stores that the configuration names. */
public final class TokenStores {
    private TokenStores() {}

    /**
     * The store of one credential. Opens no file and no database yet.
     *
     * @param name of the credential
     * @param database the DataSource {@code jdbc/warder}, where there is one
     * @throws TokenStoreException when the configuration sets {@code jdbc} and there is no DataSource
     */
    public static TokenStore of(StoreSettings settings, String name, Optional<DataSource> database)
            throws TokenStoreException {
        var format = LoginFormat.of(settings, name);
        if (settings.place() instanceof StoreSettings.Place.File file) {
            return new FileTokenStore(file.path(), format, DeadlinePoll.ofThisThread());
        }
        if (database.isEmpty()) {
            throw new TokenStoreException("oauth.store is jdbc, and there is no DataSource jdbc/warder");
        }
        return new JdbcTokenStore(database.get(), name, format, DeadlinePoll.ofThisThread());
    }
}
