package dev.warder.http;

import dev.warder.config.Network;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The small bodies that are kept for requests outside the proxy: of administrators, of clients for themselves, and of callers who
 * sign in. Known callers share one budget of memory, of which none has more than half. Unknown ones have {@link UnfinishedForms}.
 * Thread-safe.
 */
public final class SmallBodies {
    /** The response to a request that finds no memory; its body is not read before. */
    public static final ErrorReply FULL = ErrorReply.rateLimited(
            "This caller has another request with a body under way, or too many such requests are. Send it again later.",
            2);

    /** The response to a form that was displaced. */
    public static final ErrorReply DISPLACED = ErrorReply.rateLimited(
                    "The form was not complete when its memory was needed for newer ones. Send it again later.", 2)
            .closing();

    /** A body whose length is known is there as it came and as what it is made into. */
    private static final long FACTOR = 2;

    private static final long FACTOR_OF_UNKNOWN_LENGTH = 3;

    /** The longest of all bodies, the files of an import, fits into one share. */
    private static final long LEAST_MEMORY = 72L << 20;

    private static final long MOST_MEMORY = 128L << 20;
    private static final int HEAP_SHARE = 8;
    private static final long MOST_READ = 16L << 20;

    private static final long MEMORY_OF_FORMS = 16L << 20;

    private final SmallBodyMemory memory;
    private final UnfinishedForms forms = new UnfinishedForms(new SmallBodyMemory(MEMORY_OF_FORMS));

    /** @param heap the largest size of the Java heap, in bytes; bodies use an eighth of it, at least 72 MiB and at most 128 MiB */
    public SmallBodies(long heap) {
        memory = new SmallBodyMemory(Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, heap / HEAP_SHARE)));
    }

    /**
     * A caller with a share of the memory.
     *
     * @param name of the share
     * @param isSingle whether it may have one body at a time
     * @param isKnown whether it does not have to sign in first
     */
    public record Caller(String name, boolean isSingle, boolean isKnown) {
        public static final Caller ADMINISTRATORS = new Caller("administrators", false, true);

        public static Caller stranger(String address) {
            return new Caller(Network.unit(address), false, false);
        }

        public static Caller administrator(String client) {
            return new Caller("client " + client, false, true);
        }

        public static Caller client(String client) {
            return new Caller("client " + client, true, true);
        }
    }

    /**
     * Takes memory for the body of a request, before it is read; for a form of an unknown caller while it is read.
     *
     * @param most bytes of the longest body that is kept; 0 where it only has to be dropped
     * @return empty if there is none now; then the response is {@link #FULL}
     */
    public Optional<Kept> begin(HttpServletRequest request, Caller caller, int most) {
        if (most == 0 || !SmallBody.isSent(request)) {
            return Optional.of(new Kept(0, Optional.empty(), () -> {}));
        }
        long length = request.getContentLengthLong();
        if (!caller.isKnown()) {
            var form = forms.begin(caller.name(), length < 0 ? FACTOR_OF_UNKNOWN_LENGTH : FACTOR);
            return Optional.of(new Kept(most, Optional.of(form), form::release));
        }
        long bytes = length < 0 ? FACTOR_OF_UNKNOWN_LENGTH * most : length > most ? 0 : FACTOR * length;
        var taken = caller.isSingle() ? memory.takeOnly(caller.name(), bytes) : memory.take(caller.name(), bytes);
        return taken.map(reservation -> new Kept(most, Optional.empty(), reservation::release));
    }

    /** The body of one request, and its memory. Thread-safe. */
    public static final class Kept {
        private final int most;
        private final Optional<UnfinishedForms.Form> form;
        private final Runnable releasing;
        private volatile boolean inUse;

        private Kept(int most, Optional<UnfinishedForms.Form> form, Runnable releasing) {
            this.most = most;
            this.form = form;
            this.releasing = releasing;
        }

        /**
         * Reads the body, inside {@code service}. After {@code then} was called, the caller must call {@link #release}.
         *
         * @param response to this request, which has begun; it ends if the client breaks off
         * @param displaced sends {@link #DISPLACED}, on the thread of another request; {@code then} is not called after it
         * @param then receives the body: an empty one where none was sent, none if it is too long
         */
        public void read(
                HttpServletRequest request, AsyncResponse response, Runnable displaced, Consumer<Optional<byte[]>> then)
                throws IOException {
            if (!SmallBody.isSent(request)) {
                then.accept(Optional.of(new byte[0]));
                return;
            }
            SmallBody.read(request, response.reading(), MOST_READ, new SmallBody.Reader() {
                @Override
                public boolean keeps(long length) {
                    return length <= most && (form.isEmpty() || form.get().hold(length, displaced));
                }

                @Override
                public void read(Optional<byte[]> body) {
                    if (form.isEmpty() || form.get().complete()) {
                        inUse = true;
                        then.accept(body);
                    }
                }

                @Override
                public void lost(Throwable cause) {
                    response.lost(cause);
                }
            });
        }

        /** Releases the memory, before the response is sent: its client may send the next body at once. Repeatable. */
        public void release() {
            releasing.run();
        }

        public void abandon() {
            // Work that has begun goes on after the end of the request, and has the body until then.
            if (!inUse) {
                release();
            }
        }
    }
}
