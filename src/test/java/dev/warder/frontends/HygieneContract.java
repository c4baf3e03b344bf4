package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.TestCertificate;
import java.io.EOFException;
import java.net.SocketException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that are odd or large: what reaches the upstream through a front end, and who refuses the rest. */
abstract class HygieneContract extends RigContract {
    private final Set<OddRequest> passing;

    /**
     * Stands on this pair.
     *
     * @param passing which of the odd requests the pair lets through to the upstream; every other one is refused
     */
    HygieneContract(FrontEnd kind, Container.Starter starter, Set<OddRequest> passing) {
        super(kind, starter);
        this.passing = Set.copyOf(passing);
    }

    @ParameterizedTest
    @EnumSource(OddRequest.class)
    void isReadInOneWayOrRefused(OddRequest odd) throws Exception {
        var answer = send(odd.text(Rig.ACCESS_TOKEN));
        Report.figure(rig, odd.name().toLowerCase(Locale.ROOT).replace('_', ' '), told(answer));
        var passed = answer.map(RawResponse::status).equals(Optional.of(200));
        assertThat(passed).as("%s: %s", odd, answer).isEqualTo(passing.contains(odd));
        if (passed) {
            var request = rig.upstream().take();
            assertThat(request.target()).isEqualTo(odd.upstreamTarget());
            assertThat(request.text()).isEqualTo(odd.upstreamBody());
            assertThat(rig.upstream().requests()).hasSize(1);
        } else {
            assertThat(answer.map(RawResponse::status).orElse(400)).isBetween(400, 501);
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }

    /** Longer than any front end takes by itself. */
    @Test
    void bringsUpALongField() throws Exception {
        var value = "b".repeat(20_000);
        var answer = send(get().field("anthropic-beta", value).head()).orElseThrow();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(rig.upstream().take().fields().values("anthropic-beta")).containsExactly(value);
    }

    @Test
    void bringsDownALongField() throws Exception {
        var value = "v".repeat(12_000);
        rig.upstream()
                .next((request, reply) -> reply.field("anthropic-long", value).json(200, "{}"));
        var answer = send(get().head()).orElseThrow();
        assertThat(answer.fields().values("anthropic-long")).containsExactly(value);
    }

    @Test
    void refusesABodyThatTheApiWouldNotTake() throws Exception {
        var head = "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600000000\r\n\r\n";
        assertThat(send(head).map(RawResponse::status)).contains(413);
        assertThat(rig.upstream().requests()).isEmpty();
    }

    private static RawRequest get() {
        return RawRequest.of("GET", "/v1/models")
                .field("x-api-key", Rig.ACCESS_TOKEN)
                .field("Connection", "close");
    }

    private Optional<RawResponse> send(String text) throws Exception {
        var context = TestCertificate.shared().clientContext();
        try (var client = RawClient.connect(rig.uri(), context)) {
            return Optional.of(client.send(text).readResponse());
        } catch (EOFException | SocketException closed) {
            return Optional.empty();
        }
    }

    /** Who refused, as far as the answer shows: only Warder gives its requests an id. */
    private static String told(Optional<RawResponse> answer) {
        if (answer.isEmpty()) {
            return "closed";
        }
        var status = answer.get().status();
        if (status == 200) {
            return "passes";
        }
        return (answer.get().fields().has("X-Warder-Request-Id") ? "Warder " : "before Warder ") + status;
    }
}
