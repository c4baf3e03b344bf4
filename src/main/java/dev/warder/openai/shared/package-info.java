/**
 * Parts that both of OpenAI's APIs use. {@link dev.warder.openai.shared.ValueMemory} bounds the memory of a request's document,
 * {@link dev.warder.openai.shared.Members} reads it by name and remembers what was read, and a {@link
 * dev.warder.openai.shared.RefusedException} names the member that cannot be translated. Tools and content blocks become those of
 * the Messages API at once, as JSON; a {@link dev.warder.openai.shared.MessagesRequest} is the whole request. Schemas are closed
 * as the Messages API requires it, and thinking is sealed for a client that sends it back.
 *
 * <p>The way of an event of the response: {@link dev.warder.stream.MessageReader} finds it in the upstream's stream, and passes
 * it to a {@link dev.warder.openai.shared.MessageTranslation}, which keeps the usage and the reason of the end. A delta remains
 * the slice of bytes that the upstream sent.
 */
@NullMarked
package dev.warder.openai.shared;

import org.jspecify.annotations.NullMarked;
