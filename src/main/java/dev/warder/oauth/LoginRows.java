package dev.warder.oauth;

import dev.warder.oauth.TokenStore.StoredLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Logins as rows of the table: converts between its columns and what a store returns. Thread-safe. */
record LoginRows(TokenTable table, LoginFormat format) {
    String place() {
        return "row " + table.name() + " of the table warder_oauth_token in jdbc/warder";
    }

    /** The content of a row; empty when that is not a login. */
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

    /** Without the driver's message, which may contain an address and what drivers accept in it. */
    TokenStoreException failure(SQLException failed) {
        return new TokenStoreException(
                place() + ": the database fails (SQL state " + failed.getSQLState() + ")", failed);
    }
}
