package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.organization.ratelimits.OrganizationRateLimit;
import com.anthropic.models.organization.ratelimits.RateLimitListParams;
import com.anthropic.models.organization.workspaces.ratelimits.WorkspaceRateLimit;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Container;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports of usage, cost and rate limits below {@code /v1/organizations}, for tokens with the right {@code admin:read}. */
class AdminReportContract extends PolicyGround {
    private static final String USAGE = "/v1/organizations/usage_report/messages";
    private static final String COST = "/v1/organizations/cost_report";
    private static final String LIMITS = "/v1/organizations/rate_limits";
    private static final String FROM = "?starting_at=2026-01-01T00%3A00%3A00Z";

    /** {@code auditor} may only read here. */
    private static final String MEMBERS =
            """
            "organization": {"limits": {"requests_per_minute": 60000, "input_tokens_per_minute": 2000000}},
            "models": [{"name": "claude-opus*", "limits": {"output_tokens_per_minute": 80000}}],
            "teams": [{"name": "blue", "limits": {"requests_per_minute": 6000}}],
            "clients": [
              {"name": "ada", "kind": "person", "token_names": ["laptop", "desktop"], "teams": ["blue"]},
              {"name": "auditor", "kind": "service"},
              {"name": "build", "kind": "service", "token_names": ["ci"]}
            ]
            """;

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    private int started;

    @BeforeAll
    final void addReaders() throws IOException {
        addToken("auditor", "rights=admin:read");
    }

    private List<Callable<Optional<String>>> databases() {
        return List.of(() -> Optional.of(h2()), () -> Optional.of(postgres.anotherAddress()));
    }

    private static String h2() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    }

    private Container node(Optional<String> database) throws Exception {
        String name = "reports" + ++started;
        write(name, policy(1, MEMBERS));
        var deployment = governed(name);
        var container =
                ground.container(name, database.map(deployment::withDatabase).orElse(deployment));
        assertThat(container.deployed()).isTrue();
        awaitReady(container);
        return container;
    }

    private RawResponse get(Container node, String target) throws IOException {
        return send(node, request(node, "auditor", "GET", target));
    }

    private JsonObject json(Container node, String target) throws IOException {
        var answer = assertStatus(200, get(node, target));
        assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
        return Answers.json(answer);
    }

    /** The results of all buckets. */
    private List<JsonObject> results(Container node, String target) throws IOException {
        return json(node, target).getJsonArray("data").stream()
                .flatMap(bucket -> bucket.asJsonObject().getJsonArray("results").stream())
                .map(result -> result.asJsonObject())
                .toList();
    }

    private void ask(Container node, String token) throws IOException {
        upstream.next(json(200, message()));
        ok(node, request(node, token, "POST", MESSAGES).json(body(MODEL)));
    }

    /** 1 dollar for a million tokens of input, 5 of output, 0.1 of reads, and 1.25 and 2 of writes: 0.0066 dollars. */
    private static String message() {
        return "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":600,\"output_tokens\":500,\"cache_read_input_tokens\":1000,"
                + "\"cache_creation_input_tokens\":2000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":800,"
                + "\"ephemeral_1h_input_tokens\":1200},\"service_tier\":\"standard\"}}";
    }

    private static Instant hour() {
        return InstantSource.system().instant().truncatedTo(ChronoUnit.HOURS);
    }

    /** The beginning of the reports, the day of this hour. */
    private static String from(Instant hour) {
        return "?starting_at=" + hour.truncatedTo(ChronoUnit.DAYS).toString().replace(":", "%3A");
    }

    /** A node whose ledger has a request of each of three tokens, and the period of the reports that it is in. */
    private record Used(Container node, String today) {}

    /** All within one hour, and so within one bucket of any width: else a new node is asked. */
    private Used used(Callable<Optional<String>> database) throws Exception {
        while (true) {
            var began = hour();
            var node = node(database.call());
            ask(node, "laptop");
            ask(node, "desktop");
            ask(node, "ci");
            eventually(() -> results(node, USAGE + from(began) + "&limit=2").stream()
                            .mapToInt(each -> each.getInt("uncached_input_tokens"))
                            .sum()
                    == 1800);
            if (hour().equals(began)) {
                return new Used(node, from(began));
            }
        }
    }

    @Test
    void reportsWhatTeamsAndClientsUsedAndWhatItCost() throws Exception {
        for (var database : databases()) {
            var used = used(database);
            var node = used.node();
            String today = used.today();
            String grouped = USAGE + today + "&bucket_width=1h&limit=48&group_by%5B%5D=api_key_id"
                    + "&group_by%5B%5D=workspace_id&group_by%5B%5D=model&group_by%5B%5D=service_tier"
                    + "&group_by%5B%5D=context_window&group_by%5B%5D=inference_geo&group_by%5B%5D=speed";
            assertThat(results(node, grouped).toString())
                    .contains("\"uncached_input_tokens\":1200,\"cache_creation\":{\"ephemeral_1h_input_tokens\":2400,"
                            + "\"ephemeral_5m_input_tokens\":1600},\"cache_read_input_tokens\":2000,"
                            + "\"output_tokens\":1000,\"server_tool_use\":{\"web_search_requests\":0},"
                            + "\"account_id\":null,\"api_key_id\":\"ada\",\"service_account_id\":null,"
                            + "\"workspace_id\":\"blue\",\"model\":\"claude-haiku-4-5\","
                            + "\"service_tier\":\"standard\",\"context_window\":\"0-200k\","
                            + "\"inference_geo\":\"not_available\",\"speed\":\"standard\"}")
                    .contains("\"api_key_id\":\"build\",\"service_account_id\":null,\"workspace_id\":null,");
            assertThat(results(node, USAGE + today + "&workspace_ids%5B%5D=blue&limit=2"))
                    .singleElement()
                    .satisfies(
                            result -> assertThat(result.getInt("output_tokens")).isEqualTo(1000))
                    .satisfies(
                            result -> assertThat(result.isNull("workspace_id")).isTrue());
            assertThat(results(node, USAGE + today + "&models%5B%5D=other&limit=2"))
                    .isEmpty();
            costsOf(node, today);
        }
    }

    private void costsOf(Container node, String today) throws IOException {
        assertThat(results(node, COST + today + "&limit=2")).singleElement().satisfies(result -> {
            assertThat(result.getString("amount")).isEqualTo("1.98");
            assertThat(result.getString("currency")).isEqualTo("USD");
            assertThat(result.isNull("description")).isTrue();
        });
        assertThat(results(node, COST + today + "&limit=2&group_by%5B%5D=workspace_id").stream()
                        .map(each -> each.getString("workspace_id", "-") + " " + each.getString("amount")))
                .containsExactly("- 0.66", "blue 1.32");
        var described = results(node, COST + today + "&limit=2&group_by%5B%5D=workspace_id&group_by%5B%5D=description");
        assertThat(described.stream()
                        .filter(each -> !each.isNull("workspace_id"))
                        .map(each -> each.getString("token_type") + " " + each.getString("amount")))
                .hasToString("[uncached_input_tokens 0.12, cache_creation.ephemeral_5m_input_tokens 0.2, "
                        + "cache_creation.ephemeral_1h_input_tokens 0.48, cache_read_input_tokens 0.02, "
                        + "output_tokens 0.5]");
        assertThat(described.get(0).keySet())
                .hasToString("[currency, amount, workspace_id, description, cost_type, context_window, model, "
                        + "service_tier, token_type, inference_geo]");
    }

    /** What a client's own credential pays is on the bill of another account. */
    @Test
    void leavesOutWhatClientsPayThemselves() throws Exception {
        var node = node(Optional.of(h2()));
        String today = USAGE + from(hour());
        upstream.next(json(200, message()));
        ok(node, request(node, "ci", "POST", MESSAGES).bearer(OWN_OAUTH).json(body(MODEL)));
        ask(node, "ci");
        eventually(() -> !results(node, today).isEmpty());
        assertThat(results(node, today)).singleElement().satisfies(result -> assertThat(
                        result.getInt("uncached_input_tokens"))
                .isEqualTo(600));
    }

    @Test
    void pagesThroughMonths() throws Exception {
        for (String database : List.of(h2(), postgres.anotherAddress())) {
            var node = node(Optional.of(database));
            eventually(() -> json(node, USAGE + FROM).containsKey("data"));
            insert(database, 800);
            var days = new ArrayList<String>();
            long tokens = 0;
            var cents = BigDecimal.ZERO;
            for (String report : List.of(USAGE, COST)) {
                String query = report + FROM + "&ending_at=2026-05-01T00%3A00%3A00%2B00%3A00&limit=31";
                var page = json(node, query);
                while (true) {
                    for (var each : page.getJsonArray("data")) {
                        var bucket = each.asJsonObject();
                        days.add(report + bucket.getString("starting_at"));
                        for (var result : bucket.getJsonArray("results")) {
                            tokens += result.asJsonObject().getInt("uncached_input_tokens", 0);
                            cents = cents.add(
                                    new BigDecimal(result.asJsonObject().getString("amount", "0")));
                        }
                    }
                    if (!page.getBoolean("has_more")) {
                        break;
                    }
                    page = json(node, query + "&page=" + page.getString("next_page"));
                }
                assertThat(page.isNull("next_page")).isTrue();
            }
            assertThat(days).doesNotHaveDuplicates().hasSize(2 * 120);
            // A row each six hours, from the last hour of 2025 on: 480 are within the four months.
            assertThat(tokens).isEqualTo(480);
            assertThat(cents).isEqualByComparingTo("0.048");
        }
    }

    /** A row each six hours, with times of another zone. */
    private static void insert(String database, int count) throws SQLException {
        try (var connection = BoundDatabase.of(database).getConnection();
                var insert = connection.prepareStatement(
                        """
                        INSERT INTO warder_ledger (try_id, part, request_id, admitted_at, ended_at, client, ended_as,
                            input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens,
                            thinking_tokens, web_searches, web_fetches, price_assumed, billed, basis, cost_usd,
                            cost_nanos, duration_ms)
                        VALUES (?, 0, 'r', ?, ?, 'ada', 'complete', 1, 0, 0, 0, 0, 0, 0, 0, FALSE, TRUE, 'reported',
                            0.000001, 1000, 1)
                        """)) {
            var first = OffsetDateTime.of(2026, 1, 1, 4, 59, 59, 999_000_000, ZoneOffset.ofHours(5));
            for (int i = 0; i < count; i++) {
                insert.setString(1, "t" + i);
                insert.setObject(2, first.plusHours(6L * i));
                insert.setObject(3, first.plusHours(6L * i));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                USAGE + "|starting_at",
                USAGE + "?starting_at=yesterday|starting_at",
                USAGE + FROM + "&ending_at=2025-01-01T00:00:00Z|ending_at",
                USAGE + FROM + "&bucket_width=1w|bucket_width",
                USAGE + FROM + "&limit=32|limit",
                USAGE + FROM + "&bucket_width=1m&limit=1441|limit",
                USAGE + FROM + "&group_by%5B%5D=account_id|group_by",
                USAGE + FROM + "&service_tiers%5B%5D=x|service_tiers",
                USAGE + FROM + "&page=page_MjAyNi0wNS0xNFQwMDowMDowMFo|page",
                COST + "|starting_at",
                COST + FROM + "&bucket_width=1h|bucket_width",
                COST + FROM + "&group_by%5B%5D=model|group_by",
                COST + FROM + "&page=x|page",
                LIMITS + "?group_type=x|group_type",
                LIMITS + "?limit=0|limit",
                LIMITS + "?page=page_AA|page",
                "/v1/organizations/workspaces/blue/rate_limits?include_inherited=x|include_inherited"
            })
    void namesTheParameterThatIsWrong(String text) throws Exception {
        var node = ground.container("plain", ground.usual().with("clients.file", path("clients")));
        var parts = text.split("\\|");
        assertThat(Answers.refused(get(node, parts[0]), 400)).startsWith(parts[1] + ": ");
    }

    @Test
    void hasNoReportsWithoutADatabase() throws Exception {
        var node = node(Optional.empty());
        for (String target : List.of(USAGE + FROM, COST + FROM)) {
            assertThat(Answers.refused(get(node, target), 404)).contains("jdbc/warder");
        }
        assertStatus(200, get(node, LIMITS));
    }

    @Test
    void servesOnlyWhoMayReadAndOnlyReads() throws Exception {
        var node = node(Optional.of(h2()));
        for (String target :
                List.of(USAGE + FROM, COST + FROM, LIMITS, LIMITS.replace("rate", "workspaces/blue/rate"))) {
            assertStatus(200, get(node, target));
            Answers.refused(send(node, request(node, "GET", target)), 401);
            Answers.refused(send(node, request(node, "laptop", "GET", target)), 403);
            for (String method : List.of("POST", "PUT", "DELETE")) {
                Answers.refused(send(node, request(node, "auditor", method, target)), 405);
            }
        }
        Answers.refused(get(node, LIMITS + "/"), 404);
        Answers.refused(get(node, "/v1/organizations/workspaces/blue/members"), 404);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void reportsADatabaseThatIsAway() throws Exception {
        String database = h2();
        var node = node(Optional.of(database));
        assertStatus(200, get(node, USAGE + FROM));
        try (var connection = BoundDatabase.of(database).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE warder_ledger RENAME TO elsewhere");
            for (String target : List.of(USAGE + FROM, COST + FROM)) {
                var answer = get(node, target);
                assertThat(Answers.refused(answer, 503, "api_error")).contains("ledger");
                assertThat(answer.fields().values("retry-after")).containsExactly("5");
            }
            statement.execute("ALTER TABLE elsewhere RENAME TO warder_ledger");
        }
        assertStatus(200, get(node, USAGE + FROM));
    }

    /** By the base URL alone. */
    @Test
    void listsRateLimitsToTheOfficialSdk() throws Exception {
        var node = node(Optional.of(h2()));
        var client = AnthropicOkHttpClient.builder()
                .apiKey(secret("auditor"))
                .baseUrl(node.baseUri().toString())
                .maxRetries(0)
                .build();
        try {
            var limits = client.organization().rateLimits();
            var all = new ArrayList<String>();
            limits.list(RateLimitListParams.builder().limit(1).build())
                    .autoPager()
                    .forEach(entry -> all.add(text(entry.validate())));
            assertThat(all)
                    .containsExactly(
                            "All models Optional[[*]] requests_per_minute=60000 input_tokens_per_minute=2000000",
                            "- Optional.empty requests_per_minute=60000",
                            "claude-opus* Optional[[claude-opus*]] output_tokens_per_minute=80000");
            var params = RateLimitListParams.builder();
            assertThat(limits.list(params.model("claude-opus-5-5").build()).items())
                    .hasSize(2);
            assertThat(limits.list(RateLimitListParams.builder()
                                    .groupType(RateLimitListParams.GroupType.TOKEN_COUNT)
                                    .build())
                            .items())
                    .hasSize(1);
            var ofTeams = client.organization().workspaces().rateLimits();
            assertThat(ofTeams.list("blue").items().stream().map(AdminReportContract::text))
                    .containsExactly(
                            "blue requests_per_minute=6000/Optional[60000]/true",
                            "blue requests_per_minute=6000/Optional[60000]/true");
            assertThatThrownBy(() -> ofTeams.list("green")).isInstanceOf(NotFoundException.class);
            assertThat(client.beta().organization().rateLimits().list().items()).hasSize(3);
        } finally {
            client.close();
        }
    }

    private static String text(OrganizationRateLimit entry) {
        var group = entry.group();
        String title = group.isModel() ? group.asModel().displayName() : "-";
        return title + " " + entry.models() + " "
                + String.join(
                        " ",
                        entry.limits().stream()
                                .map(limit -> limit.type() + "=" + limit.value())
                                .toList());
    }

    private static String text(WorkspaceRateLimit entry) {
        entry.validate();
        return entry.workspaceId() + " "
                + String.join(
                        " ",
                        entry.limits().stream()
                                .map(limit -> limit.type() + "=" + limit.value() + "/" + limit.orgLimit() + "/"
                                        + limit.source().isWorkspace())
                                .toList());
    }
}
