package dev.warder.policy;

import dev.warder.database.DatabaseSchema.SchemaException;
import java.sql.SQLException;

/** The highest version can be neither read nor kept now. The message has no path, address or secret. */
public final class VersionStoreException extends Exception {
    VersionStoreException(String message, Throwable cause) {
        super(message, cause);
    }

    VersionStoreException(String message) {
        super(message);
    }

    /** Without the driver's message, which may contain an address and what drivers accept in it. */
    static VersionStoreException of(SQLException failed) {
        return new VersionStoreException(
                failed instanceof SchemaException
                        ? SchemaException.TEXT
                        : "jdbc/warder fails (SQL state " + failed.getSQLState() + ")",
                failed);
    }
}
