package dev.warder.exchange.up;

import dev.warder.http.ErrorReply;
import java.util.ArrayList;
import java.util.List;

/**
 * The exchange of one order of callbacks, as far as its request knows it: it ends once, and only faults of the scripted
 * container are expected. One thread at a time.
 */
public final class SteppedExchange implements RefusalHandler {
    private final SteppedContainer in;
    private final Runnable refused;
    private final Runnable end;
    private final List<Throwable> unexpected = new ArrayList<>();
    private boolean finished;
    private int refusals;

    /**
     * @param refused is run at each refusal
     * @param end is run at the end, once
     */
    public SteppedExchange(SteppedContainer in, Runnable refused, Runnable end) {
        this.in = in;
        this.refused = refused;
        this.end = end;
    }

    /** Ends it, unless it has ended. */
    public void finish() {
        if (!finished) {
            finished = true;
            end.run();
        }
    }

    /** Whether it has ended. */
    public boolean isFinished() {
        return finished;
    }

    /** How often it was refused. */
    public int refusals() {
        return refusals;
    }

    /** The faults that the container did not cause. */
    public List<Throwable> unexpected() {
        return List.copyOf(unexpected);
    }

    @Override
    public void refused(ErrorReply reply) {
        refusals++;
        refused.run();
    }

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
