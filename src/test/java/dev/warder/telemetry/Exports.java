package dev.warder.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Messages as Claude Code sends them, made with the published definitions. */
public final class Exports {
    private static final String COST = "claude_code.cost.usage";

    private Exports() {}

    /** A message in which one session reports a cost for one model, and a number of tokens. */
    public static ExportMetricsServiceRequest cost(
            AggregationTemporality temporality, String session, String model, double usd, long start, long time) {
        var point = NumberDataPoint.newBuilder()
                .addAttributes(text("session.id", session))
                .addAttributes(text("model", model))
                .setStartTimeUnixNano(start)
                .setTimeUnixNano(time)
                .setAsDouble(usd);
        var cost = Metric.newBuilder()
                .setName(COST)
                .setDescription("Cost of the Claude Code session")
                .setUnit("USD")
                .setSum(Sum.newBuilder()
                        .setAggregationTemporality(temporality)
                        .setIsMonotonic(true)
                        .addDataPoints(point));
        var tokens = Metric.newBuilder()
                .setName("claude_code.token.usage")
                .setSum(Sum.newBuilder()
                        .setAggregationTemporality(temporality)
                        .setIsMonotonic(true)
                        .addDataPoints(point.clone().setAsInt(77)));
        var other = Metric.newBuilder()
                .setName("claude_code.other")
                .setGauge(Gauge.newBuilder().addDataPoints(point.clone().setAsDouble(5)));
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(text("service.name", "claude-code")))
                        .addScopeMetrics(ScopeMetrics.newBuilder()
                                .addMetrics(tokens)
                                .addMetrics(cost)
                                .addMetrics(other)))
                .build();
    }

    /** Differences. */
    public static ExportMetricsServiceRequest delta(String session, double usd, long start, long time) {
        return cost(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA, session, "claude-opus-5-5", usd, start, time);
    }

    /** Sums. */
    public static ExportMetricsServiceRequest cumulative(String session, double usd, long start, long time) {
        return cost(
                AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
                session,
                "claude-opus-5-5",
                usd,
                start,
                time);
    }

    /** The message of one session with one point as OTLP's JSON has it, with the members of the metric in the usual order. */
    public static String json(int temporality, String session, double usd, long start, long time) {
        return String.format(
                Locale.ROOT,
                """
                {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"claude-code"}}],
                "droppedAttributesCount":0},"scopeMetrics":[{"scope":{"name":"com.anthropic.claude_code","version":"2.1"},
                "metrics":[
                {"name":"claude_code.token.usage","sum":{"aggregationTemporality":%1$d,"isMonotonic":true,
                "dataPoints":[{"asInt":"77","startTimeUnixNano":"%4$d","timeUnixNano":"%5$d","attributes":[]}]}},
                {"name":"claude_code.cost.usage","description":"x","unit":"USD","sum":{"aggregationTemporality":%1$d,
                "isMonotonic":true,"dataPoints":[{"attributes":[{"key":"session.id","value":{"stringValue":"%2$s"}},
                {"key":"model","value":{"stringValue":"claude-opus-5-5"}}],
                "startTimeUnixNano":"%4$d","timeUnixNano":"%5$d","asDouble":%3$s}]}}]}]}]}""",
                temporality,
                session,
                usd,
                start,
                time);
    }

    /** The bytes of a text. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The message that a collector reads. */
    public static ExportMetricsServiceRequest parse(byte[] message) throws InvalidProtocolBufferException {
        return ExportMetricsServiceRequest.parseFrom(message);
    }

    private static KeyValue.Builder text(String key, String value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value));
    }

    static byte[] bytes(Message message) {
        return message.toByteArray();
    }
}
