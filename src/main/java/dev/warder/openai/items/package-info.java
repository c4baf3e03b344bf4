/**
 * Reads requests to OpenAI's Responses API.
 *
 * <p>The way of a request:
 *
 * <ol>
 *   <li>{@link dev.warder.openai.items.ResponsesRequestReader} reads the document through
 *       {@link dev.warder.openai.document.Members}, as the reader of chat completions does.
 *   <li>The tools come first, from {@code tools} and from items, because a call in the input needs the name under which its
 *       tool is sent.
 *   <li>The items of {@code input} become turns. Sealed reasoning becomes the blocks that an earlier response had; a call and
 *       its output belong together.
 *   <li>The result is a {@link dev.warder.openai.messages.MessagesRequest}, which knows no dialect.
 * </ol>
 *
 * <p>The parts of a request that decide the shape of its response are the
 * {@link dev.warder.openai.items.ResponsesContext}.
 */
@NullMarked
package dev.warder.openai.items;

import org.jspecify.annotations.NullMarked;
