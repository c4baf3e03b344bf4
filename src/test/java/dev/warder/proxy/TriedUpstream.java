package dev.warder.proxy;

import dev.warder.config.WarderConfig.Timeouts;
import dev.warder.credential.Try;
import dev.warder.credential.UpstreamCredential;
import dev.warder.record.Records;
import java.net.ConnectException;
import java.nio.ByteBuffer;
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
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.jspecify.annotations.Nullable;

/** The upstream and the client of {@link ManagedTries} in one: keeps what is sent, answers as told, notes what is passed on. */
final class TriedUpstream implements ManagedTries.Sender, ManagedTries.Events {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Deadlines DEADLINES =
            new Deadlines(new Timeouts(LONG, Optional.empty(), LONG, LONG, LONG, LONG), Duration.ZERO, 0);

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
        end();
    }

    void begin(int status, String type) {
        last().answerHead(new BasicHttpResponse(status), new BasicEntityDetails(-1, ContentType.parse(type)));
    }

    void piece(String text) {
        last().answerPiece(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    void end() {
        last().answerEnd();
    }

    void lose(Exception cause) {
        if (!(cause instanceof ConnectException || cause instanceof SSLException)) {
            Objects.requireNonNull(attempt).sendingBegan();
        }
        last().answerFailed(cause);
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
        attempt = new Attempt(new Sending(DEADLINES, () -> 0, () -> {}), with, Records.attempt());
        with.calls(attempt);
        sent.add(with);
        credentials.add(with.use().source().name());
    }

    @Override
    public void moved() {}

    @Override
    public void failed(Failure failure) {
        passed.append("own ")
                .append(failure.reply().status())
                .append(' ')
                .append(failure.reply().message());
    }

    @Override
    public void answerHead(HttpResponse head, @Nullable EntityDetails content) {
        passed.append(head.getCode()).append(' ');
    }

    @Override
    public void answerPiece(ByteBuffer piece) {
        passed.append(StandardCharsets.UTF_8.decode(piece)).append(' ');
    }

    @Override
    public void answerEnd() {
        passed.append("end");
    }

    @Override
    public void answerFailed(Exception cause) {
        passed.append("lost");
    }
}
