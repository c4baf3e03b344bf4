package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A policy of the size that a large organization needs. The time is that of the processor: other programs do not count. */
class PolicySizeTest {
    private static final int CLIENTS = 10_000;
    private static final int TEAMS = 200;

    @Test
    void readsTenThousandClientsInTwoHundredTeams() throws Exception {
        byte[] content = large("team-%d");
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = cpuNanos();
            var policy = PolicyFile.parse(content, Optional.empty());
            best = Math.min(best, cpuNanos() - start);
            assertThat(policy.principals()).hasSize(CLIENTS);
            assertThat(policy.budgets(
                            policy.principal("laptop-9999").orElseThrow(),
                            Optional.of("claude-opus-5"),
                            List.of(),
                            Optional.of("s")))
                    .extracting(Budget::key)
                    .containsExactly("client/client-9999/day", "team/team-199/month", "organization/month");
        }
        System.out.printf("[policy] %d bytes, %d clients: %d ms%n", content.length, CLIENTS, best / 1_000_000);
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void refusesAFileOfMoreThanFourMebibytes() throws Exception {
        String small = "{\"version\": 1}";
        byte[] largest = (small + " ".repeat((4 << 20) - small.length())).getBytes(StandardCharsets.UTF_8);
        assertThat(PolicyFile.parse(largest, Optional.empty()).version()).isEqualTo(1);
        byte[] larger = (small + " ".repeat((4 << 20) - small.length() + 1)).getBytes(StandardCharsets.UTF_8);
        assertThat(catchThrowable(() -> PolicyFile.parse(larger, Optional.empty())))
                .hasMessageContaining("is larger than 4 MiB");
    }

    @Test
    void refusesMoreThanAThousandPatternsOfOneClient() throws Exception {
        String members = Policies.COVERED + ", 'clients': [" + Policies.client("a", "'models': [%s]") + "]";
        assertThat(Policies.parse(members.formatted(models(1000))).principals()).hasSize(1);
        assertThat(Policies.problem(members.formatted(models(1001))))
                .isEqualTo("client 1 (a): models: must have at most 1000 items");
    }

    private static String models(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'m-" + i + "'").collect(Collectors.joining(","));
    }

    /** Hints compare names, which must not be done for each of many problems. */
    @Test
    void refusesTenThousandProblemsAsFast() {
        byte[] content = large("taem-%d");
        long start = cpuNanos();
        var failed = catchThrowable(() -> PolicyFile.parse(content, Optional.empty()));
        assertThat(failed).hasMessageEndingWith("and 9980 more problems");
        assertThat(Duration.ofNanos(cpuNanos() - start)).isLessThan(Duration.ofSeconds(2));
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static byte[] large(String teamOfClient) {
        var teams = IntStream.range(0, TEAMS)
                .mapToObj(i ->
                        "{'name': 'team-%d', 'external_id': '%d', 'budgets': [{'amount': '%d', 'period': 'month'}]}"
                                .formatted(i, i, 100 + i))
                .collect(Collectors.joining(",\n"));
        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(i ->
                        ("{'name': 'client-%d', 'kind': 'person', 'external_id': 'client-%d@example.com', 'token_names':"
                                        + " ['laptop-%d', 'ci-%d'], 'teams': ['" + teamOfClient
                                        + "'], 'models': ['claude-*'], 'paths': ['/v1/messages*'], 'tags': ['cost:%d'], 'budgets':"
                                        + " [{'amount': '20', 'period': 'day'}]}")
                                .formatted(i, i, i, i, i % TEAMS, i % 50))
                .collect(Collectors.joining(",\n"));
        return ("{'version': 1, 'organization': {'budgets': [{'amount': '100000', 'period': 'month'}]}, 'teams': ["
                        + teams + "], 'clients': [" + clients + "]}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
    }
}
