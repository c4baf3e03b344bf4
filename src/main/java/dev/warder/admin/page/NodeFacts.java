package dev.warder.admin.page;

import java.time.Instant;
import java.util.List;

/**
 * Facts that do not change while the node runs. Immutable.
 *
 * @param version of Warder
 * @param server the application server, as it names itself
 * @param upstream the origin of the upstream
 * @param started when the application started
 * @param warnings those that the log had at the start, without a secret
 */
public record NodeFacts(String version, String server, String upstream, Instant started, List<String> warnings) {
    public NodeFacts {
        warnings = List.copyOf(warnings);
    }
}
