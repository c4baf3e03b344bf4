/**
 * Reads chat completion requests.
 *
 * <p>The way of a request:
 *
 * <ol>
 *   <li>{@link dev.warder.json.JsonTree} parses the body, unless it has too many values.
 *   <li>{@link dev.warder.openai.request.ChatRequestReader} reads the document through
 *       {@link dev.warder.openai.document.Members}, which remember what was read. A member that the Messages API cannot
 *       express refuses the request with the path of the member; members that nothing reads are listed as
 *       {@linkplain dev.warder.openai.document.IgnoredMembers ignored}.
 *   <li>The result is a {@link dev.warder.openai.messages.MessagesRequest} of {@link dev.warder.openai.messages.Block}s,
 *       {@link dev.warder.openai.messages.Tool}s and parameters, which knows no dialect.
 *   <li>{@link dev.warder.openai.messages.MessagesRequestWriter} writes it as JSON.
 * </ol>
 *
 * <p>The parts of a request that decide the shape of its response are the
 * {@link dev.warder.openai.request.ChatContext}.
 */
@NullMarked
package dev.warder.openai.request;

import org.jspecify.annotations.NullMarked;
