package dev.warder.exchange.tries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.auth.Gates;
import dev.warder.auth.Inquiry;
import dev.warder.body.Bodies;
import dev.warder.body.Chunks;
import dev.warder.config.Sources;
import dev.warder.credential.CredentialChoice;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedSettings.PoolOrder;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.tries.TriesContext.Replays;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SendProgress;
import dev.warder.exchange.up.SendProgress.RequestContent;
import dev.warder.exchange.up.Upload.EditedBody;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.BodyPolicy;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.json.JsonException;
import dev.warder.json.JsonTree;
import dev.warder.json.MemberPaths;
import dev.warder.json.OutlineScanner;
import dev.warder.json.RequestEdit;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.testkit.Messages;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.upstream.CompleteResponse;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamSettings.Http2;
import dev.warder.usage.UsageRow;
import dev.warder.usage.Usages;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two kinds of upstream behind one request, each at an origin of its own: the API, and one with another path, the model in it, a
 * signature over the final bytes, and frames that are no event stream.
 */
class ProviderTest {
    private static final String BODY = "{\"max_tokens\":9,\"stream\":true,\"model\":\"claude-x\"}";
    private static final String BODY_WITHOUT_MODEL = "{\"max_tokens\":9,\"stream\":true}";
    private static final String TARGET = "/model/claude-x/invoke";
    private static final String CLOUD = "key-of-the-cloud";
    private static final String FRAMES = "application/vnd.example.frames";

    private ScriptedUpstream api;
    private ScriptedUpstream cloud;
    private UpstreamClient client;
    private Provider first;
    private Provider second;
    private final Receiver receiver = new Receiver();
    private List<UsageRow> usage = List.of();

    @BeforeEach
    void start() throws IOException {
        api = ScriptedUpstream.plain();
        cloud = ScriptedUpstream.plain();
        client = new UpstreamClient(
                api.uri(), Duration.ofSeconds(5), Http2.OFF, Outbound.DIRECT, Thread::new, System::nanoTime);
        client.start();
        first = new AnthropicApi(api.uri(), "2023-06-01", client.origin());
        second = new Cloud(cloud.uri(), client.add(cloud.uri(), Http2.OFF));
        cloud.script((request, reply) -> {
            reply.field("Content-Type", FRAMES).chunked();
            reply.dribbleChunks(frames());
            reply.lastChunk();
        });
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        api.close();
        cloud.close();
    }

    @Test
    void makesTheApisResponseOfTheOnesFrames() throws Exception {
        exchange(CLOUD);
        assertThat(receiver.passed()).isEqualTo("200 " + String.join("", Messages.stream("Hello", "you")) + "end");
        assertThat(usage).extracting(row -> row.consumption().counts().output()).containsExactly(5L);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void writesEachTryForTheUpstreamThatItGoesTo() throws Exception {
        api.script((request, reply) -> reply.json(529, Messages.error("overloaded_error", "busy")));
        exchange("key-of-the-api", CLOUD);
        var refused = api.take();
        assertThat(refused.target()).isEqualTo("/v1/messages");
        assertThat(refused.text()).isEqualTo(BODY);
        assertThat(refused.fields().values("x-api-key")).containsExactly("key-of-the-api");
        var served = cloud.take();
        assertThat(served.target()).isEqualTo(TARGET);
        assertThat(served.text()).isEqualTo(BODY_WITHOUT_MODEL);
        assertThat(served.fields().values("x-signature")).containsExactly(signature(served.body()));
        assertThat(served.fields().has("x-api-key")).isFalse();
        assertThat(receiver.passed()).startsWith("200 event: message_start").endsWith("end");
    }

    /** Sends one request with the operator's credentials of these values, and waits for the end of its response. */
    private void exchange(String... values) throws Exception {
        var record = Records.message(System::nanoTime);
        record.usage(Usages.begun(Optional.of("ci")));
        var context = new TriesContext(first, (use, value) -> {}, new Replays(() -> 1), System::nanoTime);
        var pool = new CredentialPool(
                Arrays.stream(values)
                        .map(value -> new CredentialPool.Entry(source(value), 1, value.equals(CLOUD) ? second : first))
                        .toList(),
                PoolOrder.ORDERED,
                System::nanoTime,
                Instant::now);
        var tries = new Tries(
                context,
                record,
                new CredentialChoice.Managed(pool.candidates(Client.OPEN, Optional.empty())),
                deadlines(),
                new Gates(List.of(), System::nanoTime).passage(record).meters(),
                receiver,
                receiver.ended::completeExceptionally);
        var inquiry = new Inquiry(record.call(), Client.OPEN, false, Optional.empty(), List.of(), Optional.empty());
        tries.begin(outgoing(), inquiry);
        receiver.ended.get(20, TimeUnit.SECONDS);
        tries.abort();
        record.end(RequestEnd.OK, 0);
        usage = record.completed().orElseThrow().usage();
    }

    private static CredentialSource source(String value) {
        return new RenewedSource(
                value,
                false,
                CompletableFuture.completedFuture(new UpstreamCredential.ApiKey(value)),
                new CompletableFuture<>());
    }

    private static Deadlines deadlines() {
        return new Deadlines(Sources.with("clients.open", "true").read().proxy().timeouts(), System.nanoTime());
    }

    private static Outgoing outgoing() throws JsonException {
        var body = Bodies.of(BODY);
        var policy = new BodyPolicy(
                ModelResolver.UNCHANGED, Optional.empty(), false, Optional.of(MemberPaths.of(List.of("model"))));
        var outline = OutlineScanner.outline(body, policy);
        return new Outgoing(
                new RequestHead("POST", "/v1/messages", List.of(), -1, true, ""),
                true,
                true,
                outline.modelName(),
                Optional.empty(),
                new EditedBody(body, outline, List.of(), body),
                sent -> new SendProgress(deadlines(), System::nanoTime, () -> {}).with(new Content(sent)));
    }

    private static byte[] frames() {
        var frames = ByteBuffer.allocate(4096);
        for (var event : String.join("", Messages.stream("Hello", "you")).split("\n\n")) {
            byte[] data = event.substring(event.indexOf("data: ") + 6).getBytes(UTF_8);
            frames.putInt(data.length).put(data);
        }
        return Arrays.copyOf(frames.array(), frames.position());
    }

    private static String signature(byte[] body) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(CLOUD.getBytes(UTF_8), "HmacSHA256"));
        mac.update(TARGET.getBytes(UTF_8));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    /** The other kind of upstream. */
    private record Cloud(URI url, UpstreamClient.Origin origin) implements Provider {
        @Override
        public Optional<ErrorReply> refusal(Inquiry request) {
            return Optional.empty();
        }

        @Override
        public boolean listsModels() {
            return false;
        }

        @Override
        public CompletableFuture<CompleteResponse> models(UpstreamCredential credential, String query, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<String> members() {
            return Set.of("model");
        }

        @Override
        public Rendered render(Outgoing what, List<Field> fields, UpstreamCredential credential) {
            var body = what.body(
                    (outline, collected) -> RequestEdit.cut(outline.found().orElseThrow(), collected));
            var signed = new ArrayList<>(fields);
            try {
                signed.add(new Field("X-Signature", signature(body.copy(0, body.length()))));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
            var target = "/model/" + what.model().orElseThrow() + "/invoke";
            var head = what.head().message(origin.host(), target, signed);
            return new Rendered(origin, head, body, Frames::new);
        }
    }

    /** The stage that makes events of frames: the length of the data in four bytes, and the data. */
    private static final class Frames implements ResponseSink {
        private final ResponseSink next;
        private byte[] open = {};

        Frames(ResponseSink next) {
            this.next = next;
        }

        @Override
        public void head(ResponseHead head, Flow flow) {
            assertThat(head.field("content-type")).contains(FRAMES);
            var fields = List.of(new Field("Content-Type", "text/event-stream"));
            next.head(new ResponseHead(head.status(), fields, -1, "", true), flow);
        }

        @Override
        public void piece(byte[] bytes, int read) {
            var all = ByteBuffer.wrap(ByteBuffer.allocate(open.length + bytes.length)
                    .put(open)
                    .put(bytes)
                    .array());
            var events = new StringBuilder();
            while (all.remaining() >= 4 && all.remaining() >= 4 + all.getInt(all.position())) {
                byte[] data = new byte[all.getInt()];
                all.get(data);
                var text = new String(data, UTF_8);
                var type = JsonTree.text(JsonTree.parseObject(text).orElseThrow(), "type");
                events.append(Messages.event(type, text));
            }
            open = Arrays.copyOfRange(all.array(), all.position(), all.limit());
            next.piece(events.toString().getBytes(UTF_8), read);
        }

        @Override
        public void end() {
            next.end();
        }

        @Override
        public void failed(Failure failure) {
            next.failed(failure);
        }
    }

    /** The client: takes all bytes at once. */
    private static final class Receiver implements ResponseSink {
        final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private final StringBuilder passed = new StringBuilder();
        private Flow flow;

        String passed() {
            return passed.toString();
        }

        @Override
        public void head(ResponseHead head, Flow upstream) {
            flow = upstream;
            passed.append(head.status()).append(' ');
        }

        @Override
        public void piece(byte[] bytes, int read) {
            passed.append(new String(bytes, UTF_8));
            flow.taken(read);
        }

        @Override
        public void end() {
            passed.append("end");
            ended.complete(null);
        }

        @Override
        public void failed(Failure failure) {
            ended.completeExceptionally(new AssertionError(failure.reply().message()));
        }
    }

    /** A body on its way up. */
    private static final class Content implements RequestContent {
        private final BasicAsyncEntityProducer bytes;

        Content(@Nullable Chunks body) {
            bytes = new BasicAsyncEntityProducer(body.copy(0, body.length()), ContentType.APPLICATION_JSON);
        }

        @Override
        public long getContentLength() {
            return bytes.getContentLength();
        }

        @Override
        public int available() {
            return bytes.available();
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            bytes.produce(channel);
        }

        @Override
        public void releaseResources() {
            bytes.releaseResources();
        }
    }
}
