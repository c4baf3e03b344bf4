package dev.warder.oauth;

import dev.warder.oauth.TokenStore.StoredLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Logins as rows of the table: the bridge between its columns and what a store gives. Thread-safe. */
record LoginRows(TokenTable table, LoginFormat format) {
    String place() {
        return "row " + table.name() + " of the table warder_oauth_token in jdbc/warder";
    }

    /** What a row holds; empty when that is no login. */
    Optional<LoginDocument> document(TokenTable.Row row) throws TokenStoreException {
        try {
            return row.token().isEmpty()
                    ? Optional.empty()
                    : Optional.of(format.read(row.token().get(), place()));
        } catch (TokenStoreException unusable) {
            throw new TokenStoreException(place() + " " + unusable.getMessage(), unusable);
        }
    }

    Optional<StoredLogin> login(TokenTable.Row row) throws TokenStoreException {
        var document = document(row);
        try {
            return document.isEmpty() ? Optional.empty() : document.get().login(Long.toString(row.generation()));
        } catch (TokenStoreException unusable) {
            throw new TokenStoreException(place() + " " + unusable.getMessage(), unusable);
        }
    }

    TokenTable.Row replace(
            Connection connection, TokenTable.Row row, Optional<LoginDocument> document, Optional<Instant> expiry)
            throws SQLException, TokenStoreException {
        Optional<String> stored =
                document.isEmpty() ? Optional.empty() : Optional.of(format.write(document.get(), place()));
        return table.update(connection, row, stored, expiry);
    }

    /** Without the driver's words, which may hold an address and what drivers take in it. */
    TokenStoreException failure(SQLException failed) {
        return new TokenStoreException(
                place() + ": the database fails (SQL state " + failed.getSQLState() + ")", failed);
    }
}
