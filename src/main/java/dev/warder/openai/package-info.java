/**
 * OpenAI's dialect, chat completions, responses and the list of models, translated to the Messages API and back.
 *
 * <p>{@link dev.warder.openai.OpenAiFilter} asks the exchange to translate a request. {@link dev.warder.openai.ChatTranslator}
 * has a chat completion read and written in {@link dev.warder.openai.chat}, {@link dev.warder.openai.ResponsesTranslator} a
 * request of the Responses API in {@link dev.warder.openai.responses}. Every member of a request is translated, listed for {@code
 * X-Warder-Ignored}, or refuses the request with its name. Lists of models are translated by {@link
 * dev.warder.openai.ModelsTranslator}.
 *
 * <p>The packages below this one depend on neither servlets nor the network. {@code responses} uses the request to the Messages
 * API of {@code chat}; both use {@link dev.warder.openai.shared}.
 */
@NullMarked
package dev.warder.openai;

import org.jspecify.annotations.NullMarked;
