package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Content codings on both sides of a chat completion (rule "Content codings"): gzip is read, whatever else there is, is
 * not.
 */
class ChatCodingContract extends DeployedContract {
    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("stream.keepAlive", "0s")
                .with("limits.body", "1m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity"})
    void readsAWholeAnswerInGzip(String coding) throws Exception {
        byte[] message = Messages.message("Grüß dich").getBytes(UTF_8);
        upstream.next(coded(200, coding, coding.equals("identity") ? message : GzipBytes.gzip(message)));
        var answer = exchange(Completions.request(Completions.WHOLE));
        assertThat(Completions.text(answer)).isEqualTo("Grüß dich");
        assertThat(answer.fields().has("content-encoding")).isFalse();
        assertThat(answer.fields().values("content-length")).containsExactly(Integer.toString(answer.body().length));
    }

    @Test
    void tellsEachEventOfAGzipStreamBeforeTheNextIsWritten() throws Exception {
        var read = new CountDownLatch(1);
        upstream.next((request, reply) -> {
            reply.field("Content-Encoding", "gzip").eventStream();
            var coded = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(coded, true)) {
                for (String events : new String[] {Messages.start(), Messages.delta("one")}) {
                    gzip.write(events.getBytes(UTF_8));
                    gzip.flush();
                    reply.chunk(coded.toByteArray());
                    coded.reset();
                }
                reply.await(read);
                gzip.write((Messages.delta(" two") + Messages.end()).getBytes(UTF_8));
            }
            reply.dribbleChunks(coded.toByteArray());
            reply.lastChunk();
        });
        try (var client = client()) {
            var head = client.send(Completions.request(Completions.STREAM)).readHead();
            assertThat(head.fields().has("content-encoding")).isFalse();
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\":\"assistant\"");
            assertThat(client.readEvent().orElseThrow().data()).contains("\"content\":\"one\"");
            read.countDown();
            String rest = client.readBody(head).text();
            assertThat(Completions.streamedText(rest)).isEqualTo(" two");
            assertThat(rest).endsWith(Completions.DONE);
        }
    }

    @Test
    void readsSeveralMembers() throws Exception {
        String message = Messages.message("in pieces");
        byte[] members = GzipBytes.plus(
                GzipBytes.gzip(message.substring(0, 9).getBytes(UTF_8)),
                GzipBytes.gzip(message.substring(9).getBytes(UTF_8)));
        upstream.next(coded(200, "gzip", members));
        assertThat(Completions.text(exchange(Completions.request(Completions.WHOLE))))
                .isEqualTo("in pieces");
    }

    @Test
    void tellsAnErrorThatCameInGzip() throws Exception {
        byte[] error = Messages.error("rate_limit_error", "Slow down.").getBytes(UTF_8);
        for (String body : new String[] {Completions.WHOLE, Completions.STREAM}) {
            upstream.next((request, reply) ->
                    coded(429, "gzip", GzipBytes.gzip(error)).run(request, reply.field("retry-after", "7")));
            var answer = exchange(Completions.request(body));
            assertThat(Completions.refused(answer, 429, "requests", "rate_limit_exceeded"))
                    .isEqualTo("Slow down.");
            assertThat(answer.fields().values("retry-after")).containsExactly("7");
        }
    }

    @Test
    void refusesAnAnswerThatIsNoGzip() throws Exception {
        byte[] good = GzipBytes.gzip(Messages.message("x".repeat(999)).getBytes(UTF_8));
        unusable("gzip", new byte[0]);
        unusable("gzip", Messages.message("plain").getBytes(UTF_8));
        unusable("gzip", Arrays.copyOf(good, good.length / 2));
        unusable("gzip", Arrays.copyOf(good, good.length - 20));
        unusable("gzip", Arrays.copyOf(good, 5));
        unusable("gzip", GzipBytes.changed(good, good.length - 6));
        unusable("gzip", GzipBytes.changed(good, 20));
        unusable("gzip", GzipBytes.gzip(good));
        unusable("gzip", GzipBytes.gzip(" ".repeat(4 << 20).getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "gzip, gzip", "br, gzip"})
    void refusesAnAnswerInAnotherCoding(String coding) throws Exception {
        byte[] message = GzipBytes.gzip(GzipBytes.gzip(Messages.message("x").getBytes(UTF_8)));
        unusable(coding, message);
        upstream.next((request, reply) -> {
            reply.field("Content-Encoding", coding).eventStream();
            reply.chunk(message);
            reply.await(new CountDownLatch(1));
        });
        var answer = exchange(Completions.request(Completions.STREAM));
        Completions.refused(answer, 502, "server_error", "api_error");
        upstream.take();
        upstream.take().awaitPeerClosed(SOON);
    }

    @Test
    void endsAGzipStreamThatBreaksWithOneError() throws Exception {
        byte[] begin = GzipBytes.gzip((Messages.start() + Messages.delta("half")).getBytes(UTF_8));
        byte[] noise = "no member of a gzip file".getBytes(UTF_8);
        broken(GzipBytes.plus(begin, noise));
        broken(begin);
        broken(GzipBytes.plus(begin, Arrays.copyOf(GzipBytes.gzip(Messages.end().getBytes(UTF_8)), 15)));
        broken(GzipBytes.plus(
                begin, GzipBytes.gzip(Messages.ping().repeat(200_000).getBytes(UTF_8))));
    }

    @Test
    void takesARequestInGzip() throws Exception {
        assertThat(Completions.text(exchange(request("gzip", GzipBytes.gzip(Completions.WHOLE.getBytes(UTF_8))))))
                .isEqualTo("Hello.");
        var sent = upstream.take();
        assertThat(sent.text()).contains("\"model\":\"" + Completions.MODEL + "\"");
        assertThat(sent.fields().has("content-encoding")).isFalse();
    }

    private void refused(RawRequest request, int status, String code) throws IOException {
        Completions.refused(exchange(request), status, "invalid_request_error", code);
    }

    private void unusable(String coding, byte[] body) throws Exception {
        for (String asked : new String[] {Completions.WHOLE, Completions.STREAM}) {
            upstream.next(coded(200, coding, body));
            var answer = exchange(Completions.request(asked));
            Completions.refused(answer, 502, "server_error", "api_error");
            assertThat(accessLine(Completions.id(answer))).contains("status=502", "end=error");
        }
        upstream.take();
    }

    private void broken(byte[] coded) throws Exception {
        upstream.next((request, reply) -> {
            reply.field("Content-Encoding", "gzip").eventStream();
            reply.chunk(coded);
            reply.lastChunk();
        });
        Completions.brokenOff(exchange(Completions.request(Completions.STREAM)).text(), "half", "api_error");
    }

    private static Script coded(int status, String coding, byte[] body) {
        return (request, reply) -> {
            reply.status(status)
                    .field("Content-Type", "application/json")
                    .field("Content-Encoding", coding)
                    .length(body.length);
            reply.content(body);
        };
    }

    private static RawRequest request(String coding, byte[] body) {
        return Completions.authenticated("POST", Completions.PATH)
                .field("Content-Encoding", coding)
                .body(body);
    }
}
