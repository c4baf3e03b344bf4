package dev.warder.oauth.store;

import dev.warder.oauth.store.TokenStore.Held;
import dev.warder.oauth.store.TokenStore.StoredLogin;
import dev.warder.oauth.token.OAuthToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** A row whose lock a transaction holds until it commits the first change. One thread at a time. */
final class HeldRow implements Held {
    private final Connection connection;
    private final LoginRows rows;
    private final TokenTable.Row row;
    private boolean ended;

    HeldRow(Connection connection, LoginRows rows, TokenTable.Row row) {
        this.connection = connection;
        this.rows = rows;
        this.row = row;
    }

    @Override
    public Optional<StoredLogin> read() throws TokenStoreException {
        requireLock();
        return rows.login(row);
    }

    @Override
    public StoredLogin write(OAuthToken token) throws TokenStoreException {
        requireLock();
        var document = rows.document(row).orElseGet(LoginDocument::empty).with(token);
        var next = replace(Optional.of(document), Optional.of(token.expiry()));
        return rows.login(next).orElseThrow();
    }

    @Override
    public void refuse() throws TokenStoreException {
        requireLock();
        var document = rows.document(row);
        if (document.isPresent()) {
            var expiry = document.get().token().map(OAuthToken::expiry);
            replace(Optional.of(document.get().refused()), expiry);
        }
    }

    @Override
    public void clear() throws TokenStoreException {
        requireLock();
        replace(Optional.empty(), Optional.empty());
    }

    /** The work is done, and the lock released. */
    void end() {
        ended = true;
    }

    private TokenTable.Row replace(Optional<LoginDocument> document, Optional<Instant> expiry)
            throws TokenStoreException {
        try {
            var next = rows.replace(connection, row, document, expiry);
            connection.commit();
            end();
            return next;
        } catch (SQLException failed) {
            throw rows.failure(failed);
        }
    }

    private void requireLock() {
        if (ended) {
            throw new IllegalStateException("the lock ended with an earlier change, or with the work");
        }
    }
}
