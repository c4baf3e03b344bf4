package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Digested;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content codings, content types and the size of bodies that are collected. */
class CodingContract extends SharedContract {
    private static final String BODY = "{\"model\":\"claude-x\",\"system\":\"Be brief.\",\"n\":[1.0,1e3]}";

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip"})
    void decodesGzip(String coding) throws Exception {
        var sent = pass(gateway("limits.body", "1m"), coded(coding, GzipBytes.gzip(utf8(BODY))));
        assertThat(sent.text()).isEqualTo(BODY);
        assertThat(sent.fields().has("Content-Encoding")).isFalse();
        assertThat(sent.fields().values("Content-Length")).containsExactly(Integer.toString(BODY.length()));
    }

    @Test
    void decodesSeveralMembers() throws Exception {
        var members = GzipBytes.plus(
                GzipBytes.gzip(utf8(BODY.substring(0, 7))),
                GzipBytes.plus(GzipBytes.gzip(new byte[0]), GzipBytes.gzip(utf8(BODY.substring(7)))));
        assertThat(pass(gateway("limits.body", "1m"), coded("gzip", members)).text())
                .isEqualTo(BODY);
    }

    @Test
    void decodesAChunkedBody() throws Exception {
        var bytes = GzipBytes.gzip(utf8(BODY));
        try (var client = RawClient.connect(gateway("limits.body", "1m").baseUri())) {
            client.send(post("/v1/messages")
                    .field("Transfer-Encoding", "chunked")
                    .field("Content-Encoding", "gzip")
                    .head());
            for (var one : bytes) {
                client.sendChunk(new byte[] {one});
            }
            assertStatus(200, client.sendChunk(new byte[0]).readResponse());
        }
        assertThat(upstream.take().text()).isEqualTo(BODY);
    }

    @Test
    void injectsIntoADecodedBody() throws Exception {
        assertThat(pass(gateway("prompt.text", "House style."), coded("gzip", GzipBytes.gzip(utf8("{}"))))
                        .text())
                .isEqualTo("{\"system\":[{\"type\":\"text\",\"text\":\"House style.\"}]}");
    }

    @Test
    void refusesWhatIsNoGzip() throws Exception {
        var good = GzipBytes.gzip(utf8(BODY));
        broken(new byte[0]);
        broken(utf8(BODY));
        broken(Arrays.copyOf(good, good.length / 2));
        broken(Arrays.copyOf(good, good.length - 1));
        broken(Arrays.copyOf(good, 5));
        broken(GzipBytes.plus(good, utf8("x")));
        broken(GzipBytes.plus(good, new byte[8]));
        broken(GzipBytes.changed(good, good.length - 6));
        broken(GzipBytes.changed(good, good.length - 2));
        broken(GzipBytes.changed(good, 15));
        broken(GzipBytes.gzip(utf8("{\"a\":")));
        broken(GzipBytes.gzip(good));
    }

    @Test
    void refusesBombs() throws Exception {
        var gateway = gateway("limits.body", "1m");
        var byRatio = GzipBytes.gzip(utf8("{\"a\":\"" + "a".repeat(900_000) + "\"}"));
        assertThat(byRatio.length).isLessThan(9000);
        assertThat(refuse(gateway, coded("gzip", byRatio), 413, "request_too_large")
                        .text())
                .contains("{\"error_code\":\"request_body_too_large_after_decoding\"}");
        var bySize = GzipBytes.gzip(utf8("{\"a\":\"" + noise(1_100_000) + "\"}"));
        assertThat(bySize.length).isLessThan(1 << 20);
        refuse(gateway, coded("gzip", bySize), 413, "request_too_large");
        var byMembers = new byte[0];
        for (int i = 0; i < 9; i++) {
            byMembers = GzipBytes.plus(byMembers, GzipBytes.gzip(utf8(" ".repeat(130_000))));
        }
        refuse(gateway, coded("gzip", byMembers), 413, "request_too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "identity, gzip", "aws-chunked"})
    void refusesOtherCodings(String coding) throws Exception {
        var answer = refuse(gateway("limits.body", "1m"), coded(coding, utf8(BODY)), 415, "invalid_request_error");
        assertThat(answer.fields().values("Accept-Encoding")).containsExactly("gzip");
        assertThat(answer.text()).contains("{\"error_code\":\"request_body_encoding_unsupported\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/plain;charset=utf-16", "application/x-www-form-urlencoded", "odd", ""})
    void neitherChecksNorChangesTheContentType(String type) throws Exception {
        var plain = post("/v1/messages").field("Content-Type", type).body(utf8(BODY));
        var sent = pass(gateway("limits.body", "1m"), plain);
        assertThat(sent.text()).isEqualTo(BODY);
        assertThat(String.join(",", sent.fields().values("Content-Type"))).isEqualTo(type);
        var without = post("/v1/messages").body(utf8(BODY));
        assertThat(pass(gateway("limits.body", "1m"), without).fields().has("Content-Type"))
                .isFalse();
    }

    @Test
    void passesIdentity() throws Exception {
        assertThat(pass(gateway("limits.body", "1m"), coded("identity", utf8(BODY)))
                        .text())
                .isEqualTo(BODY);
    }

    @ParameterizedTest
    @CsvSource({"0,200", "1,413"})
    void takesBodiesUpToTheLimit(int more, int status) throws Exception {
        var start = "{\"a\":\"";
        var body = utf8(start + "x".repeat((1 << 20) + more - start.length() - 2) + "\"}");
        var gateway = gateway("limits.body", "1m");
        assertThat(status(gateway, post("/v1/messages").body(body))).isEqualTo(status);
        assertThat(status(
                        gateway,
                        coded(
                                "gzip",
                                GzipBytes.gzip(utf8(start + noise((1 << 20) + more - start.length() - 2) + "\"}")))))
                .isEqualTo(status);
        try (var client = connect(gateway)) {
            client.send(
                    post("/v1/messages").field("Transfer-Encoding", "chunked").head());
            client.sendChunk(body).sendChunk(new byte[0]);
            assertStatus(status, client.readResponse());
        }
        assertThat(upstream.requests()).hasSize(status == 200 ? 3 : 0);
    }

    @Test
    void passesUploadsOfAnySizeAndCoding() throws Exception {
        var bytes = new byte[3 << 20];
        var sent = pass(
                gateway("limits.body", "1m"),
                post("/v1/files").field("Content-Encoding", "br").body(bytes));
        assertThat(sent.crc32c()).isEqualTo(Digested.crc32c(bytes));
        assertThat(sent.fields().values("Content-Encoding")).containsExactly("br");
    }

    private static int status(Container gateway, RawRequest request) throws IOException {
        return exchange(gateway, request).status();
    }

    private void broken(byte[] body) throws Exception {
        refuse(gateway("limits.body", "1m"), coded("gzip", body), 400, "invalid_request_error");
    }

    private static RawRequest coded(String coding, byte[] body) {
        return post("/v1/messages").field("Content-Encoding", coding).body(body);
    }

    /** Text that gzip makes about half as long. */
    private static String noise(int length) {
        var text = new StringBuilder(length);
        new Random(11).ints(length, 'a', 'a' + 16).forEach(c -> text.append((char) c));
        return text.toString();
    }
}
