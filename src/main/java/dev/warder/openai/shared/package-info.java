/**
 * Parts that both of OpenAI's APIs use. {@link dev.warder.openai.shared.ValueMemory} bounds the memory of a request's document,
 * {@link dev.warder.openai.shared.Members} reads it by name and remembers what was read, and a {@link
 * dev.warder.openai.shared.RequestRefusal} names the member that cannot be translated. Schemas are closed as the Messages API
 * requires it, and thinking is sealed for a client that sends it back.
 */
@NullMarked
package dev.warder.openai.shared;

import org.jspecify.annotations.NullMarked;
