package dev.warder.oauth;

import org.flywaydb.core.api.logging.Log;

/**
 * Takes no message: Flyway's name the database's address, in which drivers take passwords. How a migration ended, its
 * caller hears from Flyway's exceptions.
 */
enum SilentFlywayLog implements Log {
    INSTANCE;

    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void warn(String message) {}

    @Override
    public void error(String message) {}

    @Override
    public void error(String message, Exception failure) {}

    @Override
    public void notice(String message) {}
}
