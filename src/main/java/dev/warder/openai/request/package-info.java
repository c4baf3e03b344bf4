/**
 * Reads requests in OpenAI's dialect and writes them for the Messages API.
 *
 * <p>The way of a request:
 *
 * <ol>
 *   <li>{@link dev.warder.openai.document.RequestDocument} parses the body, unless it has too many values.
 *   <li>{@link dev.warder.openai.request.ChatRequestReader} reads the document through
 *       {@link dev.warder.openai.document.Members}, which remember what was read. A member that the Messages API cannot
 *       express refuses the request with the path of the member; members that nothing reads are listed as
 *       {@linkplain dev.warder.openai.document.IgnoredMembers ignored}.
 *   <li>The result is a {@link dev.warder.openai.request.MessagesRequest} of {@link dev.warder.openai.request.Block}s,
 *       {@link dev.warder.openai.request.Tool}s and parameters, which knows no dialect.
 *   <li>{@link dev.warder.openai.request.MessagesRequestWriter} writes it as JSON. Member names of the Messages API are
 *       only there, except for {@code thinking} and {@code cache_control}, which clients write in the API's own form, and for
 *       the forms of media and tool choices, whose enums have the API's words.
 * </ol>
 *
 * <p>A second dialect is a second reader: it needs its own readers of messages and tools, and shares the records, the
 * media, the schemas and the writer. The parts of a request that decide the shape of its response are the
 * {@link dev.warder.openai.request.ChatContext}.
 */
@NullMarked
package dev.warder.openai.request;

import org.jspecify.annotations.NullMarked;
