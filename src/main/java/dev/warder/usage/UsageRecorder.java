package dev.warder.usage;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Begins the usage of requests, with the prices of the moment of their admission. Thread-safe.
 *
 * @param threads learns of threads whose responses are whole
 * @param members learns which unknown members of requests are harmless
 * @param rate bounds what was generated of a response that was cut off
 * @param clock the time of day
 * @param nanoTime a clock that never goes back, in nanoseconds
 */
public record UsageRecorder(
        PriceSettings prices,
        MessageThreads threads,
        UnknownMembers members,
        TryIds ids,
        OutputRate rate,
        InstantSource clock,
        LongSupplier nanoTime) {
    /**
     * A request is admitted: at the moment of its facts, or else now.
     *
     * @param client the name of the caller: of its client in {@code policy.file}, otherwise of its access token
     * @param team the name of the team that pays for it; empty if it has none
     */
    public RequestUsage admitted(RequestFacts facts, Optional<String> client, Optional<String> team) {
        return new RequestUsage(this, facts, client, team);
    }
}
