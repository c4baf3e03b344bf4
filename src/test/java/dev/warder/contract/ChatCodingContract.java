package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
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
        byte[] message = utf8(Messages.message("Grüß dich"));
        upstream.next(coded(200, coding, coding.equals("identity") ? message : GzipBytes.gzip(message)));
        var answer = exchange(Completions.request(Completions.WHOLE));
        assertThat(Completions.text(answer)).isEqualTo("Grüß dich");
        assertThat(answer.fields().has("content-encoding")).isFalse();
        assertThat(answer.fields().values("content-length")).containsExactly(Integer.toString(answer.body().length));
    }

    @Test
    void tellsEachEventOfAGzipStreamBeforeTheNextIsWritten() throws Exception {
        var read = latch();
        upstream.next((request, reply) -> {
            reply.field("Content-Encoding", "gzip").eventStream();
            var coded = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(coded, true)) {
                for (String events : new String[] {Messages.start(), Messages.delta("one")}) {
                    gzip.write(utf8(events));
                    gzip.flush();
                    reply.chunk(coded.toByteArray());
                    coded.reset();
                }
                reply.await(read);
                gzip.write(utf8(Messages.delta(" two") + Messages.end()));
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
                GzipBytes.gzip(utf8(message.substring(0, 9))), GzipBytes.gzip(utf8(message.substring(9))));
        upstream.next(coded(200, "gzip", members));
        assertThat(Completions.text(exchange(Completions.request(Completions.WHOLE))))
                .isEqualTo("in pieces");
    }

    @Test
    void tellsAnErrorThatCameInGzip() throws Exception {
        byte[] error = utf8(Messages.error("rate_limit_error", "Slow down."));
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
        byte[] good = GzipBytes.gzip(utf8(Messages.message("x".repeat(999))));
        unusable("gzip", new byte[0]);
        unusable("gzip", utf8(Messages.message("plain")));
        unusable("gzip", Arrays.copyOf(good, good.length / 2));
        unusable("gzip", Arrays.copyOf(good, good.length - 20));
        unusable("gzip", Arrays.copyOf(good, 5));
        unusable("gzip", GzipBytes.changed(good, good.length - 6));
        unusable("gzip", GzipBytes.changed(good, 20));
        unusable("gzip", GzipBytes.gzip(good));
        unusable("gzip", GzipBytes.gzip(utf8(" ".repeat(4 << 20))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "gzip, gzip", "br, gzip"})
    void refusesAnAnswerInAnotherCoding(String coding) throws Exception {
        byte[] message = GzipBytes.gzip(GzipBytes.gzip(utf8(Messages.message("x"))));
        unusable(coding, message);
        upstream.next((request, reply) -> {
            reply.field("Content-Encoding", coding).eventStream();
            reply.chunk(message);
            reply.await(latch());
        });
        Completions.refused(exchange(Completions.request(Completions.STREAM)), 502, "server_error", "api_error");
        upstream.take();
        upstream.take().awaitPeerClosed(SOON);
    }

    @Test
    void endsAGzipStreamThatBreaksWithOneError() throws Exception {
        byte[] begin = GzipBytes.gzip(utf8(Messages.start() + Messages.delta("half")));
        byte[] noise = utf8("no member of a gzip file");
        broken(GzipBytes.plus(begin, noise));
        broken(begin);
        broken(GzipBytes.plus(begin, Arrays.copyOf(GzipBytes.gzip(utf8(Messages.end())), 15)));
        broken(GzipBytes.plus(begin, GzipBytes.gzip(utf8(Messages.ping().repeat(200_000)))));
    }

    @Test
    void takesARequestInGzip() throws Exception {
        assertThat(Completions.text(exchange(request("gzip", GzipBytes.gzip(utf8(Completions.WHOLE))))))
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
            assertThat(accessLine(id(answer))).contains("status=502", "end=error");
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
