package dev.warder.openai.chat;

import dev.warder.stream.Usage;

/**
 * Writes one response in the form of a dialect. {@link ChatResponse.ResponseReader} calls it in the order of the response:
 * {@link #begin}, the pieces, {@link #end}. {@link #failed} ends the response at any time, also before {@link #begin}.
 *
 * <p>A piece is a JSON string literal with its quotes, in {@code bytes} from {@code from} to {@code to}. Pieces of one
 * stream may be copied as they are. The array is reused after the call.
 *
 * <p>One thread at a time.
 */
interface ResponseWriter {
    void begin(String messageId);

    void text(byte[] bytes, int from, int to);

    void thinking(byte[] bytes, int from, int to);

    /**
     * The model calls a tool. Calls may be interleaved with each other and with text.
     *
     * @param call the calls of a response count from 0
     * @param custom whether the tool's input is text
     */
    void callBegin(int call, String id, String name, boolean custom);

    /** A piece of the arguments of a call, which are JSON text, or of the text that is the input of a custom tool. */
    void callArguments(int call, byte[] bytes, int from, int to);

    void end(Ending ending, Usage usage);

    void failed(OpenAiError error);

    /** The bytes written since the last call. The array belongs to the caller. */
    byte[] take();
}
