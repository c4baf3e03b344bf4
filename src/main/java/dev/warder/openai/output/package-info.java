/**
 * Writes responses of the Messages API as responses and events of OpenAI's Responses API.
 *
 * <p>The way of an event: {@link dev.warder.openai.output.ItemsResponse} begins an {@code ItemStream}, which feeds a piece of the
 * upstream's stream to a {@link dev.warder.messages.MessageReader}. An {@code ItemWriter} receives the events of the message: a
 * content block becomes an {@code Item} of the output by its {@code ItemBlock}, and the end an {@code Outcome}. The stream takes
 * the bytes from the writer.
 */
@NullMarked
package dev.warder.openai.output;

import org.jspecify.annotations.NullMarked;
