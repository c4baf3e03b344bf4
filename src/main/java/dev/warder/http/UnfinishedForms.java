package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The forms of unknown callers that are not complete. One that finds no memory displaces the oldest: of its own network where that
 * has its share, else of all. So they keep no complete form out, since that needs memory for milliseconds only. Thread-safe.
 */
final class UnfinishedForms {
    private static final long STEP = 1024;

    private final SmallBodyMemory memory;

    /** The oldest one is the first. */
    @GuardedBy("this")
    private final Set<Form> unfinished = new LinkedHashSet<>();

    /** @param memory at least twice what one form can need */
    UnfinishedForms(SmallBodyMemory memory) {
        this.memory = memory;
    }

    /** @param factor memory for each byte of the form */
    Form begin(String network, long factor) {
        return new Form(network, factor);
    }

    private synchronized boolean hold(Form form, long bytes, List<Form> victims) {
        if (form.held == 0 && !form.ended) {
            unfinished.add(form);
        }
        while (!form.ended && form.held < bytes) {
            long more = bytes - form.held;
            if (form.reservation.grow(more)) {
                form.held = bytes;
            } else {
                boolean isOwnShare = !memory.isWithinShare(form.network, more);
                var victim = unfinished.stream()
                        .filter(each -> !isOwnShare || each.network.equals(form.network))
                        .findFirst()
                        .orElseThrow();
                victims.add(victim);
                end(victim);
            }
        }
        return !form.ended;
    }

    private synchronized void end(Form form) {
        form.ended = true;
        unfinished.remove(form);
        form.reservation.release();
    }

    private synchronized boolean complete(Form form) {
        unfinished.remove(form);
        return !form.ended;
    }

    /** A form, and its memory. Thread-safe; its state is guarded by the forms. */
    final class Form {
        private final String network;
        private final long factor;
        private final SmallBodyMemory.Reservation reservation;
        private long held;
        private boolean ended;
        private volatile Runnable displaced = () -> {};

        private Form(String network, long factor) {
            this.network = network;
            this.factor = factor;
            this.reservation = memory.take(network, 0).orElseThrow();
        }

        /**
         * Takes the memory that the form lacks, in steps of 1 KiB of its length.
         *
         * @param length of the form as far as it is known, in bytes
         * @param whenDisplaced is called once if the form is displaced, outside of locks, on the thread of the newer form
         * @return false if it was displaced
         */
        boolean hold(long length, Runnable whenDisplaced) {
            displaced = whenDisplaced;
            var victims = new ArrayList<Form>();
            boolean isHeld = UnfinishedForms.this.hold(this, factor * (length / STEP + 1) * STEP, victims);
            victims.forEach(victim -> victim.displaced.run());
            return isHeld;
        }

        /** From now on the form is not displaced; false if it was before. */
        boolean complete() {
            return UnfinishedForms.this.complete(this);
        }

        /** Releases its memory. Repeatable. */
        void release() {
            end(this);
        }
    }
}
