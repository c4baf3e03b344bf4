package dev.warder.exchange.tries;

import dev.warder.credential.CredentialUse;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.http.Field;
import dev.warder.state.FaultHandler;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The upstream and the client of {@link ManagedTries} in one: keeps what is sent, answers as told, notes what is passed on. */
final class TriedUpstream implements TrySender, SentTry, ResponseSink, FaultHandler {
    private static final Flow NO_FLOW = new Flow() {
        @Override
        public void taken(int bytes) {}

        @Override
        public void heldBack(int bytes) {}
    };

    private final Deque<ManagedTry> sent = new ArrayDeque<>();
    private final List<String> credentials = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private boolean begun;
    private final StringBuilder passed = new StringBuilder();

    /** The names of the credentials that it was sent with, in order. */
    List<String> credentials() {
        return List.copyOf(credentials);
    }

    /** The names of the credentials about which the upstream is to be asked, in order. */
    List<String> rejected() {
        return List.copyOf(rejected);
    }

    /** What the client was told: status and pieces, {@code end}, {@code lost}, or the status of an error of Warder's own. */
    String passed() {
        return passed.toString();
    }

    /** The try that was begun last. */
    ManagedTry last() {
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
    static void head(ManagedTry to, int status, @Nullable String type) {
        var fields = type == null ? List.<Field>of() : List.of(new Field("Content-Type", type));
        to.head(new ResponseHead(status, fields, -1, "", ResponseHead.isEventStream(type)), NO_FLOW);
    }

    static void piece(ManagedTry to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.piece(bytes, bytes.length);
    }

    /** Ends the response of the last try. */
    void endLast() {
        last().end();
    }

    void lose(Exception cause) {
        if (!(cause instanceof ConnectException || cause instanceof SSLException)) {
            begun = true;
        }
        last().failed(Failure.of(cause));
    }

    @Override
    public void fault(Throwable cause) {
        throw new AssertionError(cause);
    }

    @Override
    public void rejected(CredentialUse use, UpstreamCredential value) {
        rejected.add(use.source().name());
    }

    @Override
    public void send(ManagedTry with) {
        begun = false;
        with.sends(this);
        sent.add(with);
        credentials.add(with.use().source().name());
    }

    @Override
    public void moved() {}

    @Override
    public boolean hasBegun() {
        return begun;
    }

    @Override
    public void cancel() {}

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
