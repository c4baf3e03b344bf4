package dev.warder.quota.budget.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Chunks;
import dev.warder.database.Transaction;
import dev.warder.gate.Inquiry;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import dev.warder.ledger.lease.Charge;
import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.ledger.lease.Settling;
import dev.warder.policy.LivePolicy;
import dev.warder.quota.budget.DrivenThreads;
import dev.warder.quota.budget.Surroundings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Warder, with one or several nodes and one database. Five agents work for each client; a team has the budget. One thread at a
 * time.
 */
final class WarderNodes implements SpendingRule {
    private static final long MEMORY_OF_LINE = 1 << 28;
    private static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");
    private static final int AGENTS_OF_CLIENT = 5;

    /** How often a node stores what requests have cost. */
    private static final Duration STORE = Duration.ofMillis(250);

    private static final Duration TRANSACTION = Duration.ofMillis(10);

    private final VirtualClock clock;
    private final VirtualTimeDatabase database;
    private final List<WarderNode> nodes = new ArrayList<>();
    private final List<Charge> unstored = new ArrayList<>();
    private final JsonOutline outline = outline();
    private long recorded;

    WarderNodes(VirtualClock clock, long cap, int agents, int count) throws Exception {
        this.clock = clock;
        database = new VirtualTimeDatabase(BEGIN, clock);
        var policy = new LivePolicy(Optional.empty());
        policy.accept(policy(cap, agents).getBytes(StandardCharsets.UTF_8));
        var threads = new DrivenThreads(clock, TRANSACTION);
        var around = new Surroundings(
                threads, () -> BEGIN.plusNanos(clock.now()), clock::now, MEMORY_OF_LINE, reached -> {});
        for (int i = 0; i < count; i++) {
            nodes.add(new WarderNode(
                    new DatabaseLeases(database.source()), clock, policy.current(), around, this::record));
        }
        // Their names are random, and which one is smaller decides about requests that have waited equally long.
        nodes.sort(Comparator.comparing(node -> node.run().toString()));
        for (int i = 0; i < count; i++) {
            nodes.get(i).start("node" + i);
        }
        clock.after(STORE, this::store);
    }

    private static String policy(long cap, int agents) {
        var clients = IntStream.range(0, agents / AGENTS_OF_CLIENT)
                .mapToObj(i -> "{\"name\": \"client" + i + "\", \"kind\": \"service\", \"teams\": [\"red\"]}")
                .collect(Collectors.joining(","));
        return "{\"version\": 1, \"teams\": [{\"name\": \"red\", \"budgets\": [{\"amount\": \""
                + BigDecimal.valueOf(cap, 9).toPlainString() + "\", \"period\": \"lifetime\"}]}], \"clients\": ["
                + clients + "]}";
    }

    private static JsonOutline outline() throws Exception {
        byte[] body = ("{\"model\":\"" + AgentRequest.MODEL + "\",\"max_tokens\":" + AgentRequest.MAX_TOKENS
                        + ",\"stream\":true}")
                .getBytes(StandardCharsets.UTF_8);
        var chunks = new Chunks();
        chunks.append(body, 0, body.length);
        return OutlineScanner.outline(chunks);
    }

    @Override
    public void ask(int agent, AgentRequest request, Answer answer) {
        var content = new Inquiry.Content(
                request.bytes(), outline, Optional.of(AgentRequest.MODEL), OptionalLong.of(AgentRequest.MAX_TOKENS));
        nodes.get(agent % nodes.size())
                .ask("client" + agent / AGENTS_OF_CLIENT, "session" + agent, content, request, answer);
    }

    private void record(Charge charge) {
        unstored.add(charge);
        recorded += charge.nanos();
    }

    @Override
    public long recorded() {
        return recorded;
    }

    /** What the ledger does, in the transaction in which it stores its rows. */
    private void store() {
        try (var transaction = Transaction.readCommitted(database.source())) {
            Settling.settle(transaction.connection(), unstored);
            transaction.connection().commit();
            unstored.clear();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        clock.after(STORE, this::store);
    }

    @Override
    public void close() throws SQLException {
        nodes.forEach(WarderNode::close);
        assertThat(nodes.stream().mapToLong(WarderNode::exceeded).sum())
                .as("requests that cost more than they held")
                .isZero();
        assertThat(database.number("SELECT COUNT(*) FROM warder_budget_check WHERE leased_differs <> 0"
                        + " OR unknown_differs <> 0 OR spent_differs <> 0 OR out_of_cap > 0"))
                .as("periods whose numbers do not fit together")
                .isZero();
        assertThat(database.number("SELECT SUM(overage + held_unknown) FROM warder_budget_period"))
                .isZero();
        database.close();
    }
}
