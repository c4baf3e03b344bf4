package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.BodyCosts;
import dev.warder.json.BodyCosts.BodyPrompt;
import dev.warder.json.BodyCosts.BodyThread;
import dev.warder.json.BodyCosts.OtherModels;
import dev.warder.testkit.LogCapture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one client makes a node learn takes nothing from others. */
class UnknownMembersTest {
    private static final int ENOUGH = 20;
    private static final int FLOOD = 12_000;
    private static final int THREADS = 20_000;

    private final UnknownMembers members = new UnknownMembers(Map.of());

    @Test
    void oneClientDoesNotEndTheLearningForOthers() {
        IntStream.range(0, 5).forEach(i -> harmless("honest", "early"));
        flood();
        assertThat(holdsAnyPrompt("honest", "early")).isTrue();
        IntStream.range(5, ENOUGH).forEach(i -> harmless("honest", "early"));
        assertThat(holdsAnyPrompt("honest", "early")).isFalse();
        IntStream.range(0, ENOUGH).forEach(i -> harmless("honest", "late"));
        assertThat(holdsAnyPrompt("honest", "late")).isFalse();
        assertThat(holdsAnyPrompt("honest", "invented-1")).isTrue();
    }

    @Test
    void oneClientDoesNotFillTheLog() throws Exception {
        try (var log = LogCapture.start()) {
            flood();
            IntStream.range(0, FLOOD).forEach(i -> exceeding("flooder", "longer-" + i));
            harmless("honest", "member");
            var lines = log.lines(UnknownMembers.class.getName(), Level.INFO);
            assertThat(lines).hasSize(2 * ENOUGH + 1);
            assertThat(lines.subList(ENOUGH, 2 * ENOUGH))
                    .as("the flood of the first warning does not hide the second one")
                    .allMatch(line -> line.text().contains("\"longer-"));
            assertThat(lines.get(2 * ENOUGH).text()).contains("\"member\"");
        }
    }

    @Test
    void oneClientDoesNotDisplaceTheThreadsOfOthers() {
        var threads = new MessageThreads();
        threads.add("msg_honest", "honest", "primary", 100, BodyCosts.NONE);
        IntStream.rangeClosed(0, THREADS)
                .forEach(i -> threads.add("msg_" + i, "flooder", "primary", 100, BodyCosts.NONE));
        assertThat(isKnown(threads, "honest", "msg_honest")).isTrue();
        assertThat(isKnown(threads, "honest", "msg_" + THREADS)).isFalse();
        assertThat(isKnown(threads, "flooder", "msg_" + THREADS)).isTrue();
        assertThat(isKnown(threads, "flooder", "msg_0")).isFalse();
    }

    private static boolean isKnown(MessageThreads threads, String client, String message) {
        var thread = new BodyThread(true, Optional.of(message), Optional.empty());
        var costs = costs(Optional.of(thread), List.of());
        return threads.known(costs, client).thread().flatMap(BodyThread::keeper).isPresent();
    }

    private void flood() {
        IntStream.range(0, FLOOD).forEach(i -> harmless("flooder", "invented-" + i));
    }

    private void harmless(String client, String name) {
        members.whole(client, costs(name), 1_000, 10);
    }

    private void exceeding(String client, String name) {
        members.counted(client, costs(name), 1_000, 1_000_000);
    }

    private boolean holdsAnyPrompt(String client, String name) {
        return members.known(costs(name), client).prompt().isUnbounded();
    }

    private static BodyCosts costs(String name) {
        return costs(Optional.empty(), List.of(name));
    }

    private static BodyCosts costs(Optional<BodyThread> thread, List<String> unknown) {
        return new BodyCosts(BodyPrompt.TEXT, false, false, Optional.empty(), OtherModels.NONE, thread, unknown, false);
    }
}
