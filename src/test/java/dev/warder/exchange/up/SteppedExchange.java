package dev.warder.exchange.up;

import dev.warder.auth.Client;
import dev.warder.config.Sources;
import dev.warder.container.SerialTurn;
import dev.warder.credential.CredentialChoice;
import dev.warder.exchange.up.Deadlines.Timeouts;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.record.Records;
import dev.warder.stream.Translation;
import jakarta.servlet.ServletInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The exchange of one order of callbacks, as far as its request knows it: it ends once, and only faults of the scripted
 * container are expected. One thread at a time.
 */
final class SteppedExchange implements RefusalHandler {
    private static final Timeouts TIMEOUTS =
            Sources.with("clients.open", "true").read().proxy().timeouts();

    private final SteppedContainer in;
    private final Runnable end;
    private final List<Throwable> unexpected = new ArrayList<>();
    private boolean finished;

    /** Those of an exchange, with the times that apply where nothing is set. */
    static Deadlines deadlines() {
        return new Deadlines(TIMEOUTS, 0);
    }

    /** A request of this head, perhaps translated, for which there is no credential. */
    static Arrival arrival(
            RequestHead head, Optional<Translation> translation, SerialTurn turn, ServletInputStream in) {
        var decisions = new Decisions(
                Client.OPEN,
                new CredentialChoice.Refused(ErrorReply.internal()),
                translation,
                ModelResolver.UNCHANGED,
                (outline, body) -> List.of(),
                Optional.empty());
        return new Arrival(Records.post(head.path(), () -> 0), decisions, head, turn, in);
    }

    /** A request whose body is relayed, of this length, negative where the head declares none. */
    static Arrival relayed(long length, SerialTurn turn, ServletInputStream in) {
        return arrival(new RequestHead("POST", "/v1/files", List.of(), length, true, ""), Optional.empty(), turn, in);
    }

    /** @param end is run at the end, once */
    SteppedExchange(SteppedContainer in, Runnable end) {
        this.in = in;
        this.end = end;
    }

    /** Ends it, unless it has ended. */
    void finish() {
        if (!finished) {
            finished = true;
            end.run();
        }
    }

    /** Whether it has ended. */
    boolean isFinished() {
        return finished;
    }

    /** The faults that the container did not cause. */
    List<Throwable> unexpected() {
        return List.copyOf(unexpected);
    }

    @Override
    public void refused(ErrorReply reply) {}

    @Override
    public void clientGone() {
        finish();
    }

    @Override
    public void fault(Throwable cause) {
        if (!in.hasFaulted()) {
            unexpected.add(cause);
        }
        finish();
    }
}
