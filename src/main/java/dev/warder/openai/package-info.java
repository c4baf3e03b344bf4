/**
 * OpenAI's dialect, chat completions, responses and the list of models, translated to the Messages API and back.
 *
 * <p>{@link dev.warder.openai.OpenAiFilter} asks the exchange to translate a request, by a {@link
 * dev.warder.openai.DocumentTranslation}. {@link dev.warder.openai.ChatRequestReader} reads a chat completion, and {@link
 * dev.warder.openai.responses} a request of the Responses API. Every member of a request is translated, listed for {@code
 * X-Warder-Ignored}, or refuses the request with its name.
 *
 * <p>A {@link dev.warder.openai.Reply} has the response written: that of a chat by {@link dev.warder.openai.ChatStream} event
 * by event, or by {@link dev.warder.openai.ChatCompletion} as a whole. {@link dev.warder.openai.ModelsTranslator} translates
 * lists of models.
 *
 * <p>The packages below this one depend on neither servlets nor the network. {@link dev.warder.openai.shared} has what chats
 * and {@code responses} both use.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
