package dev.warder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both encodings of one message, and what is none. */
class CostReadersTest {
    @Test
    void findsTheCostInProtobuf() throws Exception {
        assertThat(ProtobufMetrics.read(Exports.bytes(Exports.delta("s1", 0.125, 100, 200))))
                .singleElement()
                .satisfies(point -> isDelta(point, 0.125, 100, 200));
        assertThat(ProtobufMetrics.read(Exports.bytes(Exports.cumulative("s1", 0.5, 1, 2))))
                .singleElement()
                .satisfies(point -> assertThat(point.cumulative()).isTrue());
        assertThat(ProtobufMetrics.read(Exports.bytes(
                        Exports.cost(AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED, "s", "m", 1, 1, 2))))
                .isEmpty();
        assertThat(ProtobufMetrics.read(new byte[0])).isEmpty();
    }

    @Test
    void findsTheCostInJson() throws Exception {
        assertThat(JsonMetrics.read(Exports.bytes(Exports.json(1, "s1", 0.125, 100, 200))))
                .singleElement()
                .satisfies(point -> isDelta(point, 0.125, 100, 200));
        assertThat(JsonMetrics.read(Exports.bytes(Exports.json(2, "s1", 0.125, 100, 200))))
                .singleElement()
                .satisfies(point -> assertThat(point.cumulative()).isTrue());
        assertThat(JsonMetrics.read(Exports.bytes(Exports.json(0, "s1", 0.125, 100, 200))))
                .isEmpty();
        assertThat(JsonMetrics.read(Exports.bytes("{}"))).isEmpty();
    }

    @Test
    void readsJsonMembersInAnyOrder() throws Exception {
        assertThat(
                        JsonMetrics.read(
                                Exports.bytes(
                                        """
                                {"unknown":{"resourceMetrics":[1]},"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"dataPoints":[
                                {"timeUnixNano":200,"asInt":"3","exemplars":[{"asDouble":9}],"startTimeUnixNano":100}],
                                "aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA"},
                                "metadata":[{"key":"name","value":{"stringValue":"x"}}],"name":"claude_code.cost.usage"}]}]}]}""")))
                .singleElement()
                .satisfies(point -> isDelta(point, 3, 100, 200));
    }

    @Test
    void tellsSeriesApartByAllAttributes() throws Exception {
        assertThat(series(Exports.delta("s1", 1, 1, 2).toByteArray()))
                .isEqualTo(series(Exports.delta("s1", 2, 3, 4).toByteArray()))
                .isNotEqualTo(series(Exports.delta("s2", 1, 1, 2).toByteArray()));
        assertThat(JsonMetrics.read(Exports.bytes(Exports.json(1, "s1", 1, 1, 2)))
                        .get(0)
                        .series())
                .isEqualTo(JsonMetrics.read(Exports.bytes(Exports.json(1, "s1", 2, 3, 4)))
                        .get(0)
                        .series())
                .isNotEqualTo(JsonMetrics.read(Exports.bytes(Exports.json(1, "s2", 1, 1, 2)))
                        .get(0)
                        .series());
    }

    @Test
    void refusesEveryTruncatedProtobuf() {
        byte[] whole = Exports.bytes(Exports.delta("s1", 0.125, 100, 200));
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ProtobufMetrics.read(part))
                    .as("%s bytes", length)
                    .isInstanceOf(UnreadableException.class);
        }
    }

    /** Reading ends, with a result or a refusal. */
    @Test
    void survivesDamagedProtobuf() {
        var random = new Random(7);
        byte[] whole = Exports.bytes(Exports.delta("s1", 0.125, 100, 200));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = 0; n < 3; n++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                ProtobufMetrics.read(damaged);
            } catch (UnreadableException expected) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 19_999);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "{", "{}x", "{} {}", "{\"a\":}", "{\"resourceMetrics\":[}"})
    void refusesWhatIsNoJsonObject(String text) {
        assertThatThrownBy(() -> JsonMetrics.read(Exports.bytes(text))).isInstanceOf(UnreadableException.class);
    }

    @Test
    void refusesDeepJson() {
        assertThatThrownBy(() -> JsonMetrics.read(Exports.bytes("{\"a\":" + "[".repeat(1 << 20))))
                .isInstanceOf(UnreadableException.class);
    }

    private static long series(byte[] message) throws Exception {
        List<CostPoint> points = ProtobufMetrics.read(message);
        return points.get(0).series();
    }

    private static void isDelta(CostPoint point, double usd, long start, long time) {
        assertThat(point.cumulative()).isFalse();
        assertThat(point.usd()).isEqualTo(usd);
        assertThat(point.start()).isEqualTo(start);
        assertThat(point.time()).isEqualTo(time);
    }
}
