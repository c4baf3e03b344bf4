package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.auth.Client;
import dev.warder.auth.Inquiry;
import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.credential.CredentialPool.AdditionalUpstreams;
import dev.warder.credential.CredentialPool.Entry;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.tries.Provider;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.JsonOutline;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.json.RequestEdit;
import dev.warder.upstream.CompleteResponse;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamSettings.Http2;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * Lives in a changed WAR and adds an upstream of another kind, the cloud, at the address {@link #ADDRESS}: one model, which is in
 * the path; another field for the credential, a key for each team; frames in place of events, and errors of another form; no token
 * counts, no search of the web, nothing for the client {@code writer}.
 */
public final class UpstreamListener implements ServletContextListener {
    /** The name of the address in JNDI. */
    static final String ADDRESS = "test/cloud";

    static final String MODEL = PolicyGround.MODEL;
    static final String FRAMES = "application/vnd.example.frames";
    static final String KEY_FIELD = "X-Cloud-Key";
    static final String ID_FIELD = "X-Cloud-Request-Id";

    /** Made by the container. */
    public UpstreamListener() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        var url = address();
        Attributes.put(
                event.getServletContext(),
                AdditionalUpstreams.class,
                client -> List.of(new Entry(new TeamKeys(), 1, new Cloud(url, client, new AtomicReference<>()))));
    }

    private static URI address() {
        try {
            return URI.create((String) new InitialContext().lookup("java:comp/env/" + ADDRESS));
        } catch (NamingException missing) {
            throw new IllegalStateException(missing);
        }
    }

    static String key(String team) {
        return "cloud-key-of-" + team;
    }

    /** The length of each text in four bytes, and the text. */
    static byte[] frames(List<String> texts) {
        var frames = new ByteArrayOutputStream();
        for (var text : texts) {
            byte[] data = text.getBytes(UTF_8);
            frames.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
            frames.writeBytes(data);
        }
        return frames.toByteArray();
    }

    /** What a request to the cloud is signed with. */
    private record TeamKey(String value) implements UpstreamCredential {
        @Override
        public String kind() {
            return "team-key";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** A key for each team, and one for clients without. */
    private record TeamKeys() implements CredentialSource {
        @Override
        public String name() {
            return "cloud";
        }

        @Override
        public Kind kind() {
            return Kind.API_KEY;
        }

        @Override
        public CompletionStage<UpstreamCredential> current(Client client) {
            return CompletableFuture.completedFuture(
                    new TeamKey(key(client.team().orElse("none"))));
        }

        @Override
        public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
            return CompletableFuture.failedFuture(UnavailableException.passing("there is no other"));
        }
    }

    /** @param origin added with the first request, while the application runs */
    private record Cloud(URI url, UpstreamClient client, AtomicReference<UpstreamClient.@Nullable Origin> origin)
            implements Provider {
        @Override
        public Optional<ErrorReply> refusal(Inquiry request) {
            if (!request.call().runsModel()) {
                return refused("no " + request.call().target().path());
            }
            if (!request.model().equals(Optional.of(MODEL))) {
                return refused("no model " + request.model().orElse("without a name"));
            }
            if (request.field("anthropic-beta").isPresent()) {
                return refused("no betas");
            }
            if (request.client().name().equals("writer")) {
                return refused("no client writer");
            }
            var found = request.content().flatMap(content -> content.outline().found());
            return found.isEmpty()
                    ? refused("no such body")
                    : found.get().stream()
                            .flatMap(each -> each.text().stream())
                            .filter(text -> text.startsWith("web_search"))
                            .findFirst()
                            .flatMap(tool -> refused("no tool " + tool));
        }

        private static Optional<ErrorReply> refused(String why) {
            return Optional.of(ErrorReply.invalidRequest("The cloud has " + why + "."));
        }

        @Override
        public Set<String> members() {
            return Set.of("model", "metadata.user_id", "tools[].type");
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
        public Rendered render(Outgoing what, List<Field> fields, UpstreamCredential credential) {
            var sent = new ArrayList<>(RequestHead.withoutDigests(fields));
            sent.add(new Field(KEY_FIELD, ((TeamKey) credential).value()));
            var to = origin.updateAndGet(added -> added == null ? client.add(url, Http2.OFF) : added);
            var head = what.head().message(to.host(), "/model/" + MODEL + "/invoke", sent);
            return new Rendered(to, head, what.body(Cloud::edits), Decoder::new);
        }

        private static List<Splice> edits(JsonOutline outline, Chunks body) {
            var cut = outline.found().orElseThrow().stream()
                    .filter(each -> !each.path().startsWith("tools"))
                    .toList();
            var added = Splice.insert(outline.closingBrace(), ",\"cloud\":1".getBytes(UTF_8));
            return RequestEdit.both(RequestEdit.cut(cut, body), List.of(added));
        }
    }

    /** Makes the API's response: its id, the events of its frames, and its form of errors. */
    private static final class Decoder implements ResponseSink {
        private final ResponseSink next;
        private boolean frames;
        private boolean error;
        private byte[] open = {};

        Decoder(ResponseSink next) {
            this.next = next;
        }

        @Override
        public void head(ResponseHead head, Flow flow) {
            frames = head.field("content-type").equals(Optional.of(FRAMES));
            error = head.status() >= 400;
            var fields = new ArrayList<>(head.fields());
            head.field(ID_FIELD).ifPresent(id -> fields.add(new Field("request-id", id)));
            if (frames) {
                fields.removeIf(field -> field.name().equalsIgnoreCase("content-type"));
                fields.add(new Field("Content-Type", "text/event-stream"));
            }
            long length = frames || error ? -1 : head.contentLength();
            next.head(new ResponseHead(head.status(), fields, length, "", frames), flow);
        }

        @Override
        public void piece(byte[] bytes, int read) {
            if (!frames && !error) {
                next.piece(bytes, read);
                return;
            }
            var all = ByteBuffer.wrap(ByteBuffer.allocate(open.length + bytes.length)
                    .put(open)
                    .put(bytes)
                    .array());
            var events = new StringBuilder();
            while (frames && all.remaining() >= 4 && all.remaining() >= 4 + all.getInt(all.position())) {
                byte[] data = new byte[all.getInt()];
                all.get(data);
                events.append(event(new String(data, UTF_8)));
            }
            open = Arrays.copyOfRange(all.array(), all.position(), all.limit());
            next.piece(events.toString().getBytes(UTF_8), read);
        }

        private static String event(String data) {
            var type = JsonTree.text(JsonTree.parseObject(data).orElseThrow(), "type");
            return "event: " + type + "\ndata: " + data + "\n\n";
        }

        @Override
        public void end() {
            if (error) {
                var message = JsonTree.text(
                        JsonTree.parseObject(new String(open, UTF_8)).orElseThrow(), "message");
                var document = "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":"
                        + JsonText.quote(message) + "}}";
                next.piece(document.getBytes(UTF_8), 0);
            }
            next.end();
        }

        @Override
        public void failed(Failure failure) {
            next.failed(failure);
        }
    }
}
