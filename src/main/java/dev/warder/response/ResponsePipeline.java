package dev.warder.response;

import dev.warder.body.MemoryBudget;
import dev.warder.gate.Meters;
import dev.warder.json.JsonOutline;
import dev.warder.state.OffloadExecutor;
import dev.warder.translation.ResponseEdit;
import dev.warder.translation.ResponseTranslation;
import dev.warder.usage.TryUsage;
import java.util.Optional;

/**
 * The stages of a response, in the order in which it passes them. No other class decides the order:
 *
 * <ol>
 *   <li><b>tap</b>: each try has its own, since a response that is not passed on has a usage too;
 *   <li><b>decode</b>, for a translation only: a client that speaks the API's dialect gets the coding that it asked for;
 *   <li><b>edit</b>: what filters change, while it has the API's dialect;
 *   <li><b>translate</b>;
 *   <li><b>guard</b>: gives an event stream its comments and its one error, at the queue of {@link ResponseRelay}.
 * </ol>
 *
 * <p>Between tap and decode are the tries, which choose the response that is passed on. Immutable.
 */
public final class ResponsePipeline {
    private final Optional<TranslateStage> translate;
    private final ResponseSink first;

    /**
     * The stages of the response that is passed on.
     *
     * @param dialect the translation; empty for a client that speaks the API's dialect
     * @param edit the change that filters have asked for
     * @param sent the body that went upstream; empty where it was not collected
     * @param memory holds responses that are collected
     * @param limit the largest of them in bytes
     * @param offload runs what takes a while
     * @param relay is the end
     */
    public ResponsePipeline(
            Optional<ResponseTranslation> dialect,
            Optional<ResponseEdit> edit,
            Optional<JsonOutline> sent,
            MemoryBudget memory,
            long limit,
            OffloadExecutor offload,
            ResponseSink relay) {
        translate = dialect.map(to -> new TranslateStage(to, memory, limit, offload, relay));
        var translated = translate.isPresent() ? translate.get() : relay;
        var edited = edit.isPresent() ? new EditStage(edit.get(), sent, translated) : translated;
        first = translate.isPresent() ? new DecodeStage(edited) : edited;
    }

    /**
     * The stage of one try.
     *
     * @param usage receives what is read; empty where no model is run
     * @param meters receive the counts, and may cut the response
     */
    public static ResponseSink tap(Optional<TryUsage> usage, Meters meters, ResponseSink next) {
        return usage.isPresent() ? new UsageStage(usage.get(), meters, next) : next;
    }

    /** Receives the response. */
    public ResponseSink first() {
        return first;
    }

    /** The stage that translates; empty for a client that speaks the API's dialect. */
    public Optional<TranslateStage> translate() {
        return translate;
    }

    /** The position that the guard of an event stream needs. A translation passes on whole events, and reports the last one. */
    public StreamPosition guard() {
        return translate.isPresent() ? StreamPosition.inWholeEvents() : StreamPosition.inBytes();
    }
}
