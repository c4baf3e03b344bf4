package dev.warder.ownpage;

import dev.warder.auth.Client;
import dev.warder.organization.spendlimit.OwnUsage;
import dev.warder.spendlimit.IncreaseRequest;
import java.util.List;
import java.util.Optional;

/**
 * What the page of a client shows. Immutable.
 *
 * @param used empty without a database, or while it cannot be read
 * @param mayAsk whether the gateway has requests for higher limits
 * @param requests the newest first; empty if they cannot be read now
 */
public record OwnView(
        Client client, Optional<OwnUsage.Numbers> used, boolean mayAsk, Optional<List<IncreaseRequest>> requests) {
    /** Copies the list. */
    public OwnView {
        requests = requests.map(List::copyOf);
    }
}
