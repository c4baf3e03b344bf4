/**
 * OpenAI's dialect, chat completions, responses and the list of models, translated to the Messages API and back.
 *
 * <p>{@link dev.warder.openai.OpenAiFilter} asks the exchange to translate a request. A {@link
 * dev.warder.openai.DocumentTranslation} has a chat completion read by {@link dev.warder.openai.ChatRequestReader}, and a request of the
 * Responses API in {@link dev.warder.openai.responses}; a {@link dev.warder.openai.Reply} has the response written, of a chat by
 * {@link dev.warder.openai.ChatStream} (its events) or {@link dev.warder.openai.ChatCompletion} (a whole message). Every member of a request is translated, listed for {@code X-Warder-Ignored}, or refuses the request with its name. Lists of models
 * are translated by {@link dev.warder.openai.ModelsTranslator}.
 *
 * <p>The packages below this one depend on neither servlets nor the network. What chats and {@code responses} both do is
 * in {@link dev.warder.openai.shared}.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
