package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import dev.warder.state.Held;
import dev.warder.state.OffloadExecutor;
import dev.warder.stream.Translation;
import java.util.function.BiConsumer;

/**
 * Translates a collected body as soon as there is memory for it, a large one on a thread that no other request waits for.
 * Thread-safe; used for one body.
 */
final class RequestTranslation {
    /** The most copies that exist while a body is translated: its bytes, two documents, and the bytes of the second. */
    static final int COPIES = 4;

    /** The memory that the values of a translated body may take in any case, however small the memory for bodies is. */
    private static final long LEAST_VALUE_MEMORY = 8 << 20;

    private final Translation dialect;
    private final BodyPolicy policy;
    private final BodyMemory memory;
    private final OffloadExecutor offload;
    private final BiConsumer<Translation.Outcome.Translated, JsonOutline> done;
    private final RefusalHandler exchange;
    private final Held<Chunks> body = new Held<>();

    /**
     * @param policy what the translated body must satisfy
     * @param memory what the body is charged to
     * @param offload runs the translation
     * @param done receives what is sent, with its outline; nothing after {@link #close}
     * @param exchange refuses the request instead
     */
    RequestTranslation(
            Translation dialect,
            BodyPolicy policy,
            BodyMemory memory,
            OffloadExecutor offload,
            BiConsumer<Translation.Outcome.Translated, JsonOutline> done,
            RefusalHandler exchange) {
        this.dialect = dialect;
        this.policy = policy;
        this.memory = memory;
        this.offload = offload;
        this.done = done;
        this.exchange = exchange;
    }

    /**
     * Translates a whole body, which is handed over. One that waited for memory may have been read by a thread that serves another
     * request, so that it goes to another thread even if it is small.
     */
    void translate(Chunks whole) {
        body.hold(whole);
        if (memory.hasWaited()) {
            offload.run(this::weigh);
        } else {
            offload.run(whole.length(), this::weigh);
        }
    }

    void close() {
        body.release();
    }

    private void weigh() {
        body.find().ifPresent(this::weigh);
    }

    private void weigh(Chunks whole) {
        long values = dialect.valueMemory(whole);
        if (values > Math.max(LEAST_VALUE_MEMORY, memory.total() / 2)) {
            exchange.refused(ErrorReply.tooLarge("The request body has more JSON values than are taken here."));
            return;
        }
        long all = COPIES * whole.length() + values;
        memory.keep(all);
        if (memory.charge(all, () -> offload.run(this::translateNow))) {
            translateNow();
        }
    }

    private void translateNow() {
        body.find().ifPresent(this::translateNow);
    }

    private void translateNow(Chunks whole) {
        var outcome = dialect.translate(whole);
        body.release();
        whole.recycle();
        if (outcome instanceof Translation.Outcome.Refused refused) {
            exchange.refused(refused.reply());
        } else if (outcome instanceof Translation.Outcome.Translated translated) {
            memory.keep(translated.body().length());
            scan(translated);
        }
    }

    private void scan(Translation.Outcome.Translated translated) {
        JsonOutline outline;
        try {
            outline = OutlineScanner.outline(translated.body(), policy);
        } catch (JsonException deeperThanItCame) {
            exchange.refused(BodyVerdict.invalid(deeperThanItCame));
            return;
        }
        done.accept(translated, outline);
    }
}
