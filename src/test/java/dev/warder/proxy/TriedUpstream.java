package dev.warder.proxy;

import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import dev.warder.record.Records;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.jspecify.annotations.Nullable;

/** The upstream and the client of {@link ManagedTries} in one: keeps what is sent, answers as told, notes what is passed on. */
final class TriedUpstream implements ManagedTries.Sender, ResponseSink, FaultHandler {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Deadlines DEADLINES =
            new Deadlines(new Timeouts(LONG, Optional.empty(), LONG, LONG, LONG, LONG), Duration.ZERO, 0);

    private static final Flow NO_FLOW = new Flow() {
        @Override
        public void taken(int bytes) {}

        @Override
        public void heldBack(int bytes) {}
    };

    private final Deque<ManagedTry> sent = new ArrayDeque<>();
    private final List<String> credentials = new ArrayList<>();
    private final List<String> rejected = new ArrayList<>();
    private @Nullable Attempt attempt;
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
        var content = type == null ? null : new BasicEntityDetails(-1, ContentType.parse(type));
        to.head(ResponseHead.of(new BasicHttpResponse(status), content, false), NO_FLOW);
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
            Objects.requireNonNull(attempt).sendingBegan();
        }
        last().failed(Failure.of(cause));
    }

    @Override
    public void fault(Throwable cause) {
        throw new AssertionError(cause);
    }

    @Override
    public void rejected(Try use, UpstreamCredential value) {
        rejected.add(use.source().name());
    }

    @Override
    public void send(ManagedTry with) {
        attempt = new Attempt(new Sending(DEADLINES, () -> 0, () -> {}), with, this, Records.attempt(), false);
        with.calls(attempt);
        sent.add(with);
        credentials.add(with.use().source().name());
    }

    @Override
    public void moved() {}

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
