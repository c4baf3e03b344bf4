package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import dev.warder.ledger.store.PeriodReader;
import dev.warder.policy.Policy;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The effective spend limits of all clients. Thread-safe.
 *
 * @param policy gives the policy in use; empty without one, which has the budgets
 * @param reader empty without a database: no budget has an effect then
 */
public record SpendLimits(Optional<Supplier<Policy>> policy, Optional<PeriodReader> reader, InstantSource clock) {
    /**
     * The page that a query asks for. Waits for the database.
     *
     * @param query as received, without the question mark
     * @throws InvalidValueException with what is wrong with the query, for the caller
     * @throws SQLException if the database cannot be read now
     */
    public PageDocument<JsonObject> page(String query) throws InvalidValueException, SQLException {
        var asked = EffectiveLimits.Asked.parse(query);
        if (policy.isEmpty() || reader.isEmpty()) {
            return new PageDocument<>(List.of(), Optional.empty());
        }
        var limits = EffectiveLimits.of(policy.get().get(), asked, clock.instant());
        return limits.page(reader.get().read(limits.keys()));
    }
}
