package dev.warder;

import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.DashboardPage;
import dev.warder.admin.page.NodeFacts;
import dev.warder.admin.page.NodeNumbers;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.http.Readiness;
import dev.warder.ledger.Ledger;
import dev.warder.policy.PolicySettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The content of the page {@code /admin/}. */
final class Overview {
    private Overview() {}

    static Dashboard of(
            Wiring.Deployment deployment,
            GatewayMXBean numbers,
            Readiness readiness,
            Credentials credentials,
            Optional<Ledger> ledger,
            RecentRefusals refusals) {
        var settings = deployment.settings();
        var url = settings.upstream().url();
        var facts = new NodeFacts(
                DashboardPage.version(),
                deployment.start().server(),
                url.getScheme() + "://" + url.getRawAuthority(),
                InstantSource.system().instant(),
                deployment.start().warnings());
        return new Dashboard(
                ledger,
                facts,
                () -> numbers(numbers, readiness, settings.policy()),
                credentials.pool::states,
                refusals,
                InstantSource.system());
    }

    private static NodeNumbers numbers(GatewayMXBean numbers, Readiness readiness, PolicySettings policy) {
        return new NodeNumbers(
                numbers.getOpenExchanges(),
                numbers.getOpenExchangesLimit(),
                numbers.getUpstreamConnectionsLeased(),
                numbers.getUpstreamConnectionsIdle(),
                numbers.getCollectedBytes(),
                numbers.getCollectedBytesLimit(),
                numbers.getRequestsWaitingForMemory(),
                policy.policy()
                        .map(live -> OptionalLong.of(live.current().version()))
                        .orElse(OptionalLong.empty()),
                problems(readiness));
    }

    private static List<String> problems(Readiness readiness) {
        var problems = new ArrayList<String>();
        if (readiness.draining()) {
            problems.add("this node drains: it accepts no new requests");
        }
        readiness.missingClients().ifPresent(problems::add);
        readiness.missingCredential().ifPresent(problems::add);
        readiness
                .checks()
                .forEach(check -> check.cause().get().ifPresent(cause -> problems.add(check.name() + ": " + cause)));
        return problems;
    }
}
