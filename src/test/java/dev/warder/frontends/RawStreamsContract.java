package dev.warder.frontends;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawStreamCheck;
import dev.warder.testkit.RawStreams;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.Turns;
import java.io.EOFException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of odd framing through a front end: one request in is one request out, and no body is served as a request. */
abstract class RawStreamsContract extends RigContract {
    /** nginx reads what follows the digits as an extension; what it sends to the node is well-formed. */
    private static final Set<String> NGINX_READS = Set.of("2 2", "2\t2");

    private static final int COUNT = Turns.of(60, 300);

    private final long seed = Long.getLong("warder.seed", System.nanoTime());
    /** The odd chunk sizes that the front end reads as 2 and replaces by a well-formed one. */
    private Set<String> sizesRead() {
        return kind() instanceof FrontEnd.NginxFrontEnd ? NGINX_READS : Set.of();
    }

    @Override
    Rig startRig() throws Exception {
        Assumptions.assumeTrue(
                kind().installed(), "skipped: " + kind().name() + " needs the program " + kind().program());
        return super.startRig();
    }

    @Test
    void bringOutWhatCameIn() throws Exception {
        System.out.println("raw streams through " + rig.name() + ": warder.seed=" + seed);
        var streams = new RawStreams(Rig.ACCESS_TOKEN, new Random(seed), sizesRead()).next(COUNT);
        var trusting = TestCertificate.shared().clientContext();
        int served = RawStreamCheck.check(streams, () -> RawClient.connect(rig.uri(), trusting), rig.upstream());
        Rig.Report.figure(rig, "raw streams", COUNT + " sent, " + served + " requests served");
        assertThat(served).as("served, seed %d", seed).isGreaterThan(COUNT / 3);
    }

    /**
     * Lengths that need more than 32 or 64 bits. HAProxy 2.6 by itself reads 2^64 to 2^64 + 3 as 0 to 3, because it looks
     * for the overflow in signed numbers; a rule of {@code conf/haproxy} refuses lengths of more than 9 digits.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4294967296",
                "999999999999999999",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "18446744073709551617",
                "18446744073709551619",
                "18446744073709551616, 18446744073709551616",
                "18446744073709551616\r\nContent-Length: 18446744073709551616",
                "36893488147419103232",
                "340282366920938463463374607431768211456"
            })
    void endsTheConnectionAtAnEnormousLength(String length) throws Exception {
        rig.upstream().script(RawStreamCheck.echo());
        var statuses = statuses(post("/v1/echo/odd", "Content-Length: " + length) + get("/v1/echo/behind"));
        assertThat(statuses).hasSizeLessThan(2).allMatch(status -> status == 400 || status == 413);
        assertThat(rig.upstream().requests()).isEmpty();
    }

    /** RFC 9112, section 7.1, has no such size; where a front end reads it, its node gets the body that was read. */
    @ParameterizedTest
    @ValueSource(strings = {"2 2", "+2", "0x2", "2\u0000", "2,2", "2\t2"})
    void readsAnOddChunkSizeInOneWayOrRefuses(String size) throws Exception {
        rig.upstream().script(RawStreamCheck.echo());
        var body = size + "\r\n{}\r\n0\r\n\r\n";
        var statuses = statuses(post("/v1/echo/odd", "Transfer-Encoding: chunked") + body + get("/v1/echo/behind"));
        var requests = rig.upstream().requests().stream()
                .collect(Collectors.toMap(RecordedRequest::target, RecordedRequest::text));
        if (sizesRead().contains(size)) {
            assertThat(statuses).containsExactly(200, 200);
            assertThat(requests).hasSize(2).containsEntry("/v1/echo/odd", "{}").containsEntry("/v1/echo/behind", "");
        } else {
            assertThat(statuses).hasSizeLessThan(2).allMatch(status -> status == 400);
            assertThat(requests).isEmpty();
        }
    }

    private static String post(String path, String line) {
        return head("POST", path) + line + "\r\n\r\n";
    }

    private static String get(String path) {
        return head("GET", path) + "Connection: close\r\n\r\n";
    }

    private static String head(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Warder-Token: " + Rig.ACCESS_TOKEN + "\r\n";
    }

    /** What comes back until the connection ends. */
    private List<Integer> statuses(String text) throws Exception {
        var statuses = new ArrayList<Integer>();
        try (var client = RawClient.connect(rig.uri(), TestCertificate.shared().clientContext())) {
            client.send(text.getBytes(ISO_8859_1));
            while (true) {
                statuses.add(client.readResponse().status());
            }
        } catch (EOFException | SocketException over) {
            return statuses;
        }
    }
}
