package dev.warder.quota;

import dev.warder.auth.Client;
import dev.warder.body.Chunks;
import dev.warder.gate.Gate;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Meter;
import dev.warder.http.Call;
import dev.warder.http.Field;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.json.JsonException;
import dev.warder.json.OutlineScanner;
import dev.warder.policy.LivePolicy;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.OutputRate;
import dev.warder.usage.Rows;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** The gate of rate limits with a policy, on a clock that stands still until it is moved. */
final class LimitedRequests {
    private static final String MODEL = "claude-haiku-4-5";

    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private final AtomicLong millis = new AtomicLong();
    private final Gate gate;

    LimitedRequests(String policyText) throws Exception {
        policy.accept(policyText.getBytes(StandardCharsets.UTF_8));
        var limiting =
                new RateLimiting(Optional.empty(), Thread::new, () -> TimeUnit.MILLISECONDS.toNanos(millis.get()));
        var models = new AssumedModels(OutputRate.DEFAULT, model -> 200_000);
        gate = limiting.gate(new Bounds(Rows.shipped(""), models), (fields, now) -> List.of(), InstantSource.system());
    }

    Gate gate() {
        return gate;
    }

    /** The time in milliseconds. */
    AtomicLong millis() {
        return millis;
    }

    /** The time passes, after which a meter looks at it. */
    void pass(long more, Meter meter) {
        meter.tick(TimeUnit.MILLISECONDS.toNanos(millis.addAndGet(more)));
    }

    /** @param bytes the length of its body */
    Inquiry inquiry(String client, int bytes) throws JsonException {
        byte[] begin = ("{\"model\":\"" + MODEL + "\",\"max_tokens\":64000,\"stream\":true,\"messages\":[]}")
                .getBytes(StandardCharsets.UTF_8);
        var chunks = new Chunks();
        chunks.append(begin, 0, begin.length);
        return new Inquiry(
                new Call("req-1", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES),
                new Client(client, Set.of(), List.of(), policy.current().entry(client), Optional.empty()),
                false,
                Optional.empty(),
                List.of(),
                Optional.of(new Inquiry.Content(
                        bytes, OutlineScanner.outline(chunks), Optional.of(MODEL), OptionalLong.of(64_000))));
    }

    static String value(List<Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Field::value)
                .collect(Collectors.joining());
    }
}
