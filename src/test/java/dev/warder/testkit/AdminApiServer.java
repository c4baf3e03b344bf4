package dev.warder.testkit;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The usage report and the cost report of Anthropic's Admin API on a free port of 127.0.0.1, with pages of a few results. It
 * groups and filters as its documentation describes: a part that is not grouped by is null. Thread-safe.
 */
public final class AdminApiServer implements AutoCloseable {
    /** The only key that it accepts. */
    public static final String KEY = "sk-" + "ant-admin01-" + "k".repeat(24);

    private static final String USAGE = "/v1/organizations/usage_report/messages";
    private static final String COST = "/v1/organizations/cost_report";
    private static final int COUNTS = 6;
    private static final List<String> GROUPS = List.of(
            "workspace_id model service_tier context_window inference_geo api_key_id account_id service_account_id"
                    .split(" "));

    private final ScriptedUpstream http = ScriptedUpstream.plain();
    private final List<Usage> usages = new CopyOnWriteArrayList<>();
    private final List<Cost> costs = new CopyOnWriteArrayList<>();
    private volatile int resultsOfPage = 2;

    /** Usage of an id on a day: input, 5 m writes, 1 h writes, reads, output and searches. */
    private record Usage(LocalDate day, String id, String model, List<Long> counts) {
        String value(String group) {
            return switch (group) {
                case "workspace_id" -> "";
                case "model" -> model;
                case "service_tier" -> "standard";
                case "context_window" -> "0-200k";
                case "inference_geo" -> "not_available";
                case "api_key_id" -> id.startsWith("apikey_") ? id : "";
                case "account_id" -> id.startsWith("user_") ? id : "";
                case "service_account_id" -> id.startsWith("svac_") ? id : "";
                default -> throw new IllegalArgumentException(group);
            };
        }
    }

    private record Cost(LocalDate day, String model, String type, String kind, String cents) {}

    private AdminApiServer() throws IOException {
        http.on(USAGE, (request, reply) -> respond(request, reply, this::usage));
        http.on(COST, (request, reply) -> respond(request, reply, this::cost));
    }

    /** Starts one without data. */
    public static AdminApiServer start() throws IOException {
        return new AdminApiServer();
    }

    /** The address for {@code reconcile.url}. */
    public URI url() {
        return http.uri();
    }

    /** Each page has at most this many results. */
    public AdminApiServer pages(int results) {
        resultsOfPage = results;
        return this;
    }

    /** Adds usage: up to six counts, which are input, 5 m writes, 1 h writes, reads, output and searches. */
    public AdminApiServer usage(LocalDate day, String id, String model, long... counts) {
        var all = Arrays.copyOf(counts, COUNTS);
        usages.add(new Usage(day, id, model, Arrays.stream(all).boxed().toList()));
        return this;
    }

    /** Adds a line of cost of tokens. */
    public AdminApiServer cost(LocalDate day, String model, String kind, String cents) {
        costs.add(new Cost(day, model, "tokens", kind, cents));
        return this;
    }

    /** Adds a line of cost that has neither model nor kind. */
    public AdminApiServer cost(LocalDate day, String type, String cents) {
        costs.add(new Cost(day, "", type, "", cents));
        return this;
    }

    /** Forgets usage and cost. */
    public AdminApiServer clear() {
        usages.clear();
        costs.clear();
        return this;
    }

    /** Queues what happens to the next request instead. */
    public AdminApiServer next(Script script) {
        http.next(script);
        return this;
    }

    /** What was asked, oldest first. */
    public List<RecordedRequest> requests() {
        return http.requests();
    }

    private interface Report {
        List<Map<String, Object>> results(LocalDate day, Map<String, List<String>> query);
    }

    private void respond(RecordedRequest request, Reply reply, Report report) throws IOException {
        if (!request.fields().values("x-api-key").equals(List.of(KEY))
                || !request.fields().values("anthropic-version").equals(List.of("2023-06-01"))) {
            reply.json(
                    401,
                    "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"invalid x-api-key\"}}");
            return;
        }
        var query = query(request.target());
        var day = LocalDate.parse(only(query, "starting_at").substring(0, 10));
        var results = report.results(day, query);
        int from =
                query.containsKey("page") ? Integer.parseInt(only(query, "page").substring(5)) : 0;
        int to = Math.min(results.size(), from + resultsOfPage);
        boolean more = to < results.size();
        var bucket = Map.of(
                "starting_at", day + "T00:00:00Z",
                "ending_at", day.plusDays(1) + "T00:00:00Z",
                "results", results.subList(from, to));
        var page = Map.of("data", List.of(bucket), "has_more", more, "next_page", more ? "page_" + to : JsonValue.NULL);
        reply.json(200, Json.createObjectBuilder(page).build().toString());
    }

    private List<Map<String, Object>> usage(LocalDate day, Map<String, List<String>> query) {
        var groups = query.getOrDefault("group_by[]", List.of());
        var sums = new LinkedHashMap<List<String>, long[]>();
        usages.stream()
                .filter(each -> each.day.equals(day))
                .filter(each -> query.entrySet().stream()
                        .filter(filter -> filter.getKey().endsWith("_ids[]"))
                        .allMatch(filter -> filter.getValue()
                                .contains(each.value(filter.getKey().replace("s[]", "")))))
                .forEach(each -> {
                    var group = groups.stream().map(each::value).toList();
                    long[] sum = sums.computeIfAbsent(group, none -> new long[COUNTS]);
                    for (int i = 0; i < COUNTS; i++) {
                        sum[i] += each.counts.get(i);
                    }
                });
        var results = new ArrayList<Map<String, Object>>();
        sums.forEach((group, sum) -> results.add(result(groups, group, sum)));
        return results;
    }

    private static Map<String, Object> result(List<String> groups, List<String> values, long[] sum) {
        var result = new HashMap<String, Object>(Map.of(
                "uncached_input_tokens", sum[0],
                "cache_creation", Map.of("ephemeral_5m_input_tokens", sum[1], "ephemeral_1h_input_tokens", sum[2]),
                "cache_read_input_tokens", sum[3],
                "output_tokens", sum[4],
                "server_tool_use", Map.of("web_search_requests", sum[5])));
        GROUPS.forEach(
                group -> result.put(group, text(groups.contains(group) ? values.get(groups.indexOf(group)) : "")));
        return result;
    }

    private List<Map<String, Object>> cost(LocalDate day, Map<String, List<String>> query) {
        return costs.stream()
                .filter(each -> each.day.equals(day))
                .map(AdminApiServer::result)
                .toList();
    }

    private static Map<String, Object> result(Cost cost) {
        boolean tokens = cost.type.equals("tokens");
        return Map.of(
                "currency",
                "USD",
                "amount",
                cost.cents,
                "cost_type",
                cost.type,
                "description",
                "Usage of " + cost.model + cost.type,
                "workspace_id",
                JsonValue.NULL,
                "model",
                text(cost.model),
                "token_type",
                text(cost.kind),
                "service_tier",
                text(tokens ? "standard" : ""),
                "context_window",
                text(tokens ? "0-200k" : ""),
                "inference_geo",
                JsonValue.NULL);
    }

    private static Object text(String text) {
        return text.isEmpty() ? JsonValue.NULL : text;
    }

    private static Map<String, List<String>> query(String target) {
        Function<String, String> decode = text -> URLDecoder.decode(text, StandardCharsets.UTF_8);
        return Arrays.stream(target.substring(target.indexOf('?') + 1).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.groupingBy(
                        pair -> decode.apply(pair[0]),
                        Collectors.mapping(pair -> decode.apply(pair[1]), Collectors.toList())));
    }

    private static String only(Map<String, List<String>> query, String name) {
        return Objects.requireNonNull(query.get(name)).get(0);
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
