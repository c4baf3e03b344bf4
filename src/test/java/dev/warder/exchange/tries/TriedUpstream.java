package dev.warder.exchange.tries;

import dev.warder.GatewaySettings;
import dev.warder.auth.Gates;
import dev.warder.config.Sources;
import dev.warder.container.CallbackGuard.FaultHandler;
import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialChoice;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.tries.TriesContext.Replays;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SendProgress;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.RequestRecord;
import dev.warder.upstream.SentExchange;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamExchange;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/** The upstream and the client of {@link Tries} in one: keeps what is sent, answers as told, notes what is passed on. */
final class TriedUpstream implements UpstreamClient.Sender, ResponseSink, FaultHandler {
    private static final Flow NO_FLOW = taken -> {};

    private static final GatewaySettings SETTINGS =
            Sources.with("clients.open", "true").read();

    private final Deque<Try> sent = new ArrayDeque<>();
    private final List<String> credentials = new ArrayList<>();
    private final StringBuilder passed = new StringBuilder();

    /** The names of the credentials that it was sent with, in order. */
    List<String> credentials() {
        return List.copyOf(credentials);
    }

    /** What the client was told: status and pieces, {@code end}, {@code lost}, or the status of an error of Warder's own. */
    String passed() {
        return passed.toString();
    }

    /** The try that was begun last. */
    Try last() {
        return sent.getLast();
    }

    /** Answers the last try with a whole document. */
    void answer(int status, String body) {
        begin(status, "application/json");
        piece(body);
        endLast();
    }

    void begin(int status, String type) {
        head(last(), status, type);
    }

    void piece(String text) {
        piece(last(), text);
    }

    /** Begins a response to {@code to}, of a type or without content. */
    static void head(Try to, int status, @Nullable String type) {
        var fields = type == null ? List.<Field>of() : List.of(new Field("Content-Type", type));
        to.head(new ResponseHead(status, fields, -1, "", ResponseHead.isEventStream(type)), NO_FLOW);
    }

    static void piece(Try to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.piece(bytes, bytes.length);
    }

    /** Ends the response of the last try. */
    void endLast() {
        last().end();
    }

    void lose(Exception cause) {
        if (!(cause instanceof ConnectException || cause instanceof SSLException)) {
            last().sendBegins();
        }
        last().failed(Failure.of(cause));
    }

    @Override
    public void fault(Throwable cause) {
        throw new AssertionError(cause);
    }

    /** The tries of one request that this upstream and this client have. */
    Tries tries(RequestRecord record, Replays replays) {
        return tries(this, record, replays, use -> {}, () -> 0);
    }

    /** The tries of one request with an upstream and a client in one. */
    static <T extends UpstreamClient.Sender & ResponseSink & FaultHandler> Tries tries(
            T both, RequestRecord record, Replays replays, Consumer<Candidates.Use> rejected, LongSupplier clock) {
        var context = new TriesContext(api(both), (use, value) -> rejected.accept(use), replays, clock);
        var meters = new Gates(List.of(), () -> 0).passage(record).meters();
        var deadlines = new Deadlines(SETTINGS.proxy().timeouts(), 0);
        var choice = new CredentialChoice.Refused(ErrorReply.internal());
        return new Tries(context, record, choice, deadlines, meters, both, both);
    }

    static Provider api(UpstreamClient.Sender sender) {
        return new AnthropicApi(URI.create("http://127.0.0.1"), "2023-06-01", sender);
    }

    @Override
    public HttpHost host() {
        return new HttpHost("127.0.0.1");
    }

    /** A request for {@code claude-x} without a body. */
    static Outgoing outgoing(boolean repeatable) {
        var head = new RequestHead("POST", "/v1/messages", List.of(), -1, false, "");
        var deadlines = new Deadlines(SETTINGS.proxy().timeouts(), 0);
        return new Outgoing(
                head,
                false,
                repeatable,
                Optional.of("claude-x"),
                Optional.empty(),
                null,
                none -> new SendProgress(deadlines, () -> 0, () -> {}));
    }

    @Override
    public UpstreamExchange execute(
            boolean streams,
            AsyncRequestProducer request,
            AsyncResponseConsumer<Void> response,
            FutureCallback<Void> end) {
        var with = (Try) request;
        sent.add(with);
        credentials.add(with.use().source().name());
        return SentExchange.endedBy(() -> {});
    }

    @Override
    public void failed(Failure failure) {
        if (passed.isEmpty()) {
            passed.append("own ")
                    .append(failure.reply().status())
                    .append(' ')
                    .append(failure.reply().message());
        } else {
            passed.append("lost");
        }
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        passed.append(head.status()).append(' ');
    }

    @Override
    public void piece(byte[] bytes, int read) {
        passed.append(new String(bytes, StandardCharsets.UTF_8)).append(' ');
    }

    @Override
    public void end() {
        passed.append("end");
    }
}
