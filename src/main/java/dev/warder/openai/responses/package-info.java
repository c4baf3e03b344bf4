/**
 * OpenAI's Responses API.
 *
 * <p>The way of a request: {@link dev.warder.openai.responses.ResponsesRequestReader} reads the document. The tools come first,
 * from {@code tools} and from items, because a call in the input needs the name under which its tool is sent. The items of {@code
 * input} become turns; sealed reasoning becomes the blocks that an earlier response had, and a call and its output belong
 * together. The result is a {@link dev.warder.openai.shared.MessagesRequest}, and a {@link
 * dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext} with the parts of the request that decide the shape of its
 * response.
 *
 * <p>The response is written item by item while the upstream's events come.
 */
@NullMarked
package dev.warder.openai.responses;

import org.jspecify.annotations.NullMarked;
