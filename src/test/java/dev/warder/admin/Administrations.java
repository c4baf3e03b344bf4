package dev.warder.admin;

import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.IssuedTokens;
import dev.warder.config.FileWatch;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyFollower;
import dev.warder.principal.Administration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What administrators change in the database of a test. */
final class Administrations {
    private Administrations() {}

    /** @param live the policy in use */
    static Administration of(DataSource source, LivePolicy live) {
        var issued = new IssuedTokens();
        var follower = new PolicyFollower(
                source, List.of(content -> issued.replace(content.tokens().values()), live::accept));
        var settings = new ClientSettings(Optional.empty(), Optional.empty(), Optional.empty(), "X-Token", false, true);
        return new Administration(
                follower,
                ClientDirectory.of(settings, Optional.of(live), issued, new FileWatch(), InstantSource.system()),
                Optional.of(live),
                Optional.empty());
    }
}
