package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.adminapi.ReportQuery.BucketWidth;
import dev.warder.config.InvalidValueException;
import dev.warder.ledger.DatabaseGroups.Dimension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportQueryTest {
    private static final String FROM = "starting_at=2026-11-01T00:00:00Z";

    @Test
    void readsAllParametersOfUsage() throws Exception {
        var query = ReportQuery.ofUsage("starting_at=2026-11-01T10:20:30.5Z&ending_at=2026-11-02T00%3A00%3A00Z"
                + "&bucket_width=1h&limit=100&group_by%5B%5D=api_key_id&group_by[]=workspace_id&group_by[]=model"
                + "&group_by[]=service_tier&group_by[]=context_window&group_by[]=inference_geo&group_by[]=speed"
                + "&api_key_ids[]=ada&api_key_ids[]=b%40c&workspace_ids[]=blue&models[]=m&service_tiers[]=batch"
                + "&context_window[]=200k-1M&inference_geos[]=not_available&inference_geos[]=us&speeds[]=fast"
                + "&beta=true");
        assertThat(query.starting()).isEqualTo("2026-11-01T10:00:00Z");
        assertThat(query.ending()).contains(Instant.parse("2026-11-02T00:00:00Z"));
        assertThat(query.width()).isEqualTo(BucketWidth.HOUR);
        assertThat(query.limit()).isEqualTo(100);
        assertThat(query.after()).isEmpty();
        assertThat(query.grouping().by()).containsExactlyInAnyOrder(Dimension.values());
        assertThat(query.grouping().only())
                .isEqualTo(Map.of(
                        Dimension.CLIENT, Set.of("ada", "b@c"),
                        Dimension.TEAM, Set.of("blue"),
                        Dimension.MODEL, Set.of("m"),
                        Dimension.TIER, Set.of("batch"),
                        Dimension.PROMPT, Set.of(Dimension.LONG),
                        Dimension.GEO, Set.of("", "us"),
                        Dimension.SPEED, Set.of("fast")));
    }

    /** In UTC, whatever zone the time has. */
    @ParameterizedTest
    @CsvSource({
        "1m, 2026-03-29T01:59:30%2B02:00, 2026-03-28T23:59:00Z",
        "1h, 2026-03-29T01:59:30%2B05:30, 2026-03-28T20:00:00Z",
        "1d, 2026-03-29T01:59:30%2B02:00, 2026-03-28T00:00:00Z",
        "1d, 2026-03-29T23:59:30-01:00, 2026-03-30T00:00:00Z",
        "1d, 2026-03-29t23:59:30.123456789z, 2026-03-29T00:00:00Z",
        "1d, 1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void beginsWithTheBucketOfItsTime(String width, String starting, String bucket) throws Exception {
        var query = ReportQuery.ofUsage("bucket_width=" + width + "&starting_at=" + starting);
        assertThat(query.starting()).isEqualTo(bucket);
    }

    @ParameterizedTest
    @CsvSource({"1m, 60, 1440", "1h, 24, 168", "1d, 7, 31"})
    void limitsThePageByTheWidth(String width, int usual, int most) throws Exception {
        String query = FROM + "&bucket_width=" + width;
        assertThat(ReportQuery.ofUsage(query).limit()).isEqualTo(usual);
        assertThat(ReportQuery.ofUsage(query + "&limit=" + most).limit()).isEqualTo(most);
        // Also if the limit comes first.
        assertThat(ReportQuery.ofUsage("limit=" + most + "&" + query).limit()).isEqualTo(most);
        assertThatThrownBy(() -> ReportQuery.ofUsage(query + "&limit=" + (most + 1)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("limit: must be from 1 to " + most);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "starting_at=",
                "starting_at=2026-11-01",
                "starting_at=2026-11-01T00:00:00",
                "starting_at=2026-11-01T00:00:00+02:00",
                "starting_at=2026-02-30T00:00:00Z",
                "starting_at=1969-12-31T23:59:59Z",
                "starting_at=10000-01-01T00:00:00Z",
                "starting_at=%2B999999999-12-31T23:59:59Z",
                "starting_at=planted",
                "ending_at=planted",
                "ending_at=2026-11-01T00:00:00Z",
                "ending_at=2026-10-01T00:00:00Z",
                "limit=0",
                "limit=-1",
                "limit=",
                "limit=999999999999",
                "limit=٣",
                "page=planted",
                "page=page_planted",
                "page=page_*"
            })
    void refusesWithTheNameOfTheParameter(String text) {
        String name = text.substring(0, text.indexOf('='));
        for (String query : List.of(FROM + "&" + text, "bucket_width=1d&" + FROM + "&" + text)) {
            assertThatThrownBy(() -> ReportQuery.ofUsage(query))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith(name + ": ")
                    .message()
                    .doesNotContain("planted", "999999999");
            assertThatThrownBy(() -> ReportQuery.ofCost(query))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith(name + ": ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bucket_width=1w",
                "bucket_width=",
                "group_by[]=planted",
                "group_by[]=account_id",
                "api_key_ids[]=",
                "workspace_ids[]=",
                "models[]=",
                "service_tiers[]=planted",
                "context_window[]=planted",
                "inference_geos[]=planted",
                "speeds[]=planted"
            })
    void refusesWordsThatUsageDoesNotHave(String text) {
        assertThatThrownBy(() -> ReportQuery.ofUsage(FROM + "&" + text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith(text.substring(0, text.indexOf('=')).replace("[]", "") + ": ")
                .message()
                .doesNotContain("planted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bucket_width=1h", "group_by[]=model", "models[]=m", "x=1", "%zz"})
    void refusesWordsThatCostDoesNotHave(String text) {
        assertThatThrownBy(() -> ReportQuery.ofCost(FROM + "&" + text)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void limitsLists() throws Exception {
        assertThat(ReportQuery.ofUsage(models(100)).grouping().only().get(Dimension.MODEL))
                .hasSize(100);
        assertThatThrownBy(() -> ReportQuery.ofUsage(models(101))).hasMessageStartingWith("models: ");
    }

    private static String models(int count) {
        return FROM + IntStream.range(0, count).mapToObj(i -> "&models[]=m" + i).collect(Collectors.joining());
    }

    @Test
    void acceptsOnlyPagesOfTheSameQuery() throws Exception {
        var query = ReportQuery.ofUsage(FROM + "&group_by[]=model");
        var names = List.of("", "", "a\n&b=\ud83d\ude00", "", "", "", "");
        var position = new ReportQuery.Position(Instant.parse("2026-11-03T00:00:00Z"), names);
        String page = "&page=" + query.page(position);
        for (String same : List.of(
                FROM + "&limit=3&group_by[]=model",
                "bucket_width=1d&group_by=model&group_by=model&" + FROM,
                "starting_at=2026-11-01T03:00:00%2B02:00&group_by[]=model")) {
            assertThat(ReportQuery.ofUsage(same + page).after()).contains(position);
        }
        for (String other : List.of(
                FROM,
                FROM + "&group_by[]=speed",
                FROM + "&group_by[]=model&models[]=m",
                FROM + "&group_by[]=model&bucket_width=1h",
                FROM + "&group_by[]=model&ending_at=2026-12-01T00:00:00Z",
                "starting_at=2026-11-02T00:00:00Z&group_by[]=model")) {
            assertThatThrownBy(() -> ReportQuery.ofUsage(other + page)).hasMessageStartingWith("page: ");
        }
        assertThatThrownBy(() -> ReportQuery.ofCost(FROM + page)).hasMessageStartingWith("page: ");
    }

    /** Also by a caller that knows how the digest is made. */
    @ParameterizedTest
    @CsvSource({"2026-10-31T00:00:00Z", "2026-11-03T00:00:01Z", "+1000000000-12-31T23:59:59Z"})
    void refusesPositionsThatNoPageHas(String bucket) throws Exception {
        var query = ReportQuery.ofUsage(FROM).query();
        String page = query.page(List.of(bucket));
        assertThatThrownBy(() -> ReportQuery.ofUsage(FROM + "&page=" + page)).hasMessageStartingWith("page: ");
        String names = query.page(List.of("2026-11-03T00:00:00Z", "x"));
        assertThatThrownBy(() -> ReportQuery.ofUsage(FROM + "&page=" + names)).hasMessageStartingWith("page: ");
    }

    @Test
    void refusesAChangedToken() throws Exception {
        String token = ReportQuery.ofUsage(FROM)
                .page(new ReportQuery.Position(Instant.parse("2026-11-03T00:00:00Z"), List.of()));
        for (int at = 0; at < token.length(); at++) {
            String changed = token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
            assertThatThrownBy(() -> ReportQuery.ofUsage(FROM + "&page=" + changed))
                    .as(changed)
                    .hasMessageStartingWith("page: ");
        }
        assertThatThrownBy(() -> ReportQuery.ofUsage(FROM + "&page=page_" + "A".repeat(10_000)))
                .hasMessageStartingWith("page: ");
    }

    @Test
    void listsTheParametersWhereItDoesNotKnowOne() {
        for (String other : List.of("account_ids[]=planted", "service_account_ids[]=planted")) {
            assertThatThrownBy(() -> ReportQuery.ofUsage(other))
                    .hasMessage("The parameters are starting_at, ending_at, bucket_width, limit, page, group_by[],"
                            + " api_key_ids[], workspace_ids[], models[], service_tiers[], context_window[],"
                            + " inference_geos[] and speeds[]; the query has another one.");
        }
        assertThatThrownBy(() -> ReportQuery.ofCost("models[]=planted"))
                .hasMessage("The parameters are starting_at, ending_at, bucket_width, limit, page and group_by[];"
                        + " the query has another one.");
    }
}
