/**
 * Requests to the Messages API, made from a request of either form of OpenAI's API.
 *
 * <p>A {@link dev.warder.openai.messages.MessagesRequest} is made of {@link dev.warder.openai.messages.Block}s,
 * {@link dev.warder.openai.messages.Tool}s and parameters, and knows no dialect.
 * {@link dev.warder.openai.messages.MessagesRequestWriter} writes it as JSON. Member names of the Messages API are only there,
 * except for {@code thinking} and {@code cache_control}, which clients write in the API's own form, and for the forms of media
 * and tool choices, whose enums have the API's words.
 *
 * <p>The types that are the same in both forms read themselves: media, sampling, the choice of tools.
 */
@NullMarked
package dev.warder.openai.messages;

import org.jspecify.annotations.NullMarked;
