package dev.warder.credential;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialPool.Entry;
import dev.warder.credential.CredentialPool.Member;
import dev.warder.credential.CredentialPool.Session;
import dev.warder.credential.ManagedSettings.PoolOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Credentials that count how each of their uses ended, for tests. One thread at a time. */
public final class CountedUses {
    private final List<List<Outcome>> uses = new ArrayList<>();

    /** The candidates of a request that may use each of these sources of an upstream, in their order. */
    public Candidates candidates(
            List<CredentialSource> sources, Upstream upstream, boolean judged, boolean repeatable) {
        var members = sources.stream()
                .map(source ->
                        new Member(new Entry(source, 1, upstream), new CountedHealth(), () -> 0, () -> Instant.EPOCH))
                .toList();
        var pool = new CredentialPool(List.of(), PoolOrder.ORDERED, () -> 0, () -> Instant.EPOCH);
        return new Candidates(pool, members, new Session(Client.OPEN, ""), judged, repeatable, Optional.empty());
    }

    /** The outcomes that were reported of each use, in the order in which the uses began. */
    public List<List<Outcome>> outcomes() {
        return List.copyOf(uses);
    }

    /** How many uses have begun and not ended. */
    public long open() {
        return uses.stream().filter(List::isEmpty).count();
    }

    private final class CountedHealth implements Health {
        @Override
        public OptionalLong begin(Optional<String> model) {
            uses.add(new ArrayList<>());
            return OptionalLong.of(uses.size() - 1L);
        }

        @Override
        public void ended(long begun, Outcome outcome) {
            uses.get((int) begun).add(outcome);
        }
    }
}
