/**
 * Reads responses of the Messages API and writes them as chat completions. Responses of the Responses API are written in {@link
 * dev.warder.openai.output}.
 *
 * <p>The way of an event:
 *
 * <ol>
 *   <li>{@link dev.warder.openai.response.ResponseStream} feeds a piece of the upstream's stream to a
 *       {@link dev.warder.messages.MessageReader}, which finds the events.
 *   <li>{@link dev.warder.openai.response.ResponseReader} receives them. It keeps what a message is made of: its usage,
 *       the reason of its end and, in a {@link dev.warder.openai.response.BlockReader}, the open blocks. A delta remains
 *       the slice of bytes that the upstream sent.
 *   <li>{@link dev.warder.openai.response.ResponseWriter} receives text, thinking, calls, the end or an error, and writes
 *       them: {@link dev.warder.openai.response.ChatChunkWriter} for a stream,
 *       {@link dev.warder.openai.response.ChatCompletionWriter} for a whole response.
 *   <li>The stream takes the bytes from the writer.
 * </ol>
 *
 * <p>A whole message goes through the same reader, see {@link dev.warder.openai.response.ChatResponse}. Errors ({@link dev.warder.openai.response.OpenAiError}) and the fields of rate limits
 * ({@link dev.warder.openai.response.RateLimits}) are the same for both.
 */
@NullMarked
package dev.warder.openai.response;

import org.jspecify.annotations.NullMarked;
