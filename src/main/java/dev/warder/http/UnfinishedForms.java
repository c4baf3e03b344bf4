package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The memory of forms whose callers are unknown. One network has at most a half. A form that finds no memory displaces the oldest
 * one that is not complete: of its own network where that has its share, else of all. So unfinished forms keep no complete one out,
 * since that needs memory for milliseconds only. Thread-safe.
 */
final class UnfinishedForms {
    private static final long STEP = 1024;

    private final long total;
    private final long share;

    @GuardedBy("this")
    private long used;

    /** The oldest form is the first, here and in each network. */
    @GuardedBy("this")
    private final Set<Form> unfinished = new LinkedHashSet<>();

    @GuardedBy("this")
    private final Map<String, Network> networks = new HashMap<>();

    /** Guarded by the forms. */
    private static final class Network {
        final Set<Form> unfinished = new LinkedHashSet<>();
        long used;
    }

    /** @param total bytes, at least twice what one form can need */
    UnfinishedForms(long total) {
        this.total = total;
        this.share = total / 2;
    }

    /** @param factor memory for each byte of the form */
    Form begin(String network, int factor) {
        return new Form(network, factor);
    }

    private synchronized boolean hold(Form form, long bytes, List<Form> victims, Runnable displaced) {
        if (form.ended) {
            return false;
        }
        form.displaced = displaced;
        long more = bytes - form.held;
        if (more <= 0) {
            return true;
        }
        var own = networks.computeIfAbsent(form.network, name -> new Network());
        if (form.held == 0) {
            own.unfinished.add(form);
            unfinished.add(form);
        }
        while (!form.ended && (own.used + more > share || used + more > total)) {
            var victim = (own.used + more > share ? own.unfinished : unfinished)
                    .iterator()
                    .next();
            victims.add(victim);
            end(victim);
        }
        if (form.ended) {
            return false;
        }
        form.held = bytes;
        count(form.network, own, more);
        return true;
    }

    @GuardedBy("this")
    private void complete(Form form, Network own) {
        own.unfinished.remove(form);
        unfinished.remove(form);
    }

    @GuardedBy("this")
    private void end(Form form) {
        form.ended = true;
        var own = networks.get(form.network);
        if (own != null) {
            complete(form, own);
            count(form.network, own, -form.held);
        }
    }

    @GuardedBy("this")
    private void count(String network, Network own, long bytes) {
        used += bytes;
        own.used += bytes;
        if (own.used == 0 && own.unfinished.isEmpty()) {
            networks.remove(network);
        }
    }

    /** A form, and its memory. Thread-safe. */
    final class Form {
        private final String network;
        private final int factor;

        /** Guarded by the forms, as the next two. */
        private long held;

        private boolean ended;
        private Runnable displaced = () -> {};

        private Form(String network, int factor) {
            this.network = network;
            this.factor = factor;
        }

        /**
         * Takes the memory that the form lacks, in steps of 1 KiB of its length.
         *
         * @param length of the form as far as it is known, in bytes
         * @param whenDisplaced is called once if the form is displaced, outside of locks, on the thread of the newer form
         * @return false if it was displaced
         */
        boolean hold(long length, Runnable whenDisplaced) {
            var victims = new ArrayList<Form>();
            boolean isHeld =
                    UnfinishedForms.this.hold(this, factor * (length / STEP + 1) * STEP, victims, whenDisplaced);
            victims.forEach(victim -> victim.displaced.run());
            return isHeld;
        }

        /** From now on the form is not displaced; false if it was before. */
        boolean complete() {
            synchronized (UnfinishedForms.this) {
                var own = networks.get(network);
                if (!ended && own != null) {
                    UnfinishedForms.this.complete(this, own);
                }
                return !ended;
            }
        }

        /** Releases its memory. Repeatable. */
        void release() {
            synchronized (UnfinishedForms.this) {
                if (!ended) {
                    end(this);
                }
            }
        }
    }
}
