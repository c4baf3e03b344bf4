package dev.warder.contract;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Turns;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mutated paths and odd methods against {@code java -jar}, in two context paths; {@link PathProbe} says what holds. */
@Tag("turn-4")
class StandalonePathsIT {
    private static final int COUNT = Boolean.getBoolean("warder.long") ? 100_000 : Turns.of(1_000, 4_000);

    @Test
    void leadWhereItWasDecidedOrNowhere() throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var below = start(upstream, Map.of("context", "/gw"));
                var root = start(upstream, Map.of());
                var probe = new PathProbe(List.of(below.baseUri(), root.baseUri()), upstream)) {
            probe.send(COUNT);
        }
    }

    private static GatewayProcess start(ScriptedUpstream upstream, Map<String, String> more) throws Exception {
        var settings = new HashMap<>(more);
        settings.put("upstream.url", upstream.uri().toString());
        settings.put("upstream.credentials", "main=value:" + Contract.MANAGED_KEY);
        settings.put("clients.token", "value:" + Contract.ACCESS_TOKEN);
        return GatewayProcess.start(GatewayProcess.Form.STANDALONE, settings, "-Xmx192m");
    }
}
