package dev.warder.openai;

import dev.warder.http.Field;
import dev.warder.openai.OpenAiFilter.ReplyContext;
import dev.warder.openai.responses.ItemsResponse;
import dev.warder.openai.responses.ResponsesContext;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.StreamTranslation;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Translates the response to one request of the Responses API. One thread at a time. */
final class ResponsesReply implements ResponseTranslation {
    private final boolean streams;
    private final ItemsResponse response;
    private final SortedSet<String> ignored;
    private final ReplyContext exchange;

    ResponsesReply(ResponsesContext context, SortedSet<String> ignored, ReasoningSeal seal, ReplyContext exchange) {
        this.streams = context.stream();
        this.response = new ItemsResponse(context, seal, exchange.responseId(), exchange.clock());
        this.ignored = ignored;
        this.exchange = exchange;
    }

    @Override
    public List<Field> fields(Function<String, Optional<String>> upstream) {
        return Reply.fields(upstream, exchange.now(), ignored);
    }

    @Override
    public Optional<StreamTranslation> stream() {
        return streams ? Optional.of(response.stream(exchange.largestEvent())) : Optional.empty();
    }

    @Override
    public long handledBytes(int length) {
        return (long) length + response.repeatedBytes();
    }

    @Override
    public Whole whole(int status, byte[] body) {
        return Reply.whole(status, body, streams, streams ? response::events : response::whole);
    }
}
