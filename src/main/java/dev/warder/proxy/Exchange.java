package dev.warder.proxy;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialChoice;
import dev.warder.credential.UpstreamCredential;
import dev.warder.http.AccessLine.End;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.OwnAnswer;
import dev.warder.http.Route;
import dev.warder.json.Chunks;
import dev.warder.json.JsonOutline;
import dev.warder.json.MemoryBudget;
import dev.warder.json.RequestEdit;
import dev.warder.upstream.UpstreamCall;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/**
 * One request from its first byte to the last byte of its answer: collects or relays the body, sends it with the credential
 * that was chosen, relays the answer, and ends exactly once, whoever brings the end: the upstream, the client, a deadline or
 * the operator. The first verdict stands.
 *
 * <p>Thread-safe. Callbacks come from the container, from the reactor and from the timer.
 */
final class Exchange implements ResponseRelay.Events, BodyCollector.Events, RequestProgress, UpstreamAnswer.Events {
    private final ProxyContext context;
    private final Call call;
    private final Client client;
    private final CredentialChoice choice;
    private final RequestEdit edit;
    private final RequestHead head;

    private final ReentrantLock lock = new ReentrantLock();
    private final ResponseRelay down;
    private final UpstreamAnswer answer = new UpstreamAnswer(this);
    private final Deadlines deadlines;
    private final AtomicReference<@Nullable End> verdict = new AtomicReference<>();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final AtomicLong out = new AtomicLong();
    private final long began;

    private volatile @Nullable BodyCollector collector;
    private volatile @Nullable RequestRelay up;
    private volatile MemoryBudget.@Nullable Permit permit;
    private volatile @Nullable UpstreamCall upstream;
    private volatile boolean waitsForMemory;
    private volatile boolean sending;
    private volatile boolean sentAll;
    private volatile boolean contentReleased;
    private volatile boolean answering;
    private volatile boolean eventStream;
    private volatile boolean upstreamEnded;

    Exchange(
            ProxyContext context,
            Call call,
            Client client,
            CredentialChoice choice,
            RequestEdit edit,
            RequestHead head,
            AsyncContext async)
            throws IOException {
        this.context = context;
        this.call = call;
        this.client = client;
        this.choice = choice;
        this.edit = edit;
        this.head = head;
        this.down = new ResponseRelay(lock, async, async.getResponse().getOutputStream(), this);
        this.began = context.nanoTime().getAsLong();
        this.deadlines =
                new Deadlines(context.config().timeouts(), context.config().keepAlive(), began);
        async.setTimeout(0);
        async.addListener(down);
    }

    /**
     * Begins on the container's thread, still inside {@code service}: every listener is set here, because some containers
     * never call one that is set later.
     */
    void start(ServletInputStream in) throws IOException {
        context.exchanges().enter(this);
        down.listen();
        if (call.route().isCollected()) {
            collect(in);
        } else if (head.hasBody()) {
            var relay = new RequestRelay(lock, in, head.contentLength(), this, call.line()::read, this::clientGone);
            up = relay;
            send(head.fields(), relay);
            in.setReadListener(relay);
        } else {
            sentAll = true;
            contentReleased = true;
            send(head.fields(), null);
        }
    }

    @Override
    public void collected(Chunks body, JsonOutline outline) {
        collector = null;
        if (verdict.get() != null) {
            return;
        }
        var model = outline.model(body);
        model.ifPresent(call.line()::model);
        if (outline.streams()) {
            deadlines.streaming();
        }
        if (!model.map(client::mayUse).orElse(!client.restricted())) {
            unacceptable(ErrorReply.forbidden("This access token may not use the model that was asked for."));
        } else if (choice instanceof CredentialChoice.Refused refused) {
            unacceptable(refused.reply());
        } else {
            send(head.collectedFields(), new CollectedContent(body.splice(edit.splices(outline, body)), this));
        }
    }

    @Override
    public void unacceptable(ErrorReply reply) {
        fail(reply, End.REFUSED);
    }

    @Override
    public void sent() {
        deadlines.upstreamMoved(now());
    }

    @Override
    public void sentAll() {
        deadlines.upstreamMoved(now());
        sentAll = true;
    }

    @Override
    public void released() {
        contentReleased = true;
        releaseMemory();
    }

    @Override
    public void answerHead(HttpResponse response, @Nullable EntityDetails content) {
        deadlines.upstreamMoved(now());
        call.line().firstByte();
        answering = true;
        releaseMemory();
        var answered = AnswerHead.of(response, content, head.method().equals("HEAD"));
        if (answered.isRedirect()) {
            fail(ErrorReply.badGateway("The upstream answered with a redirect, which is not followed."), End.ERROR);
        } else if (answered.status() == 401 && choice instanceof CredentialChoice.Managed managed) {
            String message = "The upstream refused the gateway's credential \"" + managed.name() + "\".";
            fail(ErrorReply.badGateway(message).withoutRetry(), End.ERROR);
        } else if (verdict.get() == null) {
            relay(answered);
        }
    }

    @Override
    public void answerPiece(ByteBuffer piece) {
        deadlines.upstreamMoved(now());
        if (verdict.get() == null) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            if (!down.pending()) {
                deadlines.clientMoved(now());
            }
            context.exchanges().queued(down.add(bytes));
        }
    }

    @Override
    public void answerEnd() {
        upstreamEnded = true;
        boolean cutShort = eventStream && call.route() == Route.MESSAGES && !down.terminated();
        if (cutShort) {
            cutOff(ErrorReply.badGateway("The upstream ended the stream before its last event."), End.UPSTREAM_LOST);
        } else if (verdict.get() == null) {
            down.end();
        }
    }

    @Override
    public void answerFailed(Exception cause) {
        if (upstreamEnded) {
            return;
        }
        upstreamEnded = true;
        var failure = UpstreamFailure.of(cause);
        if (down.headSet()) {
            cutOff(failure.reply(), failure.end());
        } else {
            fail(failure.reply(), failure.end());
        }
    }

    @Override
    public void written(int bytes) {
        out.addAndGet(bytes);
        deadlines.clientMoved(now());
        answer.taken(bytes);
    }

    @Override
    public void answered() {
        finish();
    }

    @Override
    public void clientGone() {
        verdict.compareAndSet(null, End.CLIENT_GONE);
        finish();
    }

    /** The operator's patience with open exchanges is over. */
    void drained() {
        if (down.headSet()) {
            cutOff(ErrorReply.badGateway("The gateway is stopping."), End.DRAINED);
        } else {
            fail(ErrorReply.overloaded("The gateway is stopping.", 5), End.DRAINED);
        }
    }

    /** Looks whether something has been waited for too long. */
    void check(long now) {
        if (down.pending()) {
            checkClient(now);
        } else if (verdict.get() != null) {
            return;
        } else if (waitsForMemory) {
            checkMemory(now);
        } else if (answering) {
            checkStream(now);
        } else if (sending && (sentAll ? deadlines.firstByteOverdue(now) : stuck(now))) {
            fail(ErrorReply.timeout("The upstream did not answer in time."), End.TIMEOUT);
        }
    }

    private void checkMemory(long now) {
        if (now - began > context.config().limits().memoryWait().toNanos()) {
            fail(ErrorReply.overloaded("The gateway has no room for another request body.", 5), End.REFUSED);
        }
    }

    /** Whether the upstream has stopped taking the body, rather than the client giving it. */
    private boolean stuck(long now) {
        var relay = up;
        return (relay == null || relay.waitsForUpstream()) && deadlines.upstreamIdle(now);
    }

    private void checkClient(long now) {
        if (deadlines.clientStalled(now)) {
            verdict.compareAndSet(null, End.TIMEOUT);
            finish();
        }
    }

    private void checkStream(long now) {
        if (!upstreamEnded && deadlines.upstreamIdle(now)) {
            cutOff(ErrorReply.timeout("The upstream fell silent."), End.TIMEOUT);
        } else if (eventStream && deadlines.commentDue(now)) {
            deadlines.commented(now);
            down.comment();
        }
    }

    private void collect(ServletInputStream in) {
        var limits = context.config().limits();
        var body = new BodyCollector(lock, in, head, limits.body(), call.line()::read, this);
        collector = body;
        waitsForMemory = true;
        boolean measured = head.contentLength() >= 0 && !head.isGzip();
        permit = context.memory().request(measured ? head.contentLength() : limits.body(), () -> {
            waitsForMemory = false;
            body.granted();
        });
        if (finished.get()) {
            releaseMemory();
        }
        in.setReadListener(body);
    }

    private void send(List<Field> fields, @Nullable AsyncEntityProducer content) {
        var upstreamConfig = context.config().upstream();
        var message = head.message(
                context.client().host(),
                upstreamConfig.url().getRawPath(),
                credential().addTo(fields),
                upstreamConfig.version());
        deadlines.upstreamMoved(now());
        sending = true;
        try {
            upstream = context.client().execute(new BasicRequestProducer(message, content), answer, answer);
        } catch (RuntimeException closing) {
            answerFailed(closing);
        }
        if (verdict.get() != null) {
            cancelUpstream();
        }
    }

    private UpstreamCredential credential() {
        if (choice instanceof CredentialChoice.Passthrough own) {
            return own.credential();
        } else if (choice instanceof CredentialChoice.Managed managed) {
            return managed.credential();
        }
        throw new IllegalStateException("a request without a credential was not refused");
    }

    private void relay(AnswerHead answered) {
        call.line().status(answered.status());
        eventStream = answered.eventStream() && answered.contentLength() < 0;
        if (eventStream) {
            down.eventStreamHead(response -> answered.writeTo(response, call.id()));
        } else {
            down.head(response -> answered.writeTo(response, call.id()));
        }
    }

    /** Answers with an error of Warder's own, where nothing was answered yet. */
    private void fail(ErrorReply reply, End end) {
        if (!verdict.compareAndSet(null, end)) {
            return;
        }
        cancelUpstream();
        byte[] body = call.dialect().body(reply, call.id());
        if (down.head(response -> OwnAnswer.head(response, reply, call.dialect(), call.id()))) {
            call.line().status(reply.status());
            down.add(body);
        }
        down.end();
    }

    /** Ends an answer that has begun and cannot go on. */
    private void cutOff(ErrorReply reason, End end) {
        if (!verdict.compareAndSet(null, end)) {
            return;
        }
        cancelUpstream();
        if (eventStream) {
            down.endWithError(call.dialect().body(reason, call.id()));
        } else {
            down.breakOff();
        }
    }

    private void finish() {
        if (finished.getAndSet(true)) {
            return;
        }
        var collecting = collector;
        if (collecting != null) {
            collecting.close();
        }
        var relaying = up;
        if (relaying != null) {
            relaying.close();
        }
        cancelUpstream();
        down.close();
        answering = true;
        contentReleased = true;
        releaseMemory();
        var end = verdict.get();
        call.line().end(end == null ? End.OK : end, out.get());
        context.exchanges().leave(this);
    }

    /** An answer may end before its request was taken whole; then too the connection is of no more use. */
    private void cancelUpstream() {
        var running = upstream;
        if (running != null && !(upstreamEnded && sentAll)) {
            running.cancel();
        }
    }

    /** A body is held until the answer has begun and nothing more of the body will be sent. */
    private void releaseMemory() {
        var held = permit;
        if (held != null && answering && contentReleased) {
            held.release();
        }
    }

    private long now() {
        return context.nanoTime().getAsLong();
    }
}
