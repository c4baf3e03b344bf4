/**
 * Chat completions. {@link dev.warder.openai.chat.ChatRequestReader} reads a request into a {@link
 * dev.warder.openai.chat.MessagesRequest}, which knows no dialect, and {@link dev.warder.openai.chat.MessagesRequestWriter} writes
 * that for the Messages API.
 *
 * <p>The way of an event of the response: {@link dev.warder.stream.MessageReader} finds it in the upstream's stream. {@link
 * dev.warder.openai.chat.ResponseReader} keeps what a message is made of (its usage, the reason of its end and the open blocks);
 * a delta remains the slice of bytes that the upstream sent. {@link dev.warder.openai.chat.ResponseWriter} receives text, thinking,
 * calls, the end or an error: {@link dev.warder.openai.chat.ChatChunkWriter} for a stream, {@link
 * dev.warder.openai.chat.ChatCompletionWriter} for a whole response, which goes through the same reader.
 */
@NullMarked
package dev.warder.openai.chat;

import org.jspecify.annotations.NullMarked;
