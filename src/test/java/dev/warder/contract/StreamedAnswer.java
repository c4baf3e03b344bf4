package dev.warder.contract;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.TokenStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What LangChain4j told of a stream. Immutable.
 *
 * @param pieces of the text
 * @param thoughts pieces of the thinking
 * @param whole what it made of them
 */
record StreamedAnswer(List<String> pieces, List<String> thoughts, ChatResponse whole) {
    private static final long LIMIT = 20;

    /** Reads the answer to this message to its end; its error is thrown as the cause. */
    static StreamedAnswer of(StreamingChatModel model, String message)
            throws ExecutionException, InterruptedException, TimeoutException {
        var reader = new Reader();
        model.chat(message, reader);
        var whole = reader.whole.get(LIMIT, TimeUnit.SECONDS);
        return new StreamedAnswer(List.copyOf(reader.pieces), List.copyOf(reader.thoughts), whole);
    }

    /** Reads a program's stream to its end. */
    static StreamedAnswer of(TokenStream stream) throws ExecutionException, InterruptedException, TimeoutException {
        var pieces = new CopyOnWriteArrayList<String>();
        var whole = new CompletableFuture<ChatResponse>();
        stream.onPartialResponse(pieces::add)
                .onCompleteResponse(whole::complete)
                .onError(whole::completeExceptionally)
                .start();
        var told = whole.get(LIMIT, TimeUnit.SECONDS);
        return new StreamedAnswer(List.copyOf(pieces), List.of(), told);
    }

    /** Gives up after the first piece. */
    static void cancelled(StreamingChatModel model, String message)
            throws ExecutionException, InterruptedException, TimeoutException {
        var cancelled = new CompletableFuture<Boolean>();
        model.chat(message, new Reader() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                context.streamingHandle().cancel();
                cancelled.complete(true);
            }

            @Override
            public void onError(Throwable error) {
                cancelled.completeExceptionally(error);
            }
        });
        cancelled.get(LIMIT, TimeUnit.SECONDS);
    }

    private static class Reader implements StreamingChatResponseHandler {
        private final List<String> pieces = new CopyOnWriteArrayList<>();
        private final List<String> thoughts = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            pieces.add(piece);
        }

        @Override
        public void onPartialThinking(PartialThinking thought) {
            thoughts.add(thought.text());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }
    }
}
